import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';

let upstream: http.Server;
let seen: string[];
let proxy: FaultProxy;

beforeEach(async () => {
  seen = [];
  upstream = http.createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${body}`);
      response.writeHead(201, { 'x-upstream': 'yes', 'set-cookie': ['a=1', 'b=2'] });
      response.write('done ');
      response.end(body);
    });
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  proxy = await startFaultProxy({ target: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}` });
});
afterEach(async () => {
  await proxy.close();
  upstream.closeAllConnections();
  upstream.close();
});

const post = (body: string, path = '/orders?page=1') => fetch(`${proxy.url}${path}`, { method: 'POST', body });
const fails = (call: Promise<unknown>) =>
  call.then(
    () => false,
    () => true,
  );

describe('the fault proxy', () => {
  it('passes method, path, body, status and headers while no fault is placed', async () => {
    const answer = await post('{"name":"Łódź"}');

    expect([answer.status, answer.headers.get('x-upstream')]).toEqual([201, 'yes']);
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await answer.text()).toBe('done {"name":"Łódź"}');
    expect(seen).toEqual(['POST /orders?page=1 {"name":"Łódź"}']);
    expect(proxy.counts()).toEqual({ received: 1, executed: 1, spoiled: 0 });
  });

  it('drops so many matching answers, each after the upstream has executed it', async () => {
    const dropped = proxy.dropAnswers({ times: 1, matching: ({ body }) => body.includes('ship') });

    const results = [await fails(post('read')), await fails(post('ship')), await fails(post('ship'))];

    expect(results).toEqual([false, true, false]);
    expect(seen.map((line) => line.split(' ').at(-1))).toEqual(['read', 'ship', 'ship']);
    expect(dropped.hits()).toBe(1);
    expect(proxy.counts()).toEqual({ received: 3, executed: 3, spoiled: 1 });
  });

  it('matches method and path too, and stops when a fault is lifted', async () => {
    const refused = proxy.refuse(503, { matching: ({ method, path }) => method === 'POST' && path === '/hook' });

    const statuses = [(await post('', '/hook')).status, (await fetch(`${proxy.url}/hook`)).status];
    refused.lift();
    statuses.push((await post('', '/hook')).status);

    expect(statuses).toEqual([503, 201, 201]);
  });

  it.each([
    ['limitRate', () => proxy.limitRate(7), 429],
    ['refuse', () => proxy.refuse(), 503],
    ['answerHtml', () => proxy.answerHtml(), 200],
  ])('answers %s instead of the upstream', async (_name, place, status) => {
    place();

    const answer = await post('x');

    expect(answer.status).toBe(status);
    expect(answer.headers.get('retry-after')).toBe(status === 429 ? '7' : null);
    expect(answer.headers.get('content-type')).toBe(status === 200 ? 'text/html' : null);
    expect(seen).toEqual([]);
  });

  it('delays an answer whose request was executed at once', async () => {
    proxy.delayAnswers(60_000, { times: 1 });

    const late = await fails(fetch(proxy.url, { method: 'POST', body: 'late', signal: AbortSignal.timeout(200) }));

    expect([late, seen]).toEqual([true, ['POST / late']]);
  });

  it('cuts a call before the upstream sees it, and says 502 after it did', async () => {
    proxy.failAnswers({ times: 1 });
    proxy.cut({ times: 1 });

    expect(await fails(post('cut'))).toBe(true);
    expect((await post('same')).status).toBe(502);
    expect(seen).toEqual(['POST /orders?page=1 same']);
  });

  it('lets something happen just before the upstream sees a request', async () => {
    proxy.overtake(async () => seen.push('first'), { matching: ({ body }) => body === 'overtaken' });

    const answer = await post('overtaken');

    expect(answer.status).toBe(201);
    expect(seen).toEqual(['first', 'POST /orders?page=1 overtaken']);
  });

  it('hangs, and says when a request has come', async () => {
    const hung = proxy.hang({ times: 1 });
    const cancellation = new AbortController();

    const call = fails(fetch(proxy.url, { signal: cancellation.signal }));
    await hung.met;
    cancellation.abort();

    expect([await call, hung.hits(), seen]).toEqual([true, 1, []]);
  });

  it('answers as it is set to, and counts the requests that it only watches', async () => {
    const watched = proxy.watch({ matching: ({ body }) => body === 'watched' });
    proxy.answer({ status: 418, headers: { 'x-kind': 'teapot' }, body: 'short' }, { matching: ({ body }) => !body });

    const answer = await fetch(proxy.url);
    await post('watched');

    expect([answer.status, answer.headers.get('x-kind'), await answer.text()]).toEqual([418, 'teapot', 'short']);
    expect(watched.hits()).toBe(1);
    expect(proxy.counts()).toEqual({ received: 2, executed: 1, spoiled: 1 });
  });

  it('is down until it is up again, on the same port', async () => {
    await proxy.down();
    const whileDown = await fails(post('x'));
    await proxy.up();

    expect([whileDown, (await post('y')).status]).toEqual([true, 201]);
    expect(seen).toEqual(['POST /orders?page=1 y']);
  });
});
