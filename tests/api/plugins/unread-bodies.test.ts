import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, beforeAll, describe, it } from '@jest/globals';
import { atTheEnd, forTheFile } from '../../support/engine/for-the-file.ts';
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
