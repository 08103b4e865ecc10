import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export type ProxiedRequest = { method: string; path: string; headers: http.IncomingHttpHeaders; body: string };

/** Which requests a fault applies to; without it, all, for ever. */
export type When = { times?: number; matching?: (request: ProxiedRequest) => boolean };

/** A fault in place. `met`: resolves at its first hit. */
export type Placed = { hits(): number; met: Promise<void>; lift(): void };

/** An answer that does not come from the upstream. */
type Answer = { status: number; headers?: http.OutgoingHttpHeaders; body?: string };

type Fault =
  | { kind: 'watch' | 'drop' | 'cut' | 'hang' | 'fail_after' }
  | { kind: 'delay'; ms: number }
  | { kind: 'overtake'; by: () => Promise<unknown> }
  | ({ kind: 'instead' } & Answer);

/** `executed`: requests that the upstream answered, also if the answer was lost. `spoiled`: requests with a fault. */
type ProxyCounts = { received: number; executed: number; spoiled: number };

export type FaultProxy = Awaited<ReturnType<typeof startFaultProxy>>;

/**
 * An HTTP proxy on loopback that puts faults between us and one upstream. Bodies are held as a whole, so that a fault
 * may depend on them and a dropped answer is certain to follow a finished request. The fault placed last is met first.
 * @param options `target`: `http://host:port` of the upstream
 */
export async function startFaultProxy({ target }: { target: string }) {
  const faults = placedFaults();
  const counts: ProxyCounts = { received: 0, executed: 0, spoiled: 0 };
  const timers = new Set<NodeJS.Timeout>();
  const server = http.createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy());
  });
  let port = 0;

  async function handle(incoming: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const request = await read(incoming);
    counts.received += 1;
    const fault = faults.meet(request);
    if (fault && fault.kind !== 'watch') counts.spoiled += 1;
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'cut') return void response.destroy();
    if (fault?.kind === 'instead') return void response.writeHead(fault.status, fault.headers).end(fault.body);
    if (fault?.kind === 'overtake') await fault.by();
    const answer = await forward(target, request);
    counts.executed += 1;
    if (fault?.kind === 'drop') return void response.destroy();
    if (fault?.kind === 'fail_after') return void response.writeHead(502).end();
    const send = () => void response.writeHead(answer.status, answer.headers).end(answer.body);
    if (fault?.kind !== 'delay') return send();
    const timer = setTimeout(() => timers.delete(timer) && send(), fault.ms);
    timers.add(timer);
  }

  const up = async () => {
    if (server.listening) return;
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  /** Connections are refused and those open are reset, until `up`. */
  const down = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };

  await up();
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    /** `host:port`, for the list of allowed private hosts. */
    host: `127.0.0.1:${port}`,
    ...faultsBy(faults),
    counts: (): ProxyCounts => ({ ...counts }),
    down,
    up,
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      await down();
    },
  };
}

function faultsBy({ place, lift }: Pick<ReturnType<typeof placedFaults>, 'place' | 'lift'>) {
  const answer = (given: Answer, when?: When) => place({ kind: 'instead', ...given }, when);
  return {
    /** Lifts every fault. */
    pass: lift,
    /** Counts requests, and spoils nothing. */
    watch: (when?: When) => place({ kind: 'watch' }, when),
    /** The upstream has done it; the connection breaks before a byte of the answer. */
    dropAnswers: (when?: When) => place({ kind: 'drop' }, when),
    /** The upstream has done it; a gateway says 502. */
    failAnswers: (when?: When) => place({ kind: 'fail_after' }, when),
    /** The upstream has done it at once; the answer comes so much later. */
    delayAnswers: (ms: number, when?: When) => place({ kind: 'delay', ms }, when),
    /** Somebody else does something just before the upstream sees the request. */
    overtake: (by: () => Promise<unknown>, when?: When) => place({ kind: 'overtake', by }, when),
    /** An answer to a request that the upstream never sees. */
    answer,
    /** 429. `retryAfter` as the header has it: seconds or a date; none when undefined. */
    limitRate: (retryAfter: number | string | undefined, when?: When) =>
      answer(
        { status: 429, ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }) },
        when,
      ),
    /** 503, or another status. */
    refuse: (status = 503, when?: When) => answer({ status }, when),
    /** 200 with a page for people. */
    answerHtml: (when?: When) =>
      answer(
        { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Be right back</title>' },
        when,
      ),
    /** No answer ever comes; the upstream never sees the request. */
    hang: (when?: When) => place({ kind: 'hang' }, when),
    /** The connection breaks before the upstream sees the request. */
    cut: (when?: When) => place({ kind: 'cut' }, when),
  };
}

function placedFaults() {
  type Entry = Required<When> & { fault: Fault; hits: number; meet: () => void };
  let entries: Entry[] = [];
  return {
    place: (fault: Fault, { times = Infinity, matching = () => true }: When = {}): Placed => {
      const { promise: met, resolve: meet } = promiseOf();
      const entry: Entry = { fault, times, matching, hits: 0, meet };
      entries = [entry, ...entries];
      return { hits: () => entry.hits, met, lift: () => void (entries = entries.filter((other) => other !== entry)) };
    },
    lift: (): void => void (entries = []),
    meet: (request: ProxiedRequest): Fault | undefined => {
      const entry = entries.find(({ times, hits, matching }) => hits < times && matching(request));
      if (!entry) return undefined;
      entry.hits += 1;
      entry.meet();
      return entry.fault;
    },
  };
}

function promiseOf() {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

async function read(incoming: http.IncomingMessage): Promise<ProxiedRequest> {
  const { method = 'GET', url = '/', headers } = incoming;
  return { method, path: url, headers, body: (await bytesOf(incoming)).toString() };
}

async function forward(target: string, { method, path, headers, body }: ProxiedRequest) {
  const { 'transfer-encoding': _chunked, ...passed } = headers;
  const request = http.request(new URL(path, target), {
    method,
    headers: { ...passed, host: new URL(target).host, connection: 'close', 'content-length': Buffer.byteLength(body) },
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const answer = await bytesOf(response);
  const { 'transfer-encoding': _framing, connection: _connection, ...answered } = response.headers;
  return {
    status: response.statusCode ?? 502,
    headers: { ...answered, 'content-length': String(answer.length) },
    body: answer,
  };
}

async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
