import { describe, expect, it } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { eraseChain } from '../../../activities/reconcile/erase-chain.ts';
import { storeAnswer } from '../../../db/engine/idempotency.ts';
import { storeBytes, storeDocument } from '../../../db/documents/documents.ts';
import { inPostgres } from '../../../db/documents/store.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { noteEdit } from '../../../db/orders/edits.ts';
import { insertOrderEvent } from '../../../db/orders/events.ts';
import { dataOf } from '../../../clients/typescript/src/index.ts';
import { anIncomingOrder } from '../../support/trade/database-trade.ts';
import { tracesOf } from '../../support/trade/stored-texts.ts';
import {
  aCompany,
  aConnection,
  anApiChannel,
  anOrderBody,
  aProduct,
  canary,
  type Company,
  type OrderAnswer,
  orderOf,
  placeOrder,
  received,
  ship,
  shipmentOf,
} from '../../support/trade/trade.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { startWorld } from '../../support/trade/world.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';

const world = forTheFile(() => startWorld());

describe('a supplier that hands an order on to its own supplier', () => {
  it('passes the tracking up to the first merchant, the same shipment in all three accounts', async () => {
    const [shop, trader, factory] = [await aCompany(world), await aCompany(world), await aCompany(world)];
    const upper = await aConnection(world, shop, trader);
    const lower = await aConnection(world, trader, factory);
    const sku = await aProduct(shop, { supplierId: upper.supplierId, supplierSku: 'TRADED' });
    await aProduct(trader, { sku: 'TRADED', supplierId: lower.supplierId });
    const channelId = await anApiChannel(shop);
    const sold = await placeOrder(shop, { channelId, lines: [{ sku, quantity: 3 }] });
    const traded = await received(trader, { portalId: upper.portalId, dropshipId: sold.dropship!.id });
    const dropshipped = await orderOf(trader, traded.id);
    const made = await received(factory, { portalId: lower.portalId, dropshipId: dropshipped.dropship!.id });

    const shipment = await ship(factory, made.id, { trackingNumber: '1Z-CHAIN' });

    const seen = await waitUntil(async () => (await orderOf(shop, sold.id)).shipments[0]);
    expect(seen).toMatchObject({ id: shipment.id, trackingNumber: '1Z-CHAIN', lines: [{ quantity: 3 }] });
    for (const [company, id] of [[shop, sold.id], [trader, traded.id], [factory, made.id]] as const) {
      expect(await orderOf(company, id)).toMatchObject({ status: 'shipped', shipments: [{ id: shipment.id }] });
    } // prettier-ignore
    await waitUntil(async () => (await shipmentOf(factory, shipment.id)).confirmedAt);
    for (const dropship of [sold.dropship!, dropshipped.dropship!]) {
      const handle = world.client.workflow.getHandle(`dropship/${dropship.id}`);
      expect(await handle.result()).toEqual({ status: 'complete' });
    }
  });

  it('may not hand it back to a company it came from', async () => {
    const [shop, trader] = [await aCompany(world), await aCompany(world)];
    const there = await aConnection(world, shop, trader);
    const back = await aConnection(world, trader, shop);
    const sku = await aProduct(shop, { supplierId: there.supplierId });
    await aProduct(trader, { sku, supplierId: back.supplierId });
    const sold = await placeOrder(shop, { channelId: await anApiChannel(shop), lines: [{ sku, quantity: 1 }] });

    const traded = await received(trader, { portalId: there.portalId, dropshipId: sold.dropship!.id });

    expect(await orderOf(trader, traded.id)).toMatchObject({ dropship: null, attention: { code: 'dropship_loop' } });
  });
});

/** A chain of three companies with one order that nobody has shipped yet. */
async function aChain() {
  const [shop, trader, factory] = [await aCompany(world), await aCompany(world), await aCompany(world)];
  const upper = await aConnection(world, shop, trader);
  const lower = await aConnection(world, trader, factory);
  for (const [company, { supplierId }] of [[shop, upper], [trader, lower]] as const)
    await company.rest.patch(`/suppliers/${supplierId}`, { sharedFields: ['phone', 'email', 'customerNote'] }); // prettier-ignore
  const sku = await aProduct(shop, { supplierId: upper.supplierId, supplierSku: 'TRADED' });
  await aProduct(trader, { sku: 'TRADED', supplierId: lower.supplierId });
  const body = anOrderBody({ channelId: await anApiChannel(shop), lines: [{ sku, quantity: 3 }] });
  const sold = await shop.rest.post<OrderAnswer>('/orders', body, 'posted');
  const traded = await received(trader, { portalId: upper.portalId, dropshipId: sold.dropship!.id });
  const { dropship } = await orderOf(trader, traded.id);
  const made = await received(factory, { portalId: lower.portalId, dropshipId: dropship!.id });
  return { shop, trader, factory, body, sold, traded, made };
}

type Erasure = { id: string; status: string; openOrders: string[]; erasedOrders: string[] };

const traces = async (companies: readonly Company[]) =>
  Promise.all(companies.map(({ id }) => tracesOf(world.pool, id)));

/** The payloads that Temporal stores of the last run of the dropships of these orders, as text. */
const payloadsOf = (orders: readonly OrderAnswer[]) =>
  Promise.all(
    orders.map(async ({ dropship }) => {
      const handle = world.client.workflow.getHandle(`dropship/${dropship!.id}`);
      const payloads = historyToJSON(await handle.fetchHistory()).matchAll(/"data": ?"([A-Za-z0-9+/=]+)"/g);
      return [...payloads].map(([, data]) => Buffer.from(data!, 'base64').toString()).join('\n');
    }),
  );

/** The next round works on it, and not only in some minutes. */
async function worked(company: Company, { id }: Erasure): Promise<Erasure> {
  const due = () => withAccount(world.pool, company.id, (db) => db('erasures').where({ id }).first('due_at'));
  await withAccount(world.pool, company.id, (db) => db('erasures').where({ id }).update({ due_at: db.fn.now() }));
  await waitUntil(async () => {
    const row = await due();
    return row!.due_at === null || row!.due_at > new Date();
  });
  return company.rest.get<Erasure>(`/erasures/${id}`);
}

describe('the personal data of an order', () => {
  const chain = forTheFile(aChain);

  it('are asked for by whoever has the shop, or by the operator', async () => {
    const { shop, trader, sold, traded } = chain;
    const asks = async (rest: Company['rest'], body: object) => {
      const answer = await rest.api.POST('/v1/erasures', { body });
      return answer.error?.code ?? answer.data?.status;
    };

    expect(await asks(trader.rest, { orderId: traded.id })).toBe('order_received');
    expect(await asks(trader.rest, { orderId: sold.id })).toBe('order_not_found');
    expect(await asks(trader.rest, { orderId: sold.id, accountId: shop.id })).toBe('account_not_found');
    expect(await asks(shop.rest, { orderId: sold.id, email: canary.email })).toBe('invalid_request');
    expect(await asks(world.operator, { orderId: sold.id })).toBe('invalid_request');
    expect(await asks(world.operator, { orderId: sold.id, accountId: shop.id })).toBe('waiting');
    expect((await dataOf(shop.rest.api.GET('/v1/erasures'))).data).toMatchObject([
      { status: 'waiting', orderId: sold.id },
    ]);
  });

  it('go from all accounts of its chain once it is closed, and do not come back', async () => {
    const { shop, trader, factory, body, sold, traded, made } = chain;
    const companies = [shop, trader, factory];
    const asked = await shop.rest.post<Erasure>('/erasures', { orderId: sold.id });
    expect(await worked(shop, asked)).toMatchObject({ status: 'waiting', openOrders: [sold.id], erasedOrders: [] });
    await factory.rest.post(`/orders/${made.id}/shipments`, { carrier: 'other', carrierName: 'Quillfeather and sons', trackingNumber: 'T-1', trackingUrl: 'https://track.example/quillfeather', service: 'to Quillfeather' }); // prettier-ignore
    const shipped = await waitUntil(async () => (await orderOf(shop, sold.id)).shipments.find((one) => one.confirmedAt !== null)); // prettier-ignore
    expect(shipped).toMatchObject({ carrierName: 'Quillfeather and sons', trackingUrl: 'https://track.example/quillfeather', service: 'to Quillfeather' }); // prettier-ignore
    const dropshipped = [sold, await orderOf(trader, traded.id)];
    const hasNumbersAlone = async () => {
      for (const text of await payloadsOf(dropshipped))
        expect([text.includes('T-1'), /quillfeather/i.test(text)]).toEqual([true, false]);
    };
    await hasNumbersAlone();
    await factory.rest.patch(`/shipments/${shipped.id}`, { service: 'to J. Quillfeather' });
    await waitUntil(async () => {
      const { service, confirmedAt } = await shipmentOf(shop, shipped.id);
      return service === 'to J. Quillfeather' && confirmedAt !== null;
    });
    const note = { orderId: made.id, type: 'note_added', actor: { kind: 'account', id: 'key_1' }, data: { note: 'Quillfeather rang' } } as const; // prettier-ignore
    await withAccount(world.pool, factory.id, (db) => insertOrderEvent(db, note));
    for (const found of await traces(companies)) expect(Object.keys(found)).toEqual(expect.arrayContaining(['orders', 'shipments'])); // prettier-ignore

    await hasNumbersAlone();
    const inShop = {
      ...anIncomingOrder([{ sku: body.lines[0]!.sku }]),
      shipTo: { ...canary, address1: 'Quillfeather Road' },
    };
    const edit = () =>
      withAccount(world.pool, shop.id, (db) =>
        noteEdit(db, {
          orderId: sold.id,
          order: inShop,
          actor: { kind: 'channel', id: sold.channelId },
          at: new Date(),
        }),
      );
    await edit();
    const bytes = await storeBytes(inPostgres, factory.id, {
      kind: 'packing_slip',
      bytes: Buffer.from('Quillfeather'),
    });
    await withAccount(world.pool, factory.id, (db) =>
      storeDocument(db, inPostgres, { bytes, mediaType: 'application/pdf', orderId: made.id }),
    );
    const exported = () => dataOf(shop.rest.api.POST('/v1/exports', { body: { email: canary.email } }));
    expect(await exported()).toMatchObject({
      orders: [{ order: { id: sold.id, shipTo: canary }, shipToInShop: canary, suppliers: [{ sharedFields: ['phone', 'email', 'customerNote'] }] }],
      next: null,
    }); // prettier-ignore

    const source = { accountId: shop.id, orderId: sold.id, actor: { kind: 'account', id: 'key_1' } } as const;
    const crashPoint = () => {
      throw new Error('died');
    };
    // The accounts between may still wait for the word that the shop shows the shipment.
    await waitUntil(() =>
      eraseChain({ pool: world.pool, crashPoint }, source).catch((error: Error) => error.message === 'died'),
    );
    expect((await traces(companies)).map((found) => 'orders' in found)).toEqual([true, true, false]);
    expect(await worked(shop, asked)).toMatchObject({ status: 'done', openOrders: [], erasedOrders: [sold.id] });

    expect(await traces(companies)).toEqual([{}, {}, {}]);
    expect((await exported()).orders).toEqual([]);
    expect(await orderOf(shop, sold.id)).toMatchObject({ pendingEdit: null, attention: null });
    expect(await withAccount(world.pool, factory.id, (db) => db('documents').pluck<string[]>('id'))).toEqual([]);
    for (const [company, id] of [
      [shop, sold.id],
      [trader, traded.id],
      [factory, made.id],
    ] as const) {
      expect(await orderOf(company, id)).toMatchObject({
        status: 'shipped', number: sold.number, shipTo: { name: 'erased', country: 'US' }, erasedAt: expect.any(String),
        lines: [{ quantity: 3, shipped: 3 }], shipments: [{ id: shipped.id, trackingNumber: 'T-1', carrierName: 'erased' }],
      }); // prettier-ignore
    }
    expect(await shop.rest.post('/orders', body, 'posted')).toMatchObject({ id: sold.id, shipTo: { name: 'erased' } });
    expect(await shop.rest.post('/orders', body)).toMatchObject({ id: sold.id, shipTo: { name: 'erased' } });
    await edit();
    expect(await traces(companies)).toEqual([{}, {}, {}]);
  });

  it('that a request under way stores late go with a second look', async () => {
    const [shop] = [await aCompany(world)];
    const place = async () => {
      const { id } = await placeOrder(shop, { channelId, lines: [{ sku, quantity: 1 }] });
      await shop.rest.post(`/orders/${id}/cancel`, { reason: 'customer_request' });
      return id;
    };
    const [channelId, sku] = [await anApiChannel(shop), await aProduct(shop)];
    const ids = [await place(), await place()].sort();
    const other = anOrderBody({ channelId, lines: [{ sku, quantity: 1 }] });
    const left = await shop.rest.post<OrderAnswer>('/orders', { ...other, shipTo: { ...other.shipTo, email: 'b@c.example' }, customer: { name: 'B' } }); // prettier-ignore
    const asked = await shop.rest.post<Erasure>('/erasures', { email: canary.email.toUpperCase() });
    const done = await waitUntil(async () => {
      const now = await shop.rest.get<Erasure>(`/erasures/${asked.id}`);
      return now.status === 'done' && now;
    });
    expect(done.erasedOrders.toSorted()).toEqual(ids);
    expect(await orderOf(shop, left.id)).toMatchObject({ shipTo: { name: canary.name }, erasedAt: null });
    const stored = { key: 'late', fingerprint: 'f', status: 200, answer: { id: ids[0], shipTo: canary } };
    await withAccount(world.pool, shop.id, (db) => storeAnswer(db, stored));

    await worked(shop, asked);

    expect(await tracesOf(world.pool, shop.id)).not.toHaveProperty('idempotency_keys');
  });
});
