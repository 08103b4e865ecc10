import { appendFileSync, existsSync, fsyncSync, openSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { CallbackEntry, CallbackHold, CallbackMode, CallbackOrder, CallbackStart } from './callback-shop.ts';

// A merchant's own endpoint, in its own process, so that it and its ledger survive the processes that a test kills.

let modes: CallbackMode[] = ['ok'];
/** The last mode applies to all further requests. */
const nextMode = (): CallbackMode => (modes.length > 1 ? modes.shift() : modes[0]) ?? 'ok';

type Held = { how: CallbackHold; deeds: (() => void)[] };
/** Holds by path. */
const holds = new Map<string, Held>();

/** Holds a message back. The caller waits too, or gets 202 or 503 at once. */
function holdBack(held: Held, response: http.ServerResponse, act: { answered: () => void; unheard: () => void }): void {
  const { how, deeds } = held;
  deeds.push(how === 'waiting' ? act.answered : act.unheard);
  if (how !== 'waiting') response.writeHead(how === 'lost' ? 503 : 202).end();
  // Refuse the caller only once; it sends the message again.
  if (how === 'lost') held.how = 'queued';
}

function letGo(path: string, which: 'newest' | 'all'): void {
  const deeds = holds.get(path)?.deeds ?? [];
  if (which === 'newest') return deeds.pop()?.();
  holds.delete(path);
  for (const deed of deeds.reverse()) deed();
}

function serve({ ledgerPath, secret, port }: CallbackStart): void {
  const webhook = new Webhook(secret);
  const file = openSync(ledgerPath, 'a');
  const done = new Set(
    entriesOf(ledgerPath)
      .filter(({ outcome }) => outcome === 'done')
      .map(({ webhookId }) => webhookId),
  );

  /** The ledger is on disk before the caller gets its answer. */
  const note = (entry: CallbackEntry) => {
    appendFileSync(file, `${JSON.stringify(entry)}\n`);
    fsyncSync(file);
  };

  const lost = new Map<string, number>();
  const meant = (mode: CallbackMode, webhookId: string): Meant => {
    if (typeof mode === 'string' || !('lose' in mode)) return mode;
    const times = lost.get(webhookId) ?? 0;
    if (times >= mode.atMost) return 'ok';
    lost.set(webhookId, times + 1);
    return mode.lose;
  };

  const take = (headers: http.IncomingHttpHeaders, body: string, mode: Meant): CallbackEntry['outcome'] => {
    const webhookId = String(headers['webhook-id'] ?? '');
    const message = verified(webhook, headers, body);
    const refused = isRefusal(mode, message);
    const outcome = !message ? 'forged' : refused ? 'refused' : done.has(webhookId) ? 'repeated' : 'done';
    if (outcome === 'done') done.add(webhookId);
    note({ webhookId, outcome, message: message ?? null, at: new Date().toISOString() });
    return outcome;
  };

  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      const answered = () => {
        const mode = meant(nextMode(), String(request.headers['webhook-id'] ?? ''));
        const outcome = take(request.headers, body, mode);
        const isFine = typeof mode === 'object' && 'refuseSkus' in mode && outcome !== 'refused';
        answer(response, outcome === 'forged' ? 'unauthorized' : isFine ? 'ok' : mode);
      };
      const held = holds.get(request.url ?? '');
      if (held) holdBack(held, response, { answered, unheard: () => void take(request.headers, body, 'ok') });
      else answered();
    });
  });
  server.listen(port, '127.0.0.1', () => {
    process.send?.({ port: (server.address() as AddressInfo).port });
  });
}

function entriesOf(path: string): CallbackEntry[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as CallbackEntry);
}

function verified(webhook: Webhook, headers: http.IncomingHttpHeaders, body: string) {
  try {
    return webhook.verify(body, headers as Record<string, string>) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

const statuses: Record<string, number> = { ok: 200, fail: 500, fail_after_write: 500, gone: 410, unauthorized: 401 };

/** A mode that says by itself how this message is answered. */
type Meant = Exclude<CallbackMode, { lose: string }>;

function isRefusal(mode: Meant, message: Record<string, unknown> | undefined): boolean {
  if (typeof mode === 'string') return ['fail', 'gone', 'unauthorized'].includes(mode);
  if (!('refuseSkus' in mode)) return 'retryAfter' in mode;
  const items = (message?.['items'] ?? []) as { sku: string }[];
  return items.some(({ sku }) => mode.refuseSkus.includes(sku));
}

function answer(response: http.ServerResponse, mode: Meant): void {
  if (mode === 'drop') return void response.socket?.destroy();
  if (typeof mode === 'string') return void response.writeHead(statuses[mode] ?? 200).end();
  if ('refuseSkus' in mode) return void response.writeHead(mode.status).end();
  if ('retryAfter' in mode) return void response.writeHead(429, { 'retry-after': String(mode.retryAfter) }).end();
  setTimeout(() => response.writeHead(200).end(), mode.delayMs);
}

process.on('message', (order: CallbackOrder) => {
  if ('start' in order) return serve(order.start);
  if ('answer' in order) modes = [...order.answer];
  else if ('hold' in order) holds.set(order.path, { deeds: [], ...holds.get(order.path), how: order.hold });
  else if ('letGo' in order) letGo(order.path, order.letGo);
  process.send?.({ held: 'path' in order ? (holds.get(order.path)?.deeds.length ?? 0) : 0 });
});
// End with the test, however it ended.
process.on('disconnect', () => process.exit(0));
