import { beforeEach, describe, expect, it } from '@jest/globals';
import { createPackingSlipActivities } from '../../../activities/paper/packing-slip.ts';
import { createPrintJobActivities } from '../../../activities/paper/print-job.ts';
import type { Deps } from '../../../activities/deps.ts';
import { requireOwnAccount } from '../../../db/accounts/accounts.ts';
import { changeSupplier } from '../../../db/accounts/suppliers.ts';
import { inPostgres } from '../../../db/documents/store.ts';
import { readDocument } from '../../../db/documents/reading.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { readInAccount, withAccount } from '../../../db/engine/with-account.ts';
import { markImported } from '../../../db/dropships/imports.ts';
import { lockOrder } from '../../../db/orders/orders.ts';
import { splitInHouse } from '../../../db/orders/splits.ts';
import { requireOrder } from '../../../db/orders/view.ts';
import { setBrand, storeBrandCopy, findBrand } from '../../../db/paper/brands.ts';
import { insertPrintJob } from '../../../db/paper/print-jobs.ts';
import { readCrossing } from '../../../activities/channels/portal/portal.ts';
import { storeAsSupplier } from '../../../activities/dropships/import.ts';
import type { SharedField } from '../../../domain/connection.ts';
import type { SlipContent } from '../../../domain/paper/slip.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { aRenderer, type FakeRenderer } from '../../support/fakes/renderer.ts';
import { aLink, aMerchant, anIncomingOrder, aSku, storeOrderFor } from '../../support/trade/database-trade.ts';

let pool: Pool;
onDatabase(5, (opened) => {
  pool = opened;
});
let renderer: FakeRenderer;
beforeEach(() => {
  renderer = aRenderer();
});
let now = new Date('2026-11-30T09:00:00Z');

const deps = () => ({ pool, documents: inPostgres, now: () => now, crashPoint: () => undefined }) as unknown as Deps;
const makeSlip = (orderId: string) =>
  createPackingSlipActivities(deps(), renderer.render).makePackingSlip({ orderId, paper: '4x6' });
const as = <T>(accountId: string, work: Parameters<typeof withAccount<T>>[2]) => withAccount(pool, accountId, work);
const lastSlip = (): SlipContent => {
  const sheet = renderer.jobs.at(-1)!.sheets[0]!;
  if (sheet.kind !== 'packing_slip') throw new Error('No slip.');
  return sheet.slip;
};
const brand = { displayName: 'Harbour', message: 'Thanks', returnAddress: null, showPrices: true, showSupplier: true, language: 'fr' as const }; // prettier-ignore

/** An order that a supplier packs, at the merchant and, as it crosses, at the supplier. */
async function aDropshippedOrder(sharedFields: SharedField[], isPassedOn = false) {
  const merchant = await aMerchant(pool);
  const link = await aLink(pool, merchant.accountId);
  await as(merchant.accountId, (db) => changeSupplier(db, link.supplierId, { sharedFields, shippingMethods: { standard: 'ground' } })); // prettier-ignore
  const sku = await aSku(pool, merchant.accountId, { supplierId: link.supplierId });
  await as(merchant.accountId, (db) => db('product_suppliers').update({ supplier_sku: 'SUM-100' }));
  const notes = { customer: 'Please ring twice', internal: 'VIP' };
  const order = anIncomingOrder([{ sku, quantity: 5 }], { notes, number: '2001' });
  const { orderId, dropshipIds } = await storeOrderFor(pool, merchant, order);
  const dropshipId = dropshipIds[0]!;
  await as(merchant.accountId, (db) => setBrand(db, brand));
  const own = await as(merchant.accountId, (db) => findBrand(db, merchant.accountId));
  await as(link.supplierAccountId, (db) => storeBrandCopy(db, own!));
  const remote = await readInAccount(pool, merchant.accountId, (db) => readCrossing(db, dropshipId));
  const { connectionId, supplierAccountId } = link;
  const next = isPassedOn ? await aLink(pool, supplierAccountId) : undefined;
  await aSku(pool, supplierAccountId, { sku: 'SUM-100', ...(next && { supplierId: next.supplierId }) });
  const parties = { connectionId, merchantId: merchant.accountId, supplierId: supplierAccountId };
  const { stored } = await storeAsSupplier(deps(), { ...parties, remotes: [remote] });
  const receivedId = stored[0]!.orderId;
  await as(merchant.accountId, (db) => markImported(db, [{ dropshipId, orderId: receivedId }]));
  return { merchant, link, orderId, receivedId };
}

describe('the packing slip of one order', () => {
  it('is stored for the account of its order, once a day unless it changes', async () => {
    const merchant = await aMerchant(pool);
    const { orderId } = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku: await aSku(pool, merchant.accountId) }])); // prettier-ignore

    const first = await makeSlip(orderId);
    now = new Date('2026-11-30T23:00:00Z');
    const later = await makeSlip(orderId);
    now = new Date('2026-12-01T01:00:00Z');
    const tomorrow = await makeSlip(orderId);

    expect(later).toEqual(first);
    expect(tomorrow).not.toEqual(first);
    const document = await readDocument({ pool, store: inPostgres, accountId: merchant.accountId }, first.documentId);
    expect(document).toMatchObject({ kind: 'packing_slip', orderId, mediaType: 'application/pdf' });
    expect(document.bytes.toString()).toContain('%PDF 4x6 2026-11-30T00:00:00.000Z');
  });

  it.each([
    ['shares nothing', []],
    ['shares prices and notes', ['prices', 'customerNote', 'phone', 'email']],
  ] as const)('shows a merchant who %s what its supplier prints, word for word', async (_name, shared) => {
    const { link, orderId, receivedId } = await aDropshippedOrder([...shared]);

    await makeSlip(orderId);
    const preview = lastSlip();
    const { id: jobId } = await as(link.supplierAccountId, (db) =>
      insertPrintJob(db, {
        orderIds: [receivedId],
        documents: ['packing_slip'],
        paper: '4x6',
        sort: 'number',
        actor: { kind: 'account', id: 'key_1' },
      }),
    );
    await createPrintJobActivities(deps(), renderer.render).makePrintJob({ printJobId: jobId });
    const printed = lastSlip();

    // The supplier's account has a name that the merchant may write otherwise.
    expect({ ...printed, orderId, supplierName: 'Supplier' }).toEqual(preview);
    expect(preview.lines).toMatchObject([{ sku: 'SUM-100', here: 5, toCome: 0 }]);
    expect(preview.shippingMethod).toBe('ground');
    expect(preview.hasPrices).toBe(shared.length > 0);
    expect(preview.note).toBe(shared.length > 0 ? 'Please ring twice' : null);
    expect('phone' in preview.shipTo).toBe(shared.length > 0);
    expect(JSON.stringify(preview)).not.toMatch(/VIP|cost/i);
  });

  it('has to the next supplier the brand of the one before it, not that of the first merchant', async () => {
    const { link, receivedId } = await aDropshippedOrder(['prices'], true);
    const { name } = await as(link.supplierAccountId, (db) => requireOwnAccount(db));

    await makeSlip(receivedId);

    expect(lastSlip()).toMatchObject({ brand: { displayName: name }, note: null, hasPrices: false });
  });

  it('is none of an order that was split; its leaves have the number of the whole on them', async () => {
    const merchant = await aMerchant(pool);
    const sku = await aSku(pool, merchant.accountId);
    const { orderId } = await storeOrderFor(
      pool,
      merchant,
      anIncomingOrder([{ sku, quantity: 3 }], { number: '3001' }),
    );
    const leaves = await as(merchant.accountId, async (db) => {
      await lockOrder(db, orderId);
      const { lines } = await requireOrder(db, orderId);
      const group = (quantity: number) => [{ lineId: lines[0]!.lineId, quantity }];
      const order = { id: orderId, number: '3001' };
      return splitInHouse(db, { order, groups: [group(1), group(2)], actor: { kind: 'account', id: 'key_1' } });
    });

    await expect(makeSlip(orderId)).rejects.toMatchObject({ code: 'order_is_split' });
    await makeSlip(leaves[1]!);

    expect(lastSlip()).toMatchObject({ number: '3001-2', merchantNumber: '3001', lines: [{ here: 2 }] });
  });

  it('is none where nothing ships, or where it cannot be printed', async () => {
    const merchant = await aMerchant(pool);
    const sku = await aSku(pool, merchant.accountId);
    const cancelled = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku, quantity: 1, cancelled: 1 }]));
    const bad = await storeOrderFor(pool, merchant, anIncomingOrder([{ sku }]));

    await expect(makeSlip(cancelled.orderId)).rejects.toMatchObject({ code: 'nothing_to_print' });
    renderer = aRenderer(() => true);
    await expect(makeSlip(bad.orderId)).rejects.toMatchObject({ code: 'nothing_to_print' });
    const documents = await as(merchant.accountId, (db) => db('documents').select('id'));
    expect(documents).toEqual([]);
  });
});
