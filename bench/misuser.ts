import { connect } from 'node:net';
import { Pool } from 'undici';

/** A program of bench/misuse.ts: misuses the API with another account's key until it is stopped. */
const [url, key, kind] = process.argv.slice(2) as [string, string, string];
const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 300_000 }, (_, index) => [`k${index}`, 1])));
const items = Array.from({ length: 1_000 }, (_, index) => ({ sku: `N-${index}`, name: 'Neighbour', ...Object.fromEntries(Array.from({ length: 40 }, (_unknown, field) => [`k${field}`, 1])) })); // prettier-ignore

const bodies: Record<string, { path: string; body?: string; connections: number; perSecond?: number }> = {
  'wide JSON': { path: '/v1/orders', body: wide, connections: 4 },
  'wide JSON in a batch': { path: '/v1/products/batch', body: `{"items":[${wide}]}`, connections: 4 },
  'batches at the limit': { path: '/v1/products/batch', body: JSON.stringify({ items }), connections: 4 },
  'one key, 2,000 reads a second': { path: '/v1/products?limit=20', connections: 100, perSecond: 2_000 },
};
const answers: Record<string, number> = {};
const count = (what: string) => void (answers[what] = (answers[what] ?? 0) + 1);
let isOver = false;
process.once('disconnect', () => process.exit());
process.once('message', () => {
  isOver = true;
  process.send!(answers, () => process.exit());
});

if (bodies[kind]) {
  const { path, body, connections, perSecond } = bodies[kind];
  const pool = new Pool(url, { connections, pipelining: 1 });
  const headers = { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) };
  const send = async () => {
    try {
      const answer = await pool.request({
        method: body === undefined ? 'GET' : 'POST',
        path,
        headers,
        body: body ?? null,
      });
      await answer.body.dump({ limit: 100_000_000 });
      count(String(answer.statusCode));
    } catch {
      count('no answer');
    }
  };
  if (perSecond === undefined) for (let one = 0; one < connections; one += 1) void (async () => { while (!isOver) await send(); })(); // prettier-ignore
  else setInterval(() => { for (let one = 0; one < perSecond / 50; one += 1) void send(); }, 20); // prettier-ignore
} else {
  const { hostname, port } = new URL(url);
  const head = `POST /v1/orders HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: 200000\r\n\r\n`;
  for (let one = 0; one < 400; one += 1)
    connect(Number(port), hostname)
      .on('error', () => count('reset'))
      .on('data', (bytes) => count(String(bytes).slice(9, 12)))
      .write(head + 'x'.repeat(150_000));
}
process.send!('ready');
