import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { ChannelError } from '../../../activities/channels/channel.ts';
import {
  classifyNetworkFailure,
  createSafeFetch,
  faultOfStatus,
  type Resolve,
} from '../../../activities/channels/safe-fetch.ts';
import { privateUrls } from './private-urls.ts';

const privateAddress = { kind: 'invalid', field: 'url', code: 'private_address' };

const faultOf = (error: unknown) => {
  if (error instanceof ChannelError) return error.fault;
  throw error;
};
const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => Promise.reject(new Error('The call should have failed.')),
    (error: unknown) => error,
  );

type Listener = { port: number; hits: () => number; close: () => Promise<void> };

/** Counts connections, not requests: a handshake is already a hit. */
async function startListener(host: string, port = 0): Promise<Listener> {
  let hits = 0;
  const server = net.createServer((socket) => {
    hits += 1;
    socket.on('error', () => undefined).destroy();
  });
  server.listen(port, host);
  await once(server, 'listening');
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { port: (server.address() as AddressInfo).port, hits: () => hits, close };
}

async function startShop(answer: http.RequestListener) {
  const server = http.createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { host: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}/`, close };
}

const namesOf =
  (...answers: string[][]): Resolve =>
  (_hostname, found) => {
    const addresses = answers.length > 1 ? answers.shift() : answers[0];
    found(
      null,
      (addresses ?? []).map((address) => ({ address, family: net.isIPv6(address) ? 6 : 4 })),
    );
  };

describe('reaching a URL that a merchant gave', () => {
  let listeners: Listener[];
  const hits = () => listeners.reduce((sum, listener) => sum + listener.hits(), 0);

  beforeAll(async () => {
    const first = await startListener('127.0.0.1');
    listeners = [first, await startListener('::1', first.port)];
    // The default port of https. Not each user may listen there; then the faults alone show the refusal.
    listeners.push(
      ...(await startListener('::', 443).then(
        (listener) => [listener],
        () => [],
      )),
    );
  });
  afterAll(() => Promise.all(listeners.map((listener) => listener.close())));

  it('refuses every form of a private address, and connects to none', async () => {
    const fetch = createSafeFetch({ allowedPrivateHosts: [], resolve: namesOf(['127.0.0.1']) });
    const urls = privateUrls(listeners[0]?.port ?? 0);

    const faults = await Promise.all(
      urls.map(async (url) => [url, faultOf(await failureOf(fetch(url, { method: 'POST', body: '{}' })))]),
    );

    expect(urls.length).toBeGreaterThanOrEqual(60);
    expect(faults).toEqual(urls.map((url) => [url, privateAddress]));
    expect(hits()).toBe(0);
  });

  it.each([
    ['only private', ['10.0.0.1']],
    ['private beside public', ['93.184.216.34', '127.0.0.1']],
    ['IPv6 loopback', ['::1']],
    ['a mapped one', ['::ffff:127.0.0.1']],
    ['a scoped one', ['fe80::1%eth0']],
  ])('refuses a name whose addresses are %s', async (_case, addresses) => {
    const fetch = createSafeFetch({ allowedPrivateHosts: [], resolve: namesOf(addresses) });

    expect(faultOf(await failureOf(fetch('https://shop.example/')))).toEqual(privateAddress);
    expect(hits()).toBe(0);
  });

  it('refuses another port than 443 before it looks up the name', async () => {
    let lookups = 0;
    const resolve: Resolve = (_hostname, found) => {
      lookups += 1;
      found(null, [{ address: '3ffe::1', family: 6 }]);
    };
    const fetch = createSafeFetch({ allowedPrivateHosts: [], resolve, timeoutMs: 100 });

    expect(faultOf(await failureOf(fetch('https://shop.example:8443/')))).toEqual(privateAddress);
    expect(lookups).toBe(0);
  });

  it('checks a name on each call, so one that changes its mind later is refused then', async () => {
    // A public address that nobody has any more (the 6bone), so the first call fails on its own.
    const resolve = namesOf(['3ffe::1'], ['127.0.0.1']);
    const fetch = createSafeFetch({ allowedPrivateHosts: [], resolve, timeoutMs: 100 });

    const first = classifyNetworkFailure(await failureOf(fetch('https://shop.example/')), { wrote: false });
    const second = await failureOf(fetch('https://shop.example/'));

    expect(first.fault).toEqual({ kind: 'unavailable' });
    expect(faultOf(second)).toEqual(privateAddress);
    expect(hits()).toBe(0);
  });

  it('never follows a redirect, wherever it leads', async () => {
    const location = `http://127.0.0.1:${listeners[0]?.port}/`;
    const shop = await startShop((_request, response) => response.writeHead(302, { location }).end());
    const fetch = createSafeFetch({ allowedPrivateHosts: [shop.host] });

    const answer = await fetch(shop.url);
    await shop.close();

    expect(answer.status).toBe(302);
    expect(faultOfStatus(answer, { wrote: false })?.fault).toEqual({
      kind: 'invalid',
      field: 'url',
      code: 'redirected',
    });
    expect(hits()).toBe(0);
  });
});

describe('an allowed private host', () => {
  it('is reached by http, with method, headers and body', async () => {
    const shop = await startShop((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { method, headers } = request;
        response.writeHead(201, { 'content-type': 'application/json', 'x-answer': 'yes' });
        response.end(JSON.stringify({ method, key: headers['x-key'], body: Buffer.concat(parts).toString() }));
      });
    });
    const fetch = createSafeFetch({ allowedPrivateHosts: [shop.host] });

    const answer = await fetch(shop.url, { method: 'POST', headers: { 'x-key': 'k' }, body: 'Łódź' });
    await shop.close();

    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-answer')).toBe('yes');
    expect(await answer.json()).toEqual({ method: 'POST', key: 'k', body: 'Łódź' });
  });

  it('is allowed on that port alone', async () => {
    const fetch = createSafeFetch({ allowedPrivateHosts: ['127.0.0.1:1'] });

    expect(faultOf(await failureOf(fetch('http://127.0.0.1:2/')))).toEqual(privateAddress);
  });

  it('may answer without a body', async () => {
    const shop = await startShop((_request, response) => response.writeHead(204).end());

    const answer = await createSafeFetch({ allowedPrivateHosts: [shop.host] })(shop.url);
    await shop.close();

    expect([answer.status, await answer.text()]).toEqual([204, '']);
  });
});

describe('the limits of a call', () => {
  const large = Buffer.alloc(200_000, 'x');

  it.each([
    ['plain', {}, large],
    ['compressed', { 'content-encoding': 'gzip' }, gzipSync(large)],
  ])('stop a %s body that is too large', async (_case, headers, body) => {
    const shop = await startShop((_request, response) => response.writeHead(200, headers).end(body));
    const read = (maxBodyBytes: number) =>
      createSafeFetch({ allowedPrivateHosts: [shop.host], maxBodyBytes })(shop.url);

    const error = await failureOf(read(large.length - 1));
    const whole = await (await read(large.length)).text();
    await shop.close();

    expect(classifyNetworkFailure(error, { wrote: true }).fault).toEqual({ kind: 'unknown_outcome' });
    expect(whole).toHaveLength(large.length);
  });

  it.each([
    ['before the answer', () => undefined],
    ['inside the body', (response: http.ServerResponse) => void response.writeHead(200).write('{')],
  ])('stop a shop that stalls %s', async (_case, begin) => {
    const shop = await startShop((_request, response) => begin(response));
    const fetch = createSafeFetch({ allowedPrivateHosts: [shop.host], timeoutMs: 150 });

    const error = await failureOf(fetch(shop.url, { method: 'POST', body: '{}' }));
    await shop.close();

    expect(classifyNetworkFailure(error, { wrote: true }).fault).toEqual({ kind: 'unknown_outcome' });
    expect(classifyNetworkFailure(error, { wrote: false }).fault).toEqual({ kind: 'unavailable' });
  });

  it("end with the caller's signal, whose reason passes through as it is", async () => {
    const caller = new AbortController();
    const reason = Object.assign(new Error('cancelled'), { name: 'CancelledFailure' });
    const shop = await startShop(() => caller.abort(reason));
    const fetch = createSafeFetch({ allowedPrivateHosts: [shop.host] });

    const error = await failureOf(fetch(shop.url, { signal: caller.signal }));
    const early = await failureOf(fetch(shop.url, { signal: caller.signal }));
    await shop.close();

    expect(error).toBe(reason);
    expect(early).toBe(reason);
    expect(() => classifyNetworkFailure(error, { wrote: true })).toThrow(reason);
  });
});

describe('a call without an answer', () => {
  it('has an unknown outcome once a write was sent, and none while nothing was', async () => {
    const shop = await startShop((request) => request.socket.destroy());
    const fetch = createSafeFetch({ allowedPrivateHosts: [shop.host] });
    const cut = await failureOf(fetch(shop.url, { method: 'POST', body: '{}' }));
    await shop.close();
    const nobody = await failureOf(fetch(shop.url, { method: 'POST', body: '{}' }));

    expect(classifyNetworkFailure(cut, { wrote: true }).fault).toEqual({ kind: 'unknown_outcome' });
    expect(classifyNetworkFailure(cut, { wrote: false }).fault).toEqual({ kind: 'unavailable' });
    expect(classifyNetworkFailure(nobody, { wrote: true }).fault).toEqual({ kind: 'unavailable' });
  });

  it('keeps the text of the failure out of the fault', () => {
    const fault = classifyNetworkFailure(new Error('secret of jane@example.com'), { wrote: false });

    expect(`${fault.message} ${fault.stack} ${JSON.stringify(fault)}`).not.toMatch(/secret|jane/);
  });
});
