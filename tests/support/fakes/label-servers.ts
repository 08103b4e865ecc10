import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { LabelServerCall, LabelServerKind } from './label-server-process.ts';
import type { LabelServer, LabelServerOptions } from './labels/simulator.ts';

export { startEasyPostServer } from './easypost-server.ts';
export { startShippoServer } from './shippo-server.ts';

/** Starts a provider in its own process, so that it and its ledger survive what a test kills and does not share its loop. */
export async function startLabelProcess(kind: LabelServerKind, options: LabelServerOptions = {}): Promise<LabelServer> {
  const child = fork(path.resolve('tests/support/fakes/label-server-process.ts'), [], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const send = async (asked: LabelServerCall): Promise<unknown> => {
    const gone = exited.then(() => Promise.reject(new Error('The provider of labels has ended.')));
    const answered = once(child, 'message');
    child.send(asked);
    const [message] = (await Promise.race([answered, gone])) as [{ answer: unknown }];
    return message.answer;
  };
  // One by one, since an answer does not name its question.
  let turn: Promise<unknown> = Promise.resolve();
  const ask = (asked: LabelServerCall) => (turn = turn.then(() => send(asked)));
  const facts = (await ask({ start: kind, options })) as Pick<
    LabelServer,
    'url' | 'host' | 'apiKey' | 'otherKey' | 'testKey'
  >;
  const call = (name: Extract<LabelServerCall, { call: string }>['call']) =>
    ((...args: unknown[]) => ask({ call: name, args })) as never;
  return {
    ...facts,
    ledger: call('ledger'),
    purchases: call('purchases'),
    requests: call('requests'),
    set: call('set'),
    revoke: call('revoke'),
    scan: call('scan'),
    endRefunds: call('endRefunds'),
    finishQueued: call('finishQueued'),
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
