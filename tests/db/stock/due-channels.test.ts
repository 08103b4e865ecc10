import { describe, expect, it } from '@jest/globals';
import { recordSeen } from '../../../db/channels/schedules.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { listAccountsWithDueStock, listDueChannels } from '../../../db/stock/due-channels.ts';
import { finishTask, insertTask } from '../../../db/channels/tasks.ts';
import { withAccount, withSystem, type AccountDb } from '../../../db/engine/with-account.ts';
import { recordSyncResults } from '../../../db/catalogue/write-back.ts';
import { noCounts } from '../../../domain/task.ts';
import { aLink, aMerchant, changeLink, type Merchant } from '../../support/trade/database-trade.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { aCountedShop, setUnits, supplied } from '../../support/trade/listed.ts';

let pool: Pool;
onDatabase(10, (opened) => {
  pool = opened;
});

const inside = <T>({ accountId }: { accountId: string }, work: (db: AccountDb) => Promise<T>) =>
  withAccount(pool, accountId, work);

describe('due channels that are instant', () => {
  const quiet = { quietSeconds: 300, limit: 10 };
  const due = (shop: Merchant) => inside(shop, (db) => listDueChannels(db, quiet));
  const seen = (shop: Merchant, everyMs: number, paused = false) =>
    inside(shop, (db) => recordSeen(db, [{ channelId: shop.channelId, task: 'write_inventory', everyMs, paused }]));
  const waiting = async (shop: Merchant) =>
    (await withSystem(pool, (db) => listAccountsWithDueStock(db, 1_000))).includes(shop.accountId);
  const instant = 15 * 60_000;

  it('are those whose Schedule was last seen to be instant and not paused', async () => {
    const shop = await aCountedShop(pool, { A: 1 });
    for (const [everyMs, paused, sent] of [
      [3_600_000, false, []],
      [instant, true, []],
      [instant, false, [shop.channelId]],
    ] as const) {
      await seen(shop, everyMs, paused);
      expect(await due(shop)).toEqual(sent);
      expect(await waiting(shop)).toBe(sent.length > 0);
    }
  });

  it('are none where the figure was tried already and failed, until there is another', async () => {
    const shop = await aCountedShop(pool, { A: 1, B: 1 });
    await seen(shop, instant);
    const figures = await shop.due();
    await inside(shop, (db) =>
      recordSyncResults(
        db,
        figures.map((one) => ({ ...one, cause: 'channel_unreachable', permanent: false })),
      ),
    );
    expect(await due(shop)).toEqual([]);
    expect(await waiting(shop)).toBe(true);

    await setUnits(pool, shop.accountId, { A: 2 });
    expect(await due(shop)).toEqual([shop.channelId]);
  });

  it('wait for some minutes after a run that failed as a whole', async () => {
    const shop = await aCountedShop(pool, { A: 1 });
    await seen(shop, instant);
    const run = (runId: string, cause: string | null) =>
      inside(shop, async (db) => {
        const task = { channelId: shop.channelId, type: 'write_inventory', trigger: 'sync', workflowId: 'w' } as const;
        const id = await insertTask(db, { ...task, runId: `${shop.channelId}-${runId}` });
        await finishTask(db, { id, counts: noCounts(), failures: [], cause, nextRunAt: null });
      });

    await run('1', 'channel_unreachable');
    expect(await due(shop)).toEqual([]);
    expect(await inside(shop, (db) => listDueChannels(db, { ...quiet, quietSeconds: 0 }))).toEqual([shop.channelId]);
    await run('2', null);
    expect(await due(shop)).toEqual([shop.channelId]);
  });

  it('include a portal only while its connection is active', async () => {
    const merchant = await aMerchant(pool);
    const link = await aLink(pool, merchant.accountId);
    const [sku] = await supplied(pool, { merchant, link });
    const portal = { accountId: link.supplierAccountId, channelId: link.portalId };
    await setUnits(pool, portal.accountId, { [sku!]: 9 });
    await seen(portal, instant);
    expect(await due(portal)).toEqual([link.portalId]);

    await changeLink(pool, link, 'paused');
    expect(await due(portal)).toEqual([]);
  });
});
