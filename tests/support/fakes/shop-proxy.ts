import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * `lose`: the shop does the request, but the answer never arrives. `hang`: the shop does not get it and there is no
 * answer. `answer`: the proxy answers instead of the shop. `overtake`: another change in the shop comes just before.
 */
type ShopFaultKind =
  | { do: 'lose' }
  | { do: 'hang' }
  | { do: 'answer'; status: number; headers?: Record<string, string>; body?: string }
  | { do: 'overtake'; by: () => Promise<unknown> };
/** Applies once, to the first request whose body fits. */
type ShopFault = ShopFaultKind & { when?: (body: string) => boolean };

export type ShopProxy = Awaited<ReturnType<typeof startShopProxy>>;

/** A proxy between a connector and a shop. It passes on all requests without a fault. */
export async function startShopProxy(target: string) {
  let faults: ShopFault[] = [];
  let bodies: string[] = [];
  let waiting: { fits: (body: string) => boolean; resolve: () => void }[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request);
    bodies.push(body.toString());
    for (const waiter of waiting) if (waiter.fits(body.toString())) waiter.resolve();
    const fault = faults.find(({ when }) => when?.(body.toString()) ?? true);
    faults = faults.filter((other) => other !== fault);
    if (fault?.do === 'hang') return;
    if (fault?.do === 'answer') {
      response.writeHead(fault.status, fault.headers).end(fault.body ?? '');
      return;
    }
    if (fault?.do === 'overtake') await fault.by();
    const answer = await forward(target, request, body);
    if (fault?.do === 'lose') return void response.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    spoil: (fault: ShopFault) => void faults.push(fault),
    /** Resolves when the next matching request has arrived. */
    reached: (fits: (body: string) => boolean) =>
      new Promise<void>((resolve) => {
        waiting = [{ fits, resolve }];
      }),
    /** Bodies of the requests since the last call; it also removes faults that did not apply. */
    take(): string[] {
      const taken = bodies;
      bodies = [];
      faults = [];
      return taken;
    },
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

/** Headers that belong to one connection, or that the next hop makes itself. */
const hopHeaders = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'content-encoding',
  'keep-alive',
]);

async function forward(target: string, request: IncomingMessage, body: Buffer<ArrayBuffer>) {
  const headers = Object.entries(request.headers).filter(([name]) => !hopHeaders.has(name)) as [string, string][];
  const answer = await fetch(new URL(request.url ?? '/', target), {
    method: request.method ?? 'GET',
    headers: [...headers, ['connection', 'close'], ['accept-encoding', 'identity']],
    ...(body.length > 0 && { body }),
  });
  const passed = [...answer.headers].filter(([name]) => !hopHeaders.has(name));
  return { status: answer.status, headers: Object.fromEntries(passed), body: Buffer.from(await answer.arrayBuffer()) };
}
