import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * How the endpoint answers. `drop` and `fail_after_write` have done it by then, and so has a delayed answer; `fail`,
 * `gone`, `unauthorized` and `retryAfter` (a 429, in seconds) have not. `refuseSkus`: the status for every message with
 * an item of those, 200 for others.
 */
export type CallbackMode =
  | 'ok'
  | 'drop'
  | 'fail'
  | 'fail_after_write'
  | 'gone'
  | 'unauthorized'
  | { delayMs: number }
  | { retryAfter: number }
  | { refuseSkus: string[]; status: number };

/**
 * What becomes of messages that are held. `waiting`: the caller is. `queued`: it hears 202, as from an endpoint that
 * works its messages off later. `lost`: the same, but the first caller hears 503.
 */
export type CallbackHold = 'waiting' | 'queued' | 'lost';

/** One request as the ledger keeps it. `repeated`: its id was done before; `forged`: the signature did not fit. */
export type CallbackEntry = {
  webhookId: string;
  outcome: 'done' | 'repeated' | 'refused' | 'forged';
  message: Record<string, unknown> | null;
  at: string;
};
export type CallbackStart = { ledgerPath: string; secret: string; port: number };
export type CallbackOrder =
  | { start: CallbackStart }
  | { answer: CallbackMode[] }
  | { hold: CallbackHold; path: string }
  | { letGo: 'newest' | 'all'; path: string }
  | { count: 'held'; path: string };

export type CallbackShop = {
  url: string;
  /** `host:port`, for the list of allowed private hosts. */
  host: string;
  secret: string;
  ledger(): Promise<CallbackEntry[]>;
  /** What it was asked to do and did, each once. */
  done(): Promise<CallbackEntry[]>;
  /** The next requests are answered so, one each; the last answer stays. */
  answer(...modes: [CallbackMode, ...CallbackMode[]]): Promise<void>;
  /** What comes to this URL, `url` or one below it, is not done until it is let go. */
  hold(url: string, how: CallbackHold): Promise<void>;
  /** How many messages are. */
  held(url: string): Promise<number>;
  /** Does what is held, the newest first; all of it ends the hold. */
  letGo(url: string, which: 'newest' | 'all'): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts a merchant's own endpoint in its own process. It checks signatures, does what is new by `webhook-id` and keeps
 * an append-only ledger, synced line by line.
 */
export async function startCallbackShop(): Promise<CallbackShop> {
  const folder = mkdtempSync(path.join(tmpdir(), 'callback-shop-'));
  const ledgerPath = path.join(folder, 'ledger.jsonl');
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const child = fork(path.resolve('tests/support/fakes/callback-shop-process.ts'), [], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const told = async (order: CallbackOrder): Promise<unknown> => {
    const gone = exited.then(() => Promise.reject(new Error('The callback shop has ended.')));
    const answered = once(child, 'message');
    child.send(order);
    const [message] = (await Promise.race([answered, gone])) as [unknown];
    return message;
  };
  // One by one: an answer does not say what it is an answer to.
  let turn: Promise<unknown> = Promise.resolve();
  const ask = (order: CallbackOrder) => (turn = turn.then(() => told(order)));

  const { port } = (await ask({ start: { ledgerPath, secret, port: 0 } })) as { port: number };
  const ledger = async () => linesOf(await readFile(ledgerPath, 'utf8'));
  return {
    url: `http://127.0.0.1:${port}/vendor-portals`,
    host: `127.0.0.1:${port}`,
    secret,
    ledger,
    done: async () => (await ledger()).filter(({ outcome }) => outcome === 'done'),
    answer: async (...modes) => void (await ask({ answer: modes })),
    hold: async (url, hold) => void (await ask({ hold, path: new URL(url).pathname })),
    held: async (url) => ((await ask({ count: 'held', path: new URL(url).pathname })) as { held: number }).held,
    letGo: async (url, letGo) => void (await ask({ letGo, path: new URL(url).pathname })),
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const linesOf = (text: string): CallbackEntry[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as CallbackEntry);
