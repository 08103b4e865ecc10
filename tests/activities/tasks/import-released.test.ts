import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { createGate } from '../../../activities/gate.ts';
import type { Deps } from '../../../activities/deps.ts';
import { createCancelActivities } from '../../../activities/dropships/cancels.ts';
import { createDropshipActivities } from '../../../activities/dropships/import.ts';
import { createSplitActivities } from '../../../activities/dropships/splits.ts';
import { createSweepActivities } from '../../../activities/reconcile/sweep.ts';
import { createImportOrderActivities } from '../../../activities/tasks/import-orders.ts';
import type { CrashPointName } from '../../../db/engine/crash-point.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { createSealer } from '../../../db/engine/sealing.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { findReceivedOrder } from '../../../db/orders/orders.ts';
import { requireOrder } from '../../../db/orders/view.ts';
import { queuesFor } from '../../../workflows/names.ts';
import { onDatabase } from '../../support/engine/database.ts';
import {
  aLink,
  aMerchant,
  anIncomingOrder,
  aSku,
  changeLink,
  storeOrderFor,
} from '../../support/trade/database-trade.ts';

let pool: Pool;
let ownerUrl: string;
onDatabase(5, (opened, database) => {
  pool = opened;
  ({ ownerUrl } = database);
});

type Signal = { dropshipId: string; lines: unknown };

/** A merchant with an automatic supplier, and the Import Orders task of the supplier's portal. `signals`: to the workflows. */
async function aPortal(crashAt?: CrashPointName) {
  const merchant = await aMerchant(pool);
  const link = await aLink(pool, merchant.accountId);
  const sku = await aSku(pool, merchant.accountId, { supplierId: link.supplierId });
  const signals: Signal[] = [];
  const signal = async (
    _type: string,
    start: { args: [{ dropshipId: string }]; signalArgs: [{ lines: unknown }?] },
  ) => {
    signals.push({ dropshipId: start.args[0].dropshipId, lines: start.signalArgs[0]?.lines ?? null });
  };
  let cut: CrashPointName | undefined = crashAt;
  const deps = {
    pool,
    gate: createGate({ slots: 40 }),
    sealer: createSealer(randomBytes(32).toString('base64')),
    client: { workflow: { signalWithStart: signal, start: async () => undefined } },
    queues: queuesFor(''),
    log: pino({ level: 'silent' }),
    now: () => new Date(),
    crashPoint: (passed: CrashPointName) => {
      if (passed !== cut) return;
      cut = undefined;
      throw new Error('cut');
    },
  } as unknown as Deps;
  const actor = { kind: 'account', id: 'key_1' } as const;
  return {
    deps,
    link,
    signals,
    sku,
    place: async (quantity = 1) => {
      const { orderId, dropshipIds } = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku, quantity }]));
      return { orderId, dropshipId: dropshipIds[0]! };
    },
    importPage: () => createImportOrderActivities(deps).importOrderPage({ channelId: link.portalId, after: null }),
    importOne: (dropshipId: string) => createDropshipActivities(deps).importDropship({ dropshipId }),
    cancel: (dropshipId: string) =>
      createCancelActivities(deps).cancelBeforeImport({ dropshipId, lines: null, reason: 'other', actor }),
    split: (dropshipId: string, lineId: string) =>
      createSplitActivities(deps).splitBeforeImport({
        dropshipId,
        side: 'merchant',
        groups: [[{ lineId, quantity: 1 }], [{ lineId, quantity: 1 }]],
        actor,
      }),
    order: (orderId: string) => withAccount(pool, merchant.accountId, (db) => requireOrder(db, orderId)),
    received: (dropshipId: string) =>
      withAccount(pool, link.supplierAccountId, async (db) => {
        const id = await findReceivedOrder(db, dropshipId);
        return id === undefined ? undefined : requireOrder(db, id);
      }),
    inMerchant: <T>(work: Parameters<typeof withAccount<T>>[2]) => withAccount(pool, merchant.accountId, work),
    inSupplier: <T>(work: Parameters<typeof withAccount<T>>[2]) => withAccount(pool, link.supplierAccountId, work),
  };
}

let portal: Awaited<ReturnType<typeof aPortal>>;
beforeEach(async () => {
  portal = await aPortal();
});

describe('a page of released orders', () => {
  it('is with the supplier, noted at the merchant, and each workflow knows its lines', async () => {
    const placed = [await portal.place(1), await portal.place(2)];

    const page = await portal.importPage();

    expect(page).toMatchObject({ counts: { seen: 2, created: 2 }, released: [], more: false });
    for (const [index, { orderId, dropshipId }] of placed.entries()) {
      const order = await portal.order(orderId);
      const received = await portal.received(dropshipId);
      expect(order.dropship).toMatchObject({ status: 'imported', supplierOrderId: received!.id });
      expect(received!.lines).toMatchObject([{ sku: portal.sku, quantity: index + 1 }]);
      const { lineId } = order.lines[0]!;
      expect(portal.signals.find((one) => one.dropshipId === dropshipId)!.lines).toEqual([
        { lineId, quantity: index + 1, shipped: 0, cancelled: 0 },
      ]);
    }
  });

  it('that was read once is not read again', async () => {
    await portal.place();
    await portal.importPage();

    expect(await portal.importPage()).toMatchObject({ counts: { seen: 0, created: 0 } });
    expect(portal.signals).toHaveLength(1);
  });

  it('goes on to the supplier’s own supplier where its product is dropshipped automatically', async () => {
    const below = await aLink(pool, portal.link.supplierAccountId);
    await aSku(pool, portal.link.supplierAccountId, { supplierId: below.supplierId, sku: portal.sku });
    const { dropshipId } = await portal.place();

    await portal.importPage();

    const { dropship } = (await portal.received(dropshipId))!;
    expect(dropship).toMatchObject({ status: 'requested', supplierId: below.supplierId });
  });

  it('in which one order cannot be stored is left to the workflows, so that this one parks alone', async () => {
    const good = await portal.place();
    const bad = await portal.place();
    await portal.inMerchant((db) => db('orders').where({ id: bad.orderId }).update({ number: 'BAD' }));
    const owner = new pg.Client({ connectionString: ownerUrl });
    await owner.connect();
    await owner.query(`alter table orders add constraint refused check (number <> 'BAD' or dropship_id is null)`);

    const page = await portal.importPage();

    expect(page).toMatchObject({ counts: { seen: 2, created: 0 } });
    expect(page.released.toSorted()).toEqual([good.dropshipId, bad.dropshipId].toSorted());
    expect(portal.signals.map(({ lines }) => lines)).toEqual([null, null]);
    await owner.query('alter table orders drop constraint refused');
    await owner.end();
  });

  it('is empty while the connection is paused', async () => {
    await portal.place();
    await changeLink(pool, portal.link, 'paused');

    expect(await portal.importPage()).toMatchObject({ counts: { seen: 0 } });
    expect(portal.signals).toEqual([]);
  });
});

describe('an order whose import has begun', () => {
  it('is neither cancelled nor split as if the supplier did not get it', async () => {
    portal = await aPortal('copy.read-done');
    const { orderId, dropshipId } = await portal.place(2);
    const { lineId } = (await portal.order(orderId)).lines[0]!;
    await expect(portal.importPage()).rejects.toThrow('cut');

    const refused = { code: 'dropship_transition_refused' };
    await expect(portal.cancel(dropshipId)).rejects.toMatchObject(refused);
    await expect(portal.split(dropshipId, lineId)).rejects.toMatchObject(refused);

    await portal.importOne(dropshipId);
    expect(await portal.received(dropshipId)).toMatchObject({ lines: [{ quantity: 2, cancelled: 0 }] });
  });

  it('is left out of the page where its cancel was first', async () => {
    const { dropshipId } = await portal.place();
    await portal.cancel(dropshipId);

    expect(await portal.importPage()).toMatchObject({ counts: { seen: 0 } });
    expect(await portal.received(dropshipId)).toBeUndefined();
  });
});

describe('a claim that nothing came of', () => {
  it('is free again once the page that made it must be gone, over a paused connection', async () => {
    portal = await aPortal('copy.read-done');
    const { dropshipId } = await portal.place();
    await expect(portal.importPage()).rejects.toThrow('cut');
    await changeLink(pool, portal.link, 'paused');

    expect(await portal.importOne(dropshipId)).toEqual({ lines: null });
    await expect(portal.cancel(dropshipId)).rejects.toMatchObject({ code: 'dropship_transition_refused' });
    await portal.inMerchant((db) =>
      db('dropships')
        .where({ id: dropshipId })
        .update({ import_claimed_at: db.raw(`now() - interval '2 minutes'`) }),
    );
    expect(await portal.importOne(dropshipId)).toEqual({ lines: null });

    expect(await portal.cancel(dropshipId)).toEqual({ cancelled: true, ended: true });
  });
});

describe('a page that a crash cut', () => {
  it.each<CrashPointName>(['copy.read-done', 'supplier-order.committed'])(
    'at %s is left to the workflows by the next run, and each finishes its import',
    async (point) => {
      portal = await aPortal(point);
      const { orderId, dropshipId } = await portal.place();
      await expect(portal.importPage()).rejects.toThrow('cut');

      expect(await portal.importPage()).toMatchObject({ counts: { seen: 1, created: 0 }, released: [dropshipId] });
      expect(portal.signals).toEqual([{ dropshipId, lines: null }]);
      expect(await portal.importOne(dropshipId)).toMatchObject({ lines: [{ quantity: 1 }] });

      expect((await portal.order(orderId)).dropship).toMatchObject({ status: 'imported' });
      expect((await portal.received(dropshipId))!.lines).toMatchObject([{ quantity: 1 }]);
    },
  );

  it('before the workflows got their signal has it sent by the sweep, once', async () => {
    portal = await aPortal('import.page-committed');
    const { dropshipId } = await portal.place();
    await expect(portal.importPage()).rejects.toThrow('cut');
    expect(portal.signals).toEqual([]);

    await portal.inMerchant((db) =>
      db('dropships')
        .where({ id: dropshipId })
        .update({ import_claimed_at: db.raw(`now() - interval '1 minute'`) }),
    );
    const sweep = createSweepActivities(portal.deps);
    await sweep.sweep();
    await sweep.sweep();

    expect(portal.signals.filter((one) => one.dropshipId === dropshipId)).toEqual([{ dropshipId, lines: null }]);
  });
});
