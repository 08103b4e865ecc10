import { describe, expect, it } from '@jest/globals';
import { rateParcel } from '../../../activities/labels/rate.ts';
import { changeConnection } from '../../../db/accounts/connections.ts';
import { changeProduct, findProductsBySku } from '../../../db/catalogue/products.ts';
import { findAnswer } from '../../../db/engine/idempotency.ts';
import { newId } from '../../../db/engine/ids.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import { findRating, lentQuote, requireQuote, requireRating, type Rating } from '../../../db/labels/ratings.ts';
import { requireOrder } from '../../../db/orders/view.ts';
import { changeWarehouse, insertWarehouse } from '../../../db/stock/warehouses.ts';
import type { AskedContent } from '../../../domain/labels/label.ts';
import type { RateParcelInput } from '../../../workflows/messages.ts';
import { onDatabase } from '../../support/engine/database.ts';
import {
  aMerchant,
  anImportedDropship,
  anIncomingOrder,
  aSku,
  storeOrderFor,
} from '../../support/trade/database-trade.ts';
import { aDock, aLabelAccount, aLentAccount, box, dock, labelDeps } from '../../support/trade/label-trade.ts';

let pool: Pool;
onDatabase(6, (opened) => {
  pool = opened;
});

const inside = <T>(accountId: string, work: (db: AccountDb) => Promise<T>) => withAccount(pool, accountId, work);
type Asked = Omit<Partial<RateParcelInput>, 'content'> & { content?: Partial<AskedContent> };

function asked(orderId: string, { content, ...rest }: Asked = {}): RateParcelInput {
  const plain = { parcel: box, lines: null, shipFromWarehouseId: null, insuredValue: null, signature: 'none' } as const;
  return { ratingId: newId('rating'), orderId, isReturn: false, ...rest, content: { ...plain, ...content } };
}

/** @returns the rating as the account of the order sees it */
async function rate(accountId: string, orderId: string, wish: Asked = {}): Promise<Rating> {
  const input = asked(orderId, wish);
  await rateParcel(labelDeps(pool), input);
  return inside(accountId, (db) => requireRating(db, input.ratingId));
}
const code = (name: string) => expect.objectContaining({ code: name }) as unknown as Error;

const shipTo = { ...dock, name: 'Ada Example', address1: '1 Main Street', postalCode: '97209' };

/** An in-house order of two mugs and a pot, in an account with one `test` label account and an address to ship from. */
async function anOwnOrder(to: Partial<typeof shipTo> = {}) {
  const merchant = await aMerchant(pool);
  const { accountId } = merchant;
  const skus = [await aSku(pool, accountId), await aSku(pool, accountId)];
  const lines = [{ sku: skus[0]!, quantity: 2 }, { sku: skus[1]! }];
  const { orderId } = await storeOrderFor(pool, merchant, anIncomingOrder(lines, { shipTo: { ...shipTo, ...to } }));
  const lineIds = (await inside(accountId, (db) => requireOrder(db, orderId))).lines.map(({ lineId }) => lineId);
  return {
    accountId,
    orderId,
    skus,
    lineIds,
    labelAccountId: await aLabelAccount(pool, accountId),
    warehouseId: await aDock(pool, accountId),
  };
}

describe('the rating of an order’s parcel', () => {
  it('has the quotes of the only label account, the cheapest first, for a day', async () => {
    const { accountId, orderId, lineIds, labelAccountId } = await anOwnOrder();

    const rating = await rate(accountId, orderId);

    expect(rating).toMatchObject({ orderId, labelAccountId, payer: 'account', isReturn: false, failures: [] });
    expect(rating.quotes.map(({ service, cost }) => [service, cost])).toEqual([
      ['Economy', { amount: 480, currency: 'USD' }],
      ['Standard', { amount: 720, currency: 'USD' }],
      ['Express', { amount: 1_920, currency: 'USD' }],
    ]);
    expect(rating.content.lines).toEqual([
      { lineId: lineIds[0], quantity: 2 },
      { lineId: lineIds[1], quantity: 1 },
    ]);
    const hours = (Date.parse(rating.expiresAt) - Date.parse(rating.createdAt)) / 3_600_000;
    expect(hours).toBeCloseTo(24, 1);
  });

  it('is written once, and stores the answer of the request’s key', async () => {
    const { accountId, orderId } = await anOwnOrder();
    const input = asked(orderId, { key: { key: 'rates-1', fingerprint: 'f' } });

    await rateParcel(labelDeps(pool), input);
    const first = await inside(accountId, (db) => requireRating(db, input.ratingId));
    // The credentials are unreadable by now: a repeat asks no provider.
    await inside(accountId, (db) => db('label_accounts').update({ credentials: Buffer.from('x') }));
    await rateParcel(labelDeps(pool), input);

    expect(await inside(accountId, (db) => requireRating(db, input.ratingId))).toEqual(first);
    expect(await inside(accountId, (db) => findAnswer(db, 'rates-1'))).toMatchObject({ status: 200, answer: first });
  });

  it('has the carriers that the label account may buy, and no others', async () => {
    const { accountId, orderId } = await anOwnOrder();
    const ofOthers = await aLabelAccount(pool, accountId, { carriers: ['other'] });
    const ofUps = await aLabelAccount(pool, accountId, { carriers: ['ups'] });

    expect((await rate(accountId, orderId, { labelAccountId: ofOthers })).quotes).toHaveLength(3);
    expect((await rate(accountId, orderId, { labelAccountId: ofUps })).quotes).toEqual([]);
  });

  it('names the carriers that gave no quote', async () => {
    const { accountId, orderId } = await anOwnOrder({ postalCode: '00000' });

    const rating = await rate(accountId, orderId);

    expect(rating).toMatchObject({ quotes: [], failures: [{ carrier: 'Test carrier', reason: expect.any(String) }] });
  });

  it('is of the named lines, from the named warehouse', async () => {
    const { accountId, orderId, lineIds } = await anOwnOrder();
    const { id } = await inside(accountId, (db) => insertWarehouse(db, { name: 'Annex', address: dock }));
    const lines = [{ lineId: lineIds[1]!, quantity: 1 }];

    const rating = await rate(accountId, orderId, { content: { lines, shipFromWarehouseId: id } });

    expect(rating.content).toMatchObject({ lines, shipFromWarehouseId: id });
  });

  it('is refused without a label account, with several and none named, and with one of another account', async () => {
    const { accountId, orderId, labelAccountId } = await anOwnOrder();
    const theirs = (await anOwnOrder()).labelAccountId;
    await aLabelAccount(pool, accountId);

    await expect(rate(accountId, orderId)).rejects.toThrow(code('label_account_missing'));
    await expect(rate(accountId, orderId, { labelAccountId: theirs })).rejects.toThrow(code('label_account_not_found'));
    expect((await rate(accountId, orderId, { labelAccountId })).labelAccountId).toBe(labelAccountId);
    await inside(accountId, (db) => db('label_accounts').update({ deleted_at: db.fn.now() }));
    await expect(rate(accountId, orderId)).rejects.toThrow(code('label_account_missing'));
  });

  it('is refused while the warehouse has no address', async () => {
    const { accountId, orderId, warehouseId } = await anOwnOrder();
    await inside(accountId, (db) => changeWarehouse(db, warehouseId, { address: null }));

    await expect(rate(accountId, orderId)).rejects.toThrow(code('ship_from_missing'));
    const other = { content: { shipFromWarehouseId: 'wh_x' } };
    await expect(rate(accountId, orderId, other)).rejects.toThrow(code('warehouse_not_found'));
  });

  it('is from the warehouse of its lines; where they have none yet, from the oldest with an address', async () => {
    const { accountId, orderId, warehouseId } = await anOwnOrder();
    await inside(accountId, async (db) => {
      await changeWarehouse(db, warehouseId, { address: null });
      await insertWarehouse(db, { name: 'Annex', address: { ...dock, country: 'CA', postalCode: 'V6B 1A1' } });
    });
    const bindTo = (id: string | null) => inside(accountId, (db) => db('order_lines').update({ warehouse_id: id }));

    await bindTo(warehouseId);
    await expect(rate(accountId, orderId)).rejects.toThrow(code('ship_from_missing'));
    await bindTo(null);
    // The annex is abroad.
    await expect(rate(accountId, orderId)).rejects.toThrow(code('customs_data_missing'));
  });

  it('abroad needs what customs asks, of each product in the parcel', async () => {
    const { accountId, orderId, skus, lineIds } = await anOwnOrder({ country: 'CA', postalCode: 'V6B 1A1' });
    const complete = { weightGrams: 400, hsCode: '691200', originCountry: 'PT', customsValue: null, bin: null };
    await inside(accountId, async (db) => {
      const [product] = await findProductsBySku(db, [skus[0]!]);
      await changeProduct(db, product!.id, { ...product!, shipping: complete });
    });

    await expect(rate(accountId, orderId)).rejects.toMatchObject({
      code: 'customs_data_missing',
      faults: [{ pointer: '/lines/1', detail: `SKU ${skus[1]} lacks weightGrams, hsCode, originCountry` }],
    });
    // The price in the order is the value.
    const mugs = { content: { lines: [{ lineId: lineIds[0]!, quantity: 2 }] } };
    expect((await rate(accountId, orderId, mugs)).quotes).toHaveLength(3);
  });
});

describe('the rating of a return', () => {
  it('is from the customer to the warehouse, of units that have shipped', async () => {
    const { accountId, orderId, lineIds } = await anOwnOrder({ country: 'US' });
    await inside(accountId, (db) => db('order_lines').where({ id: lineIds[0]! }).update({ shipped: 1 }));

    const rating = await rate(accountId, orderId, { isReturn: true });

    expect(rating).toMatchObject({ isReturn: true, content: { lines: [{ lineId: lineIds[0], quantity: 1 }] } });
    expect(rating.quotes).toHaveLength(3);
  });
});

/** A supplier's order of three units, with a label account of the supplier's own. */
async function aReceivedOrder() {
  const dropship = await anImportedDropship(pool, { quantity: 3 });
  const { merchant, supplier, orderId, supplierOrderId, lineId } = dropship;
  const entry = await inside(merchant.accountId, (db) =>
    db('suppliers').first<{ id: string; connection_id: string }>(),
  );
  await aDock(pool, supplier.accountId);
  return {
    merchantId: merchant.accountId,
    supplierAccountId: supplier.accountId,
    supplierId: entry.id,
    connectionId: entry.connection_id,
    merchantOrderId: orderId,
    merchantLineId: lineId,
    orderId: supplierOrderId,
    own: await aLabelAccount(pool, supplier.accountId),
  };
}
type Received = Awaited<ReturnType<typeof aReceivedOrder>>;
const lend = ({ merchantId: accountId, supplierId }: Received, terms = {}) =>
  aLentAccount(pool, { accountId, supplierId }, terms);
const rateReceived = (at: Received, wish: Asked = {}) => rate(at.supplierAccountId, at.orderId, wish);

describe('a label that the supplier pays', () => {
  it('is rated with its own label account; its merchant sees nothing of it', async () => {
    const at = await aReceivedOrder();

    const rating = await rateReceived(at);

    expect(rating).toMatchObject({ payer: 'account', labelAccountId: at.own });
    expect(rating.quotes[0]!.cost).not.toBeNull();
    expect(await inside(at.merchantId, (db) => findRating(db, rating.id))).toBeUndefined();
  });
});

describe('a label that the merchant pays', () => {
  it('is rated with the lent label account: the supplier sees carriers and services, no price, no key, no id', async () => {
    const at = await aReceivedOrder();
    const lent = await lend(at);

    const rating = await rateReceived(at);

    expect(rating).toMatchObject({ payer: 'merchant', labelAccountId: lent, failures: [] });
    expect(rating.quotes.map(({ service, cost }) => [service, cost])).toEqual([
      ['Economy', null],
      ['Standard', null],
      ['Express', null],
    ]);
    const { rows } = await inside(at.supplierAccountId, (db) =>
      db.raw<{ rows: object[] }>(
        `select r.*, q.provider_rate_id, q.cost_minor, q.cost_currency from label_ratings r
         join label_quotes q on q.rating_id = r.id`,
      ),
    );
    expect(rows).toHaveLength(3);
    for (const row of rows)
      expect(row).toMatchObject({
        provider_shipment_id: null,
        provider_rate_id: null,
        cost_minor: null,
        lent_to: null,
      });
    expect(JSON.stringify(rows)).not.toMatch(/test_rate|test_shp|480|USD/);
  });

  it('is with the merchant under the same ids: its order, its line, its entry of the supplier, and the money', async () => {
    const at = await aReceivedOrder();
    const lent = await lend(at);

    const { id, quotes } = await rateReceived(at);

    const rating = await inside(at.merchantId, (db) => requireRating(db, id));
    expect(rating).toMatchObject({ orderId: at.merchantOrderId, payer: 'account', labelAccountId: lent });
    expect(rating.content).toMatchObject({ lines: [{ lineId: at.merchantLineId, quantity: 3 }], shipFromWarehouseId: null }); // prettier-ignore
    expect(rating.quotes.map((quote) => quote.id)).toEqual(quotes.map((quote) => quote.id));
    expect(await inside(at.merchantId, (db) => lentQuote(db, quotes[0]!.id))).toMatchObject({
      cost: { amount: 480, currency: 'USD' },
      lentTo: at.supplierId,
      providerShipmentId: expect.stringMatching(/^test_shp_/),
      providerRateId: expect.stringMatching(/^test_rate_/),
    });
  });

  it('is limited to the services and the price that the merchant allows', async () => {
    const at = await aReceivedOrder();
    await lend(at, { services: ['other/Standard', 'other/Express'], maxCost: { amount: 1_000, currency: 'USD' } });
    const none = await aReceivedOrder();
    await lend(none, { maxCost: { amount: 479, currency: 'USD' } });

    expect((await rateReceived(at)).quotes.map(({ service }) => service)).toEqual(['Standard']);
    await expect(rateReceived(none)).rejects.toThrow(code('carrier_not_allowed'));
  });

  it('is not insured at the cost of the merchant: its fee is on no quote', async () => {
    const at = await aReceivedOrder();
    await lend(at);

    const insured = rateReceived(at, { content: { insuredValue: { amount: 500_000, currency: 'USD' } } });

    await expect(insured).rejects.toThrow(code('carrier_not_allowed'));
  });

  it('is not rated with an account of the supplier, but where the merchant leaves the choice', async () => {
    const at = await aReceivedOrder();
    await lend(at);
    const free = await aReceivedOrder();
    await lend(free, { policy: 'supplier_choice' });

    await expect(rateReceived(at, { labelAccountId: at.own })).rejects.toThrow(code('carrier_not_allowed'));
    expect(await rateReceived(free, { labelAccountId: free.own })).toMatchObject({ payer: 'account' });
    expect(await rateReceived(free)).toMatchObject({ payer: 'merchant' });
  });

  it('is lent no more once the connection has ended', async () => {
    const at = await aReceivedOrder();
    await lend(at);
    await inside(at.merchantId, (db) => changeConnection(db, { id: at.connectionId, status: 'ended' }));

    expect(await rateReceived(at)).toMatchObject({ payer: 'account', labelAccountId: at.own });
  });

  it('has the merchant’s quotes also where the worker died between the two accounts', async () => {
    const at = await aReceivedOrder();
    await lend(at);
    const input = asked(at.orderId);
    const dying = () => {
      throw new Error('killed');
    };

    await expect(rateParcel(labelDeps(pool, { crashPoint: dying }), input)).rejects.toThrow('killed');
    expect(await inside(at.supplierAccountId, (db) => findRating(db, input.ratingId))).toBeUndefined();
    // By now the provider would give other rates.
    input.content.parcel = { ...box, weightGrams: 5_000 };
    await rateParcel(labelDeps(pool), input);

    const [here, there] = await Promise.all(
      [at.supplierAccountId, at.merchantId].map((id) => inside(id, (db) => requireRating(db, input.ratingId))),
    );
    expect(here!.quotes.map(({ id }) => id)).toEqual(there!.quotes.map(({ id }) => id));
    expect(there!.quotes[0]!.cost).toEqual({ amount: 480, currency: 'USD' });
  });
});

describe('a quote', () => {
  it('is bought for its own order, until its day is over', async () => {
    const [one, other] = [await anOwnOrder(), await anOwnOrder()];
    const { accountId, orderId } = one;
    const { id: ratingId, quotes } = await rate(accountId, orderId);
    const quoteId = quotes[1]!.id;
    const require = (order: string) => inside(accountId, (db) => requireQuote(db, order, quoteId));

    expect(await require(orderId)).toMatchObject({ id: quoteId, ratingId, orderId, service: 'Standard', lentTo: null });
    await expect(require(other.orderId)).rejects.toThrow(code('quote_not_found'));
    await expect(inside(other.accountId, (db) => requireQuote(db, orderId, quoteId))).rejects.toThrow(
      code('quote_not_found'),
    );
    await inside(accountId, (db) => db('label_ratings').update({ expires_at: '2026-01-01T00:00:00Z' }));
    await expect(require(orderId)).rejects.toThrow(code('rate_expired'));
  });
});
