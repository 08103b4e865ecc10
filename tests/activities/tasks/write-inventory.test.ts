import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createGate } from '../../../activities/gate.ts';
import { insertChannel, requireChannel } from '../../../db/channels/channels.ts';
import { listListings } from '../../../db/catalogue/listings.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { createSealer } from '../../../db/engine/sealing.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { startCallbackShop } from '../../support/fakes/callback-shop.ts';
import { anAccount, aSku } from '../../support/trade/database-trade.ts';
import { listOn, setUnits } from '../../support/trade/listed.ts';
import { writeAll, type Change } from '../../support/models/stock-run.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { onDatabase } from '../../support/engine/database.ts';

let pool: Pool;
onDatabase(10, (opened) => {
  pool = opened;
});
const endpoint = forTheFile(startCallbackShop);
afterEach(() => endpoint.answer('ok'));

const sealer = createSealer(randomBytes(32).toString('base64'));
const runOn = (channelId: string, change?: Change) =>
  writeAll({ pool, sealer, host: endpoint.host }, channelId, change);

/** A merchant whose own code is the shop, with listed and counted products. */
async function aShop(units: Record<string, number>) {
  const accountId = await anAccount(pool);
  const { id: channelId } = await withAccount(pool, accountId, (db) =>
    insertChannel(db, sealer, {
      kind: 'api',
      name: 'Own shop',
      settings: { callbackUrl: endpoint.url },
      credentials: { callbackSecret: endpoint.secret },
    }),
  );
  const skus = Object.keys(units);
  for (const sku of skus) await aSku(pool, accountId, { sku });
  await listOn(pool, { accountId, channelId }, skus);
  await setUnits(pool, accountId, units);
  const listings = async () => {
    const { data } = await withAccount(pool, accountId, (db) => listListings(db, { channelId }, { limit: 300 }));
    return Object.fromEntries(data.map((listing) => [listing.remoteSku, listing]));
  };
  const wholeHealth = async () => (await withAccount(pool, accountId, (db) => requireChannel(db, channelId))).health;
  const health = async () => (await wholeHealth()).status;
  return {
    accountId,
    channelId,
    listings,
    health,
    wholeHealth,
    count: (change: Record<string, number>) => setUnits(pool, accountId, change),
  };
}

type Item = { sku: string; available: number; version: number };
/** The items that the endpoint has, in the order they came. */
async function taken(...skus: string[]): Promise<Item[]> {
  const done = await endpoint.done();
  return done
    .flatMap(({ message }) => (message?.['items'] ?? []) as Item[])
    .filter(({ sku }) => skus.includes(sku))
    .map(({ sku, available, version }) => ({ sku, available, version }));
}
const unique = (name: string) => `${name}-${randomBytes(4).toString('hex')}`;
const some = (count: number, name: string) => Array.from({ length: count }, (_, index) => unique(`${name}${index}`));
const each = (skus: readonly string[], units: number) => Object.fromEntries(skus.map((sku) => [sku, units]));

describe('writing to a shop', () => {
  it('sends each figure once, and nothing when there is nothing new', async () => {
    const [mug, tee] = [unique('MUG'), unique('TEE')];
    const shop = await aShop({ [mug]: 5, [tee]: 0 });

    expect((await runOn(shop.channelId)).counts).toMatchObject({ seen: 2, written: 2, failed: 0 });
    expect((await runOn(shop.channelId)).counts).toMatchObject({ seen: 0, written: 0 });
    await shop.count({ [mug]: 6 });
    expect((await runOn(shop.channelId)).counts).toMatchObject({ seen: 1, written: 1 });

    expect((await taken(mug)).map(({ available }) => available)).toEqual([5, 6]);
    expect(await taken(tee)).toEqual([{ sku: tee, available: 0, version: 1 }]);
  });

  it('passes by the one that the shop refuses, for ever so many others, and suspends it after three runs', async () => {
    const skus = some(230, 'BULK');
    const bad = skus[117]!;
    const shop = await aShop(each(skus, 3));
    await endpoint.answer({ refuseSkus: [bad], status: 422 });

    const first = await runOn(shop.channelId);

    const badId = (await shop.listings())[bad]!.id;
    expect(first.counts).toMatchObject({ seen: 230, written: 229, failed: 1 });
    expect(first.failures).toEqual([{ item: badId, code: 'channel_refused' }]);
    expect(await taken(...skus)).toHaveLength(229);
    expect((await runOn(shop.channelId)).counts).toMatchObject({ seen: 1, failed: 1 });
    expect((await shop.listings())[bad]).toMatchObject({ needsSync: true, suspended: false });
    expect((await runOn(shop.channelId)).counts).toMatchObject({ seen: 1, failed: 1 });
    expect((await shop.listings())[bad]).toMatchObject({ needsSync: false, suspended: true, cause: 'channel_refused' });
    expect((await runOn(shop.channelId)).counts).toMatchObject({ seen: 0, failed: 0 });

    await endpoint.answer('ok');
    await shop.count({ [bad]: 8 });
    expect((await runOn(shop.channelId)).counts).toMatchObject({ written: 1 });
    expect((await shop.listings())[bad]).toMatchObject({ needsSync: false, suspended: false, cause: null });
    expect(await shop.health()).toBe('ok');
  });

  it('distinguishes a listing that is gone from one that is refused', async () => {
    const [here, gone] = [unique('HERE'), unique('GONE')];
    const shop = await aShop({ [here]: 1, [gone]: 1 });
    await endpoint.answer({ refuseSkus: [gone], status: 410 });

    const { counts, failures } = await runOn(shop.channelId);

    expect(counts).toMatchObject({ written: 1, failed: 1 });
    expect(failures).toEqual([{ item: (await shop.listings())[gone]!.id, code: 'gone_at_channel' }]);
  });

  it.each([
    ['fail', 'channel_outcome_unknown', 'failing'],
    ['unauthorized', 'channel_unauthorized', 'unauthorized'],
    [{ retryAfter: 7 }, 'channel_rate_limited', 'failing'],
  ] as const)(
    'ends while the shop as a whole answers %j, with the cause, and counts against no listing',
    async (mode, code, health) => {
      const [mug] = [unique('MUG')];
      const shop = await aShop({ [mug]: 5 });
      await endpoint.answer(mode);

      for (let times = 0; times < 4; times += 1) {
        await expect(runOn(shop.channelId)).rejects.toMatchObject({ type: code });
      }

      expect((await shop.listings())[mug]).toMatchObject({ needsSync: true, suspended: false, cause: code });
      expect(await shop.health()).toBe(health);
      await endpoint.answer('ok');
      expect((await runOn(shop.channelId)).counts).toMatchObject({ written: 1 });
      expect((await shop.listings())[mug]).toMatchObject({ needsSync: false, cause: null });
    },
  );

  it('is not called again after three time-outs, and its health says that it does not answer', async () => {
    const shop = await aShop({ [unique('MUG')]: 5 });
    const gate = createGate({ slots: 40 });
    let calls = 0;
    const fetch = async () => {
      calls += 1;
      throw new DOMException('late', 'TimeoutError');
    };
    const run = () => runOn(shop.channelId, { gate, fetch });

    for (let times = 0; times < 3; times += 1)
      await expect(run()).rejects.toMatchObject({ type: 'channel_outcome_unknown' });
    await expect(run()).rejects.toMatchObject({ type: 'channel_unreachable' });

    expect(calls).toBe(3);
    expect(await shop.wholeHealth()).toMatchObject({ status: 'failing', code: 'channel_unreachable' });
  });

  it('arrives at the same figure when the answer was lost', async () => {
    const mug = unique('MUG');
    const shop = await aShop({ [mug]: 5 });
    await endpoint.answer('drop', 'ok');

    await expect(runOn(shop.channelId)).rejects.toMatchObject({ type: 'channel_outcome_unknown' });
    expect((await runOn(shop.channelId)).counts).toMatchObject({ written: 1 });

    // The second message had the same content and another id.
    expect(await taken(mug)).toEqual([{ sku: mug, available: 5, version: 1 }]);
  });

  it('keeps in the filter what changes while it is written', async () => {
    const mug = unique('MUG');
    const shop = await aShop({ [mug]: 5 });
    await endpoint.answer({ delayMs: 300 }, 'ok');

    const run = runOn(shop.channelId);
    await waitUntil(async () => (await taken(mug)).length === 1);
    await shop.count({ [mug]: 4 });
    await run;

    expect((await shop.listings())[mug]).toMatchObject({ needsSync: true, syncedVersion: 1, stockVersion: 2 });
    await runOn(shop.channelId);
    expect((await taken(mug)).map(({ available }) => available)).toEqual([5, 4]);
  });

  it('never sends an older version after a newer one, when a run that was thought dead wakes up', async () => {
    const skus = some(40, 'RACE');
    const shop = await aShop(each(skus, 100));
    // The first run reads, and sleeps before it claims what it read: that is its third transaction.
    let transactions = 0;
    let wake: (() => void) | undefined;
    const sleep = new Promise<void>((resolve) => (wake = resolve));
    const client = pool.app.client as { acquireConnection(): Promise<unknown> };
    const acquireConnection = async () => {
      transactions += 1;
      if (transactions === 3) await sleep;
      return client.acquireConnection();
    };
    const slow: unknown = Object.create(client, { acquireConnection: { value: acquireConnection, writable: true } });
    const sleepy = { ...pool, app: Object.create(pool.app, { client: { value: slow } }) as Pool['app'] };

    const old = runOn(shop.channelId, { pool: sleepy });
    await waitUntil(() => transactions === 3);
    await shop.count(each(skus, 60));
    await runOn(shop.channelId);
    wake!();
    const { counts } = await old;

    expect(counts).toMatchObject({ seen: 40, written: 0, unchanged: 40 });
    for (const sku of skus) expect((await taken(sku)).map(({ version }) => version)).toEqual([2]);
  });

  it('goes on where the time of a page is over, and passes each listing once', async () => {
    const skus = some(350, 'PAGE');
    const shop = await aShop(each(skus, 1));
    let time = 0;
    const now = () => new Date(Date.now() + (time += 15_000));

    const { pages, counts } = await runOn(shop.channelId, { now });

    expect(pages).toBeGreaterThan(1);
    expect(counts).toMatchObject({ seen: 350, written: 350 });
    expect(await taken(...skus)).toHaveLength(350);
  });
});
