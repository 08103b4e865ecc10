import Fastify, { type FastifyRequest } from 'fastify';
import pg from 'pg';
import { placeFacts } from '../db/orders/detail.ts';
import { orderFacts } from '../db/orders/view-statement.ts';
import { hashKey } from '../api/request/api-key.ts';
import { derivePepper } from '../db/engine/sealing.ts';

/**
 * The server that the reads are compared with: Fastify, pg, a key, and our JSON statement under row-level security. It
 * validates nothing, neither the request nor the answer, and its links belong to one account, so they need no transaction.
 * `?as=text` passes the statement's JSON on as it is, without reading it.
 */
const pepper = derivePepper(process.env['ENCRYPTION_KEY']!);
const system = new pg.Pool({ connectionString: process.env['DATABASE_SYSTEM_URL'], max: 1 });
const pools = new Map<string, pg.Pool>();

/** The account's links, by the key; looked up once. */
async function poolOf({ headers }: FastifyRequest): Promise<pg.Pool> {
  const key = (headers.authorization ?? '').slice('Bearer '.length);
  const known = pools.get(key);
  if (known) return known;
  const { rows } = await system.query<{ account_id: string }>('select account_id from api_keys where key_hash = $1', [
    hashKey(key, pepper),
  ]);
  const options = `-c app.account_id=${rows[0]!.account_id} -c timezone=UTC`;
  const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 20, options });
  pools.set(key, pool);
  return pool;
}

type Query = { limit?: string; as?: 'text' };
const isText = (request: FastifyRequest) => (request.query as Query).as === 'text';

const page = (asText: boolean) => ({
  name: asText ? 'page as text' : 'page',
  text: `select ${orderFacts}${asText ? '::text' : ''} as facts, root.id as page_id, root.created_at::text as page_at
         from orders as root order by root.created_at desc, root.id desc limit $1`,
});
const one = (asText: boolean) => ({
  name: asText ? 'one as text' : 'one',
  text: asText
    ? `select json_build_object('facts', ${orderFacts}, 'place', ${placeFacts})::text as facts from orders root where root.id = $1`
    : `select ${orderFacts} as facts, ${placeFacts} as place from orders root where root.id = $1`,
});

const app = Fastify();
app.get('/v1/orders', async (request, reply) => {
  const limit = Number((request.query as Query).limit);
  const pool = await poolOf(request);
  const { rows } = await pool.query<{ facts: unknown; page_id: string }>({
    ...page(isText(request)),
    values: [limit + 1],
  });
  const facts = rows.slice(0, limit).map((row) => row.facts);
  const nextCursor = rows.length > limit ? Buffer.from(rows[limit - 1]!.page_id).toString('base64url') : null;
  if (!isText(request)) return { data: facts, nextCursor };
  void reply.type('application/json');
  return `{"data":[${facts.join(',')}],"nextCursor":${JSON.stringify(nextCursor)}}`;
});
app.get<{ Params: { id: string } }>('/v1/orders/:id', async (request, reply) => {
  const pool = await poolOf(request);
  const { rows } = await pool.query<{ facts: unknown }>({ ...one(isText(request)), values: [request.params.id] });
  if (!isText(request)) return rows[0];
  void reply.type('application/json');
  return rows[0]!.facts;
});
app.get('/pid', async () => ({ pid: process.pid }));
process.once('SIGTERM', () => process.exit(0));
await app.listen({ host: '127.0.0.1', port: Number(process.env['RAW_READS_PORT']) });
