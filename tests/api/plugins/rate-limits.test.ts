import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildApp, type ApiDeps } from '../../../api/app.ts';
import { createRateLimits } from '../../../api/plugins/rate-limits.ts';
import { newApiKey } from '../../../api/request/api-key.ts';
import { withAccount, withSystem } from '../../../db/engine/with-account.ts';
import { createPool } from '../../../db/engine/pool.ts';
import { rateOf } from '../../../domain/rate-limit.ts';
import { atTheEnd, forTheFile } from '../../support/engine/for-the-file.ts';
import { aProblem, callerOf, openApi, type Caller } from '../../support/engine/test-api.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';

const api = forTheFile(() => openApi());
let now = 0;
const later = (seconds: number) => (now += 1_000 * seconds);
const rates = { reads: 2, commands: 20, address: 3 };

/** A process of the API with limits, on a clock that the test turns. */
async function aProcess(more: Partial<ApiDeps> = { rates }) {
  const app = await buildApp({ ...api.app.deps, clock: () => now, ...more });
  atTheEnd(() => app.close());
  return { app, as: (caller: Caller) => callerOf(app, caller.accountId, caller.key) };
}

/** For the tests in turn: with full buckets. */
const first = forTheFile(() => aProcess());
beforeEach(() => void later(1_000));

const read = (caller: Caller) => caller.get('/v1/warehouses');
async function statuses(times: number, send: () => Promise<{ statusCode: number }>): Promise<number[]> {
  const found: number[] = [];
  for (let one = 0; one < times; one += 1) found.push((await send()).statusCode);
  return found;
}

describe('a key', () => {
  it('sends so many requests a second, and some at once; reads and commands apart', async () => {
    const caller = first.as(await api.anAccount());

    const begin = await read(caller);
    expect(await statuses(3, () => read(caller))).toEqual([200, 200, 200]);
    const refused = await read(caller);
    const command = await caller.post('/v1/warehouses', { name: 'North' });
    later(1);
    const after = await statuses(3, () => read(caller));

    expect([begin.headers['ratelimit-policy'], begin.headers['ratelimit']]).toEqual([
      '"reads";q=4;w=2',
      '"reads";r=3;t=1',
    ]);
    expect(refused.json()).toEqual(
      aProblem(refused, 'rate_limited', {
        detail: 'Too many requests. Wait for the seconds in Retry-After, and send fewer at once.',
      }),
    );
    expect([refused.headers['retry-after'], refused.headers['ratelimit']]).toEqual(['1', '"reads";r=0;t=2']);
    expect([command.statusCode, command.headers['ratelimit']]).toEqual([201, '"commands";r=39;t=1']);
    expect(after).toEqual([200, 200, 429]);
  });

  it('shares twice its rate with the other keys of its account, and nothing with other accounts', async () => {
    const account = await api.anAccount();
    const keys = [account, await api.aKeyOf(account, ['read']), await api.aKeyOf(account, ['read'])].map(first.as);
    const other = first.as(await api.anAccount());

    const each = [];
    for (const key of keys) each.push(await statuses(4, () => read(key)));

    expect(each.map((found) => found.filter((status) => status === 200).length)).toEqual([4, 4, 0]);
    expect(await statuses(4, () => read(other))).toEqual([200, 200, 200, 200]);
  });

  it('counts a large body as several requests', async () => {
    const caller = first.as(await api.anAccount());
    const items = Array.from({ length: 500 }, (_, index) => ({ sku: `L-${index}`, name: 'x'.repeat(500) }));

    const large = await caller.post('/v1/products/batch', { items });

    expect([large.statusCode, large.headers['ratelimit']]).toEqual([200, '"commands";r=23;t=1']);
  });

  it('has its rate, however many processes serve it', async () => {
    const processes = [first, await aProcess()];
    const account = await api.anAccount();
    const callers = processes.map(({ as }) => as(account));
    const served = async () => (await Promise.all(callers.map(read))).filter((one) => one.statusCode === 200).length;
    const leases = () =>
      withAccount(api.pool, account.accountId, async (db) => (await db('rate_leases').select('holder')).length);
    // Each uses up what it has, and says so; then each asks again, and has half.
    for (let turn = 0; turn < 4; turn += 1) await served();
    await waitUntil(async () => (await leases()) === 2);
    later(3);
    for (let turn = 0; turn < 3; turn += 1) await served();
    for (const caller of callers) await waitUntil(async () => (await policyOf(caller)) === '"reads";q=2;w=2');

    let count = 0;
    for (let tenth = 0; tenth < 40; tenth += 1) {
      later(0.1);
      count += await served();
    }

    expect(count).toBeLessThanOrEqual(4 * rates.reads + 4);
  });
});

const policyOf = async (caller: Caller) => (await read(caller)).headers['ratelimit-policy'];

describe('an address', () => {
  it('without a valid key has a rate of its own, which no key of it loses', async () => {
    const { app, as } = first;
    const caller = as(await api.anAccount());
    const guess = () => callerOf(app, '', newApiKey()).get('/v1/me');

    expect(await statuses(7, guess)).toEqual([401, 401, 401, 401, 401, 401, 429]);
    expect(await statuses(1, () => app.inject('/v1/nothing'))).toEqual([429]);
    expect((await read(caller)).statusCode).toBe(200);
    expect(await statuses(9, () => app.inject('/livez'))).not.toContain(429);
    later(1);
    expect(await statuses(4, guess)).toEqual([401, 401, 401, 429]);
  });
});

it('no row of requests gets more than its rate', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 3 }))), (row) => {
      let at = 0;
      let taken = 0;
      const limits = createRateLimits(
        () => at,
        () => Promise.resolve(1),
      );
      for (const [pause, cost] of row) {
        at += pause;
        const limit = { name: 'reads', subject: 'one', rate: rateOf(5), accountId: null };
        if (limits.take([limit], cost).waitSeconds === 0) taken += cost;
      }
      expect(taken).toBeLessThanOrEqual(10 + (5 * at) / 1_000 + 1e-6);
    }),
  );
});

describe('a process that is behind', () => {
  it('refuses at once what comes, but for probes', async () => {
    const { app, as } = await aProcess({ saturation: { loopMs: 10_000, waiting: 0 } });

    const answer = await read(as(await api.anAccount()));

    expect(answer.json()).toEqual(
      aProblem(answer, 'overloaded', {
        detail: 'The service has more requests than it can answer; repeat the request.',
      }),
    );
    expect(answer.headers['retry-after']).toBe('1');
    expect((await app.inject('/livez')).statusCode).toBe(200);
  });

  it('says so where all connections are in use, and not that Postgres is away', async () => {
    const { appUrl, systemUrl } = api.database;
    const pool = createPool({ appUrl, systemUrl, name: 'test', size: 1 });
    const { as } = await aProcess({ pool });
    const account = await api.anAccount();
    await read(as(account));
    let give = () => undefined as void;
    const held = withAccount(pool, account.accountId, () => new Promise<void>((done) => (give = done)));

    let isOver = false;
    const answering = read(as(account)).finally(() => (isOver = true));
    while (!isOver) await withSystem(pool, (db) => db.raw('select 1'));

    expect((await answering).json()).toMatchObject({ status: 503, code: 'overloaded' });
    give();
    await held;
    await pool.destroy();
  });
});
