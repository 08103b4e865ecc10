import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * How the endpoint answers. With `drop`, `fail_after_write` and a delayed answer it has taken the message; with `fail`,
 * `gone`, `unauthorized` and `retryAfter` (a 429, in seconds) it has not. `refuseSkus`: the status for a message with one
 * of these items; other messages get 200. `lose`: the answer is lost, unless that of this message was lost `atMost` times
 * before: what loses all answers for ever never comes to rest.
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
  | { lose: 'drop' | 'fail_after_write'; atMost: number }
  | { refuseSkus: string[]; status: number };

/**
 * What the caller of a held message gets. `waiting`: no answer yet. `queued`: 202, as from an endpoint that works on its
 * messages later. `lost`: the first caller gets 503, later ones 202.
 */
export type CallbackHold = 'waiting' | 'queued' | 'lost';

/** A request in the ledger. `repeated`: its id was done before. `forged`: the signature was wrong. */
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
  /** The messages that it has done, each once. */
  done(): Promise<CallbackEntry[]>;
  /** Sets the answers of the next requests, in order; the last one applies to all further requests. */
  answer(...modes: [CallbackMode, ...CallbackMode[]]): Promise<void>;
  /** Holds messages to this URL, `url` or one below it, until `letGo`. */
  hold(url: string, how: CallbackHold): Promise<void>;
  /** How many messages are held. */
  held(url: string): Promise<number>;
  /** Does held messages, the newest first; `all` ends the hold. */
  letGo(url: string, which: 'newest' | 'all'): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts a merchant's own endpoint in its own process. It checks signatures, does each `webhook-id` once and writes an
 * append-only ledger, synced line by line.
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
  const send = async (order: CallbackOrder): Promise<unknown> => {
    const gone = exited.then(() => Promise.reject(new Error('The callback shop has ended.')));
    const answered = once(child, 'message');
    child.send(order);
    const [message] = (await Promise.race([answered, gone])) as [unknown];
    return message;
  };
  // One by one, since an answer does not name its question.
  let turn: Promise<unknown> = Promise.resolve();
  const ask = (order: CallbackOrder) => (turn = turn.then(() => send(order)));

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
