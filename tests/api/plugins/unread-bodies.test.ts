import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, beforeAll, describe, it } from '@jest/globals';
import { buildApp } from '../../../api/app.ts';
import { atTheEnd, forTheFile } from '../../support/engine/for-the-file.ts';
import { sendRaw } from '../../support/engine/raw-http.ts';
import { openApi, type Caller } from '../../support/engine/test-api.ts';

const api = forTheFile(() => openApi());
let url: string;
let owner: Caller;
beforeAll(async () => {
  url = await api.app.listen({ host: '127.0.0.1', port: 0 });
  owner = await api.anAccount();
});

/** One connection for all requests of a test. */
function aConnection() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  atTheEnd(async () => agent.destroy());
  return async (method: string, path: string, { headers = {}, parts = [] as (string | Buffer)[] } = {}) => {
    const sent = request(`${url}${path}`, {
      method,
      agent,
      timeout: 5_000,
      headers: { authorization: `Bearer ${owner.key}`, ...headers },
    });
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve).once('error', reject);
      sent.once('timeout', () => sent.destroy(new Error('There is no answer.')));
    });
    for (const part of parts) sent.write(part);
    sent.end();
    const response = await answer;
    return { status: response.statusCode, body: await text(response) };
  };
}

const problemType = 'application/problem+json; charset=utf-8';
const formType = { 'content-type': 'multipart/form-data; boundary=edge' };
const head = '--edge\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nsku,physical_on_hand\n';
const end = '\r\n--edge--\r\n';
const rows = (bytes: number) => Buffer.alloc(bytes, 'NONE,1\n');
const field = (bytes: number) =>
  `--edge\r\nContent-Disposition: form-data; name="comment"\r\n\r\n${'x'.repeat(bytes)}\r\n`;
const mib = 1024 * 1024;
const times = <T>(count: number, part: T): T[] => Array.from({ length: count }, () => part);

describe('a request that is answered before its body was read', () => {
  it.each<[string, { headers: Record<string, string>; parts: (string | Buffer)[]; status: number }]>([
    [
      'a form with more after its end',
      { headers: formType, parts: [`${head}NONE,1${end}${'x'.repeat(300_000)}`], status: 200 },
    ],
    [
      'a form that is refused before it is read',
      { headers: { ...formType, 'idempotency-key': 'k'.repeat(2_000) }, parts: [head, rows(mib), end], status: 400 },
    ],
    [
      'a file that is refused, and too large',
      { headers: { 'content-type': 'text/csv' }, parts: ['sku,nothing\n', ...times(45, rows(mib))], status: 422 },
    ],
    [
      'a form that is too large by its fields',
      { headers: formType, parts: [...times(45, field(mib)), head, 'NONE,1', end], status: 413 },
    ],
    [
      'JSON that is too large',
      { headers: { 'content-type': 'application/json' }, parts: times(9, Buffer.alloc(mib, ' ')), status: 413 },
    ],
  ])('does not hold up the next on its connection: %s', async (_what, { headers, parts, status }) => {
    const send = aConnection();

    const refused = await send('POST', '/v1/stock/batch', { headers, parts });
    const next = await send('GET', '/v1/me');

    expect([refused.status, next.status]).toEqual([status, 200]);
  });
});

describe('a request of which not all arrives', () => {
  const bodyMs = 300;
  let slow: string;
  beforeAll(async () => {
    const app = await buildApp({ ...api.app.deps, bodyMs });
    atTheEnd(() => app.close());
    slow = await app.listen({ host: '127.0.0.1', port: 0 });
  });

  it.each([
    ['JSON', '/v1/warehouses', 'application/json'],
    ['a picture', '/v1/brand/logo', 'image/png'],
    ['of a caller without a key', '/v1/session', 'application/json'],
  ])('is closed with 408 after some time: %s', async (_what, path, type) => {
    const method = path.endsWith('logo') ? 'PUT' : 'POST';
    const head = [
      `${method} ${path} HTTP/1.1`,
      'host: api.test',
      `authorization: Bearer ${owner.key}`,
      `content-type: ${type}`,
      'content-length: 2000',
    ];

    const answer = await sendRaw(slow, `${head.join('\r\n')}\r\n\r\n{"name":"Nor`);

    expect([answer.status, answer.headers['content-type']]).toEqual([408, problemType]);
    expect(JSON.parse(answer.body)).toMatchObject({
      code: 'request_timeout',
      instance: answer.headers['x-request-id'],
    });
    await answer.closed;
  });
});

describe('bytes that are no request', () => {
  const host = 'host: api.test\r\n';

  it.each([
    ['no HTTP', 'GARBAGE\r\n\r\n', 400],
    ['a method that HTTP does not know', `BREW /v1/me HTTP/1.1\r\n${host}\r\n`, 400],
    ['two lengths', `POST /v1/keys HTTP/1.1\r\n${host}content-length: 1\r\ncontent-length: 2\r\n\r\n`, 400],
    ['no host', 'GET /v1/me HTTP/1.1\r\n\r\n', 400],
    ['a path that cannot be read', `GET /v1/%zz HTTP/1.1\r\n${host}\r\n`, 400],
    ['too long headers', `GET /v1/me HTTP/1.1\r\n${host}x: ${'x'.repeat(17_000)}\r\n\r\n`, 431],
  ])('get a problem with a request id: %s', async (_what, bytes, status) => {
    const code = status === 431 ? 'headers_too_large' : 'malformed_request';

    const answer = await sendRaw(url, bytes);

    expect([answer.status, answer.headers['content-type']]).toEqual([status, problemType]);
    expect(JSON.parse(answer.body)).toEqual(
      expect.objectContaining({ code, status, instance: answer.headers['x-request-id'] }),
    );
    expect(answer.headers['x-request-id']).toMatch(/^req_/);
  });

  it('with two Idempotency-Keys are refused', async () => {
    const head = [
      'POST /v1/warehouses HTTP/1.1',
      'host: api.test',
      `authorization: Bearer ${owner.key}`,
      'content-type: application/json',
      'idempotency-key: one',
      'Idempotency-Key: one',
      'content-length: 16',
    ];

    const answer = await sendRaw(url, `${head.join('\r\n')}\r\n\r\n{"name":"South"}`);

    expect(JSON.parse(answer.body)).toMatchObject({
      status: 400,
      code: 'malformed_request',
      errors: [{ pointer: 'idempotency-key', detail: 'must come once' }],
    });
  });
});

describe('a form', () => {
  const part = (disposition: string, content: string) =>
    `--edge\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;

  it('with a longer boundary than is allowed is refused', async () => {
    const boundary = 'b'.repeat(300);
    const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };

    const { status, body } = await aConnection()('POST', '/v1/stock/batch', { headers, parts: [`--${boundary}--`] });

    expect([status, JSON.parse(body)]).toEqual([400, expect.objectContaining({ code: 'malformed_request' })]);
  });

  it('may have a field whose name looks like that of a file', async () => {
    const parts = [part('name="a; filename=x"', 'monday'), head, 'NONE,1', end];

    const { status, body } = await aConnection()('POST', '/v1/stock/batch', { headers: formType, parts });

    expect([status, body]).toEqual([200, expect.stringContaining('NONE,failed,unknown_sku')]);
  });
});
