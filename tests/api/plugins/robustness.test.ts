import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newApiKey } from '../../../api/request/api-key.ts';
import { assertShape } from '../../../api/request/json-shape.ts';
import { ServiceError } from '@temporalio/client';
import pg from 'pg';
import { pino } from 'pino';
import { buildApp } from '../../../api/app.ts';
import { createPool } from '../../../db/engine/pool.ts';
import { aMerchant, anApiChannel, anOrder, aPostedOrder } from '../../support/trade/api-orders.ts';
import { aProblem, callerOf, openApi, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
let owner: Caller;
beforeAll(async () => {
  api = await openApi();
  owner = await api.anAccount();
});
afterAll(() => api.close());

const send = (payload: string, contentType?: string) =>
  api.app.inject({
    method: 'POST',
    url: '/v1/warehouses',
    headers: { authorization: `Bearer ${owner.key}`, ...(contentType && { 'content-type': contentType }) },
    payload,
  });

describe('a request that cannot be read', () => {
  it.each([
    ['{"name":', 'application/json', 'malformed_request'],
    ['{"name":"x","__proto__":{}}', 'application/json', 'malformed_request'],
    ['name=x', 'application/x-www-form-urlencoded', 'unsupported_media_type'],
    ['{"name":"x"}', 'text/plain', 'unsupported_media_type'],
    ['{"name":"x"}', undefined, 'unsupported_media_type'],
    ['{"name":"x"}', 'application/json\ta', 'unsupported_media_type'],
    [`{"name":"${'x'.repeat(5_000_000)}"}`, 'application/json', 'payload_too_large'],
  ])('is refused as what it is (%#)', async (payload, contentType, code) => {
    const answer = await send(payload, contentType);

    expect(answer.json()).toMatchObject({ code });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  });

  it('names every fault by its pointer', async () => {
    const answer = await owner.post('/v1/products', {
      sku: 'a\u0000b',
      name: '  ',
      'un/known': 1,
      suppliers: [{ cost: {} }],
    });

    expect(answer.json()).toEqual(
      aProblem(answer, 'invalid_request', {
        detail: 'The request is not acceptable; see errors.',
        errors: [
          { pointer: '/sku', detail: 'must be text that is not blank, without control characters, is "a\\u0000b"' },
          { pointer: '/name', detail: 'must be text that is not blank, without control characters, is "  "' },
          { pointer: '/suppliers/0/supplierId', detail: 'is missing' },
          { pointer: '/suppliers/0/cost/amount', detail: 'is missing' },
          { pointer: '/suppliers/0/cost/currency', detail: 'is missing' },
          { pointer: '/un~1known', detail: 'is not a known field' },
        ],
      }),
    );
  });

  const wide = (fields: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: fields }, (_, n) => [`k${n}`, n])));

  it.each([
    ['fields', wide(300_000), '/v1/warehouses'],
    ['fields of a batch', `{"items":[${wide(100_000)}]}`, '/v1/products/batch'],
    ['items', JSON.stringify({ items: Array.from({ length: 60_000 }, () => null) }), '/v1/products/batch'],
    ['fields of its items', `{"items":[${Array.from({ length: 1_000 }, () => wide(60)).join()}]}`, '/v1/stock/batch'],
    ['levels', `{"name":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, '/v1/warehouses'],
    ['fields of a caller without a key', wide(300), '/v1/session'],
  ])('is refused at once where it has too many %s, in few words', async (_what, payload, url) => {
    const headers = { authorization: `Bearer ${owner.key}`, 'content-type': 'application/json' };

    const answer = await api.app.inject({ method: 'POST', url, headers, payload });

    expect(answer.json()).toMatchObject({ status: 413, code: 'payload_too_large' });
    expect(answer.body.length).toBeLessThan(500);
  });

  it('names the first of many faults, and their number', async () => {
    const answer = await send(wide(150), 'application/json');

    const { detail, errors } = answer.json<{ detail: string; errors: object[] }>();
    expect(detail).toBe('The request is not acceptable; see errors, the first 20 of 151.');
    expect(errors).toHaveLength(20);
    expect(errors[1]).toEqual({ pointer: '/k0', detail: 'is not a known field' });
  });

  it('names few faults of each item of a batch, and no long name', async () => {
    const item = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`${n}${'x'.repeat(2_000)}`, n]));

    const answer = await owner.post('/v1/products/batch', { items: Array.from({ length: 40 }, () => item) });

    expect(answer.statusCode).toBe(200);
    expect(answer.body.length).toBeLessThan(40 * 1_500);
  });

  it.each(['{}', '[]', 'null', '"x"', '1e999', '{"name":"\\ud800"}', '{"name":null}', '{"name":["x"]}', ''])(
    'is refused with 422: %s',
    async (payload) => {
      const answer = await send(payload, 'application/json');

      expect(answer.json()).toMatchObject({ status: 422, code: 'invalid_request' });
    },
  );

  it.each(['/v1/channels/%00', '/v1/channels/a%20b', `/v1/channels/${'x'.repeat(90)}`])(
    'in its path: %s',
    async (url) => {
      expect((await owner.get(url)).json()).toMatchObject({ status: 422, errors: [{ pointer: ':id' }] });
    },
  );

  it.each(['limit=201', 'limit=', 'limit=1e1', 'limit=1&limit=2', 'colour=red', 'cursor='])(
    'in its query: %s',
    async (query) => {
      expect((await owner.get(`/v1/channels?${query}`)).json()).toMatchObject({ status: 422, code: 'invalid_request' });
    },
  );

  it('keeps a sane request id and replaces another', async () => {
    const ask = (id: string) => api.app.inject({ url: '/livez', headers: { 'x-request-id': id } });

    expect((await ask('abc-1')).headers['x-request-id']).toBe('abc-1');
    expect((await ask('a b\n"')).headers['x-request-id']).toMatch(/^req_/);
  });
});

describe('a path', () => {
  it.each([
    ['DELETE', '/v1/orders', 'GET, HEAD, POST'],
    ['GET', '/v1/orders/ord_1/cancel/accept', 'POST'],
    ['OPTIONS', '/v1/me', 'GET, HEAD'],
    ['PUT', '/livez', 'GET, HEAD'],
  ] as const)('says which methods it has: not %s %s', async (method, url, allow) => {
    const answer = await api.app.inject({ method, url });

    expect([answer.headers['allow'], answer.headers['x-content-type-options']]).toEqual([allow, 'nosniff']);
    expect(answer.json()).toEqual(aProblem(answer, 'method_not_allowed', { detail: `This route takes ${allow}.` }));
  });

  it('that is none of ours is 404, whatever its body', async () => {
    const payload = 'x'.repeat(300_000);
    const answer = await api.app.inject({
      method: 'POST',
      url: '/v1/nothing',
      payload,
      headers: { 'content-type': 'a/b' },
    });

    expect(answer.json()).toMatchObject({ status: 404, code: 'route_not_found' });
  });
});

it.each([
  ['[]', 1],
  ['[1,"a,b\\",c"]', 2],
  ['{"a":{"b":[1,2,3],"c":"}"},"d":[]}', 8],
])('the size of JSON is counted in its text: %s', (json, values) => {
  expect(() => assertShape(Buffer.from(json), values)).not.toThrow();
  expect(() => assertShape(Buffer.from(json), values - 1)).toThrow(`more than ${values - 1} fields`);
});

it('a change of nothing is answered with what is there', async () => {
  const { merchant, channelId } = await aMerchant(api);
  await aPostedOrder(merchant, anOrder(channelId));
  const firstOf = async (list: string) =>
    (await merchant.get(`/v1/${list}`)).json<{ data: { id: string }[] }>().data[0]!.id;

  for (const list of ['orders', 'products', 'warehouses', 'channels']) {
    const id = await firstOf(list);
    const answer = await merchant.patch(`/v1/${list}/${id}`, {});
    expect([list, answer.statusCode, answer.json()]).toMatchObject([list, 200, { id }]);
  }
});

describe('a key', () => {
  it('that is mistyped costs no look at the database', async () => {
    const { pool } = api;
    let queries = 0;
    pool.system.on('query', () => (queries += 1));
    const wellFormed = newApiKey();

    for (const key of ['x', `vp_${'a'.repeat(36)}`, `${wellFormed.slice(0, -1)}${wellFormed.endsWith('0') ? 1 : 0}`]) {
      expect((await callerOf(api.app, '', key).get('/v1/me')).statusCode).toBe(401);
    }
    expect(queries).toBe(0);
    expect((await callerOf(api.app, '', wellFormed).get('/v1/me')).statusCode).toBe(401);
    expect(queries).toBeGreaterThan(0);
  });
});

describe('an outage of Postgres', () => {
  it('is a quick, honest 503', async () => {
    const nowhere = 'postgres://app:app@127.0.0.1:1/nothing';
    const pool = createPool({ appUrl: nowhere, systemUrl: nowhere, name: 'test', size: 2 });
    const app = await buildApp({ ...api.app.deps, pool });
    const begin = performance.now();

    const [answer, ready] = await Promise.all([callerOf(app, '', newApiKey()).get('/v1/me'), app.inject('/readyz')]);

    expect(performance.now() - begin).toBeLessThan(2_000);
    expect(answer.json()).toEqual(
      aProblem(answer, 'database_unavailable', {
        detail: 'The database does not answer; repeat the request with the same key.',
      }),
    );
    expect(answer.headers['retry-after']).toBe('2');
    expect([ready.statusCode, ready.json()]).toEqual([
      503,
      { ready: false, database: 'not_ready', temporal: 'ok', storage: 'ok', logs: 'ok', draining: false },
    ]);
    expect((await app.inject('/livez')).statusCode).toBe(200);
    await app.close();
    await pool.destroy();
  });
});

describe('a status of gRPC', () => {
  it('is an honest 503, and the log names it', async () => {
    const lines: string[] = [];
    const logger = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
    const cause = Object.assign(new Error('2 UNKNOWN: secret'), { code: 2, details: 'secret', metadata: {} });
    const sync = () => Promise.reject(new ServiceError('Failed to describe schedule', { cause }));
    const busy = await openApi(() => ({ sync }), { logger });
    const merchant = await busy.anAccount();

    const answer = await merchant.post(`/v1/channels/${await anApiChannel(merchant)}/sync`, {
      tasks: ['import_orders'],
    });

    expect(answer.json()).toMatchObject({ status: 503, code: 'temporal_unavailable' });
    expect(answer.body + lines.join()).not.toContain('secret');
    expect(lines.join()).toContain('"cause":"ServiceError","grpcStatus":"UNKNOWN"');
    await busy.close();
  });
});

/** Each class of errors of Postgres that no statement of ours is to blame for, and some that one is. */
const sqlStates: [string, string][] = [
  ['storage_full', '53100'],
  ...'08000 08003 08006 25006 25P02 25P03 26000 28000 3D000 40001 40P01 53000 53200 53300 53400 55P03 55006 57014 57P01'
    .concat(' 57P02 57P03 57P05 58000 58030 F0000 XX000 XX001')
    .split(' ')
    .map((state): [string, string] => ['database_unavailable', state]),
  ['invalid_request', '22003'],
  ['invalid_request', '22P05'],
  ['invalid_request', '54000'],
  ['unexpected', '42703'],
];

describe('an error of Postgres', () => {
  let owned: pg.Client;
  beforeAll(async () => {
    owned = new pg.Client({ connectionString: api.database.ownerUrl });
    await owned.connect();
    // Answers an insert, or the COMMIT after it, with the stored state.
    await owned.query(`
      create table fault (state text, at text);
      insert into fault values (null, null);
      grant select on fault to public;
      create function fail() returns trigger language plpgsql as $$
        declare wanted text := (select state from fault where 'fail_at_' || at = tg_name);
        begin
          if wanted is not null then raise exception 'secret-of-a-row' using errcode = wanted; end if;
          return null;
        end $$;
      create trigger fail_at_insert after insert on warehouses for each row execute function fail();
      create constraint trigger fail_at_commit after insert on warehouses
        deferrable initially deferred for each row execute function fail();`);
  });
  afterAll(() => owned.end());

  it.each(['insert', 'commit'])('at the %s ends with a code of ours, whatever its state', async (at) => {
    const ends: [string, string][] = [];
    for (const [, state] of sqlStates) {
      await owned.query('update fault set state = $1, at = $2', [state, at]);
      const answer = await owner.post('/v1/warehouses', { name: `At ${state}` });
      ends.push([answer.json<{ code: string }>().code, state]);
      expect(answer.body).not.toContain('secret');
    }
    await owned.query('update fault set state = null');

    expect(ends).toEqual(sqlStates);
    expect((await api.app.inject({ url: '/readyz' })).json()).toMatchObject({ ready: true, storage: 'full' });
    expect((await owner.post('/v1/warehouses', { name: `After the faults at ${at}` })).statusCode).toBe(201);
  });
});
