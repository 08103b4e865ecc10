import { startEasyPostServer } from './easypost-server.ts';
import type { LabelServer, LabelServerOptions } from './labels/simulator.ts';
import { startShippoServer } from './shippo-server.ts';

// A provider of labels in its own process. It is asked by messages, one at a time (label-servers.ts).

export type LabelServerKind = 'easypost' | 'shippo';
export type LabelServerCall =
  | { start: LabelServerKind; options: LabelServerOptions }
  | { call: Exclude<keyof LabelServer, 'url' | 'host' | 'apiKey' | 'otherKey' | 'testKey'>; args: unknown[] };

let server: LabelServer | undefined;

async function answerTo(asked: LabelServerCall): Promise<unknown> {
  if ('start' in asked) {
    server = await (asked.start === 'easypost' ? startEasyPostServer : startShippoServer)(asked.options);
    const { url, host, apiKey, otherKey, testKey } = server;
    return { url, host, apiKey, otherKey, testKey };
  }
  const method = server?.[asked.call] as ((...args: unknown[]) => Promise<unknown>) | undefined;
  return method?.(...asked.args);
}

process.on('message', (asked: LabelServerCall) => {
  void answerTo(asked).then((answer) => process.send?.({ answer: answer ?? null }));
});
