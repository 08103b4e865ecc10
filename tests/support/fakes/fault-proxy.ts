import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

type ProxiedRequest = { method: string; path: string; headers: http.IncomingHttpHeaders; body: string };

/** Which requests a fault applies to; without it, all, for ever. */
type When = { times?: number; matching?: (request: ProxiedRequest) => boolean };

/** A fault in place. */
type Placed = { hits(): number; lift(): void };

type Fault =
  | { kind: 'drop' | 'cut' | 'fail_after' }
  | { kind: 'delay'; ms: number }
  | { kind: 'instead'; status: number; headers: http.OutgoingHttpHeaders; body: string };

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
    if (fault) counts.spoiled += 1;
    if (fault?.kind === 'cut') return void response.destroy();
    if (fault?.kind === 'instead') return void response.writeHead(fault.status, fault.headers).end(fault.body);
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
  const instead = (status: number, headers: http.OutgoingHttpHeaders, body: string) =>
    ({ kind: 'instead', status, headers, body }) satisfies Fault;
  return {
    /** Lifts every fault. */
    pass: lift,
    /** The upstream has done it; the connection breaks before a byte of the answer. */
    dropAnswers: (when?: When) => place({ kind: 'drop' }, when),
    /** The upstream has done it; a gateway says 502. */
    failAnswers: (when?: When) => place({ kind: 'fail_after' }, when),
    /** The upstream has done it at once; the answer comes so much later. */
    delayAnswers: (ms: number, when?: When) => place({ kind: 'delay', ms }, when),
    /** 429, which the upstream never sees. `retryAfter` as the header has it: seconds or a date; none when undefined. */
    limitRate: (retryAfter: number | string | undefined, when?: When) =>
      place(instead(429, retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }, ''), when),
    /** 503, or another status, which the upstream never sees. */
    refuse: (status = 503, when?: When) => place(instead(status, {}, ''), when),
    /** 200 with a page for people, which the upstream never sees. */
    answerHtml: (when?: When) =>
      place(instead(200, { 'content-type': 'text/html' }, '<!doctype html><title>Be right back</title>'), when),
    /** The connection breaks before the upstream sees the request. */
    cut: (when?: When) => place({ kind: 'cut' }, when),
  };
}

function placedFaults() {
  type Entry = { fault: Fault; left: number; hits: number; matching: (request: ProxiedRequest) => boolean };
  let entries: Entry[] = [];
  return {
    place: (fault: Fault, { times = Infinity, matching = () => true }: When = {}): Placed => {
      const entry: Entry = { fault, left: times, hits: 0, matching };
      entries = [entry, ...entries];
      return { hits: () => entry.hits, lift: () => void (entries = entries.filter((other) => other !== entry)) };
    },
    lift: (): void => void (entries = []),
    meet: (request: ProxiedRequest): Fault | undefined => {
      const entry = entries.find(({ left, matching }) => left > 0 && matching(request));
      if (!entry) return undefined;
      entry.left -= 1;
      entry.hits += 1;
      return entry.fault;
    },
  };
}

async function read(incoming: http.IncomingMessage): Promise<ProxiedRequest> {
  const { method = 'GET', url = '/', headers } = incoming;
  return { method, path: url, headers, body: (await bytesOf(incoming)).toString() };
}

type Answer = { status: number; headers: http.IncomingHttpHeaders; body: Buffer };

async function forward(target: string, { method, path, headers, body }: ProxiedRequest): Promise<Answer> {
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
