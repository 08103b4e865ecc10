import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openWooCommerce } from '../../../../activities/channels/woocommerce/woocommerce.ts';
import { aPush, faultOf, some, walk } from '../harness.ts';
import { startWooCommerceHarness } from './harness.ts';

let harness: Awaited<ReturnType<typeof startWooCommerceHarness>>;
beforeAll(async () => {
  harness = await startWooCommerceHarness();
});
afterAll(async () => {
  await harness?.stop();
});

describe('an order of a WooCommerce shop', () => {
  it('is completed when its last unit ships, and not before', async () => {
    const order = await harness.place({ skus: [['MUG-BLUE', 2]] });
    const status = () => harness.shop.order(order.remoteId).status;

    const part = await harness.open().pushShipment(aPush(order, { units: some(order, 1) }));
    const between = status();
    const push = aPush(order, { units: some(order, 1), taken: part.remoteIds });
    const { remoteIds } = await harness.open().pushShipment(push);
    const after = status();
    await harness.open().voidShipment({ ...push, remoteIds });

    expect([between, after, status()]).toEqual(['processing', 'completed', 'processing']);
  });

  it('is completed by the next try when that was lost', async () => {
    const order = await harness.place();
    const push = aPush(order);
    const completes = ({ method, path }: { method: string; path: string }) =>
      method === 'PUT' && /\/orders\/\d+$/.test(path);
    harness.proxy.refuse(503, { times: 1, matching: completes });

    const cut = await faultOf(harness.open().pushShipment(push));
    const { found } = await harness.open().pushShipment(push);

    expect([cut.kind, found]).toEqual(['unknown_outcome', true]);
    expect(harness.shop.order(order.remoteId)).toMatchObject({ status: 'completed', fulfillments: [{}] });
  });

  it('may get its tracking after a clerk has completed it', async () => {
    const order = await harness.place();
    harness.shop.setStatus(harness.shop.order(order.remoteId), 'completed');
    const before = await harness.open().getOrder(order.remoteId);

    const pushed = await harness.open().pushShipment(aPush(order));

    expect(before.lines).toMatchObject([{ ordered: 2, shipped: 2 }]);
    expect(pushed).toMatchObject({
      found: false,
      order: { lines: [{ shipped: 2 }], shipments: [{ state: 'shipped' }] },
    });
  });

  it('has the quantities of now after an edit, down, up, removed and added', async () => {
    const connectedAt = await harness.tick();
    const { shop } = harness;
    const placed = await harness.place({ skus: [['MUG-BLUE', 3], ['MUG-SAND', 1], ['POSTER-A2', 2]] }); // prettier-ignore
    const [blue, sand, poster] = placed.units.map(({ remoteLineId }) => Number(remoteLineId));
    shop.editLine(placed.remoteId, blue!, 2);
    shop.editLine(placed.remoteId, sand!, 4);
    shop.editLine(placed.remoteId, poster!, 0);
    const added = shop.addLine(placed.remoteId, 'NOTEBOOK-A5', 1);

    const order = await harness.open().getOrder(placed.remoteId);
    const { items } = await harness.open({ connectedAt }).listCancelled(null);

    expect(order.lines.map(({ remoteLineId, ordered, cancelled, priceMinor }) => [remoteLineId, ordered, cancelled, priceMinor])).toEqual([
      [String(blue), 2, 0, 1450],
      [String(sand), 4, 0, 1450],
      [String(added.id), 1, 0, 1450],
    ]); // prettier-ignore
    expect(items).toMatchObject([{ whole: false, left: [{ quantity: 2 }, { quantity: 4 }, { quantity: 1 }] }]);
  });

  it('loses no unit that a clerk has shipped when it is paid back', async () => {
    const placed = await harness.place({ skus: [['MUG-BLUE', 2]] });
    await harness.shipByHand(placed.remoteId, placed.units, 'HAND-9');
    await harness.cancel(placed.remoteId, some(placed, 1));

    const order = await harness.open().getOrder(placed.remoteId);

    expect(order.lines).toMatchObject([{ ordered: 2, shipped: 2, cancelled: 0 }]);
  });

  it('is cancelled in the trash, and left out where the shop does not know it', async () => {
    const [placed, trashed] = [await harness.place(), await harness.place()];
    harness.shop.setStatus(harness.shop.order(trashed.remoteId), 'trash');

    const orders = await harness.open().getOrders([trashed.remoteId, placed.remoteId, '999999', 'x']);

    const states = new Map(orders.map(({ remoteId, state }) => [remoteId, state]));
    expect([states.get(placed.remoteId), states.get(trashed.remoteId), states.size]).toEqual(['ready', 'cancelled', 2]);
  });

  it('is ready in the statuses of the merchant, and while a payment is awaited if that is wanted', async () => {
    harness.shop.switches.statuses.push('packing');
    const [own, unpaid, paid] = [await harness.place(), await harness.place({ paid: false }), await harness.place()];
    harness.shop.setStatus(harness.shop.order(own.remoteId), 'packing');
    const ids = [own, unpaid, paid].map(({ remoteId }) => remoteId);
    const statesWith = async (settings: object) =>
      Promise.all(ids.map(async (id) => (await harness.open({ settings }).getOrder(id)).state));

    expect(await statesWith({})).toEqual(['waiting', 'waiting', 'ready']);
    expect(await statesWith({ statuses: ['packing'] })).toEqual(['ready', 'waiting', 'waiting']);
    expect(await statesWith({ importWhen: 'placed' })).toEqual(['waiting', 'ready', 'ready']);
  });

  it('has no price where the shop’s decimals are finer than its currency', async () => {
    const placed = await harness.place({ currency: 'JPY' });
    harness.shop.order(placed.remoteId).lines[0]!.subtotal = '14.50';

    expect((await harness.open().getOrder(placed.remoteId)).lines[0]!.priceMinor).toBeNull();
  });
});

describe('the stock of a WooCommerce shop', () => {
  it('is refused for variations that share the stock of their product', async () => {
    harness.shop.catalogue.bySku('TEE-BLACK-M').manages = 'parent';
    const remoteProductId = await harness.productId('TEE-BLACK-M');

    const write = { listingId: 'lst_1', remoteProductId, sku: 'TEE-BLACK-M', available: 4, version: 1 };
    const outcomes = await harness.open().writeInventory([write]);
    harness.shop.catalogue.bySku('TEE-BLACK-M').manages = true;

    expect(outcomes).toMatchObject([{ outcome: 'failed', fault: { kind: 'invalid', code: 'shared' } }]);
  });

  it('is found out to be ignored when the product stops managing it during the write', async () => {
    const product = harness.shop.catalogue.bySku('NOTEBOOK-A5');
    harness.proxy.overtake(async () => (product.manages = false), { times: 1, matching: harness.is.stock });

    const write = {
      listingId: 'lst_1',
      remoteProductId: String(product.id),
      sku: 'NOTEBOOK-A5',
      available: 4,
      version: 1,
    };
    const outcomes = await harness.open().writeInventory([write]);
    product.manages = true;

    expect(outcomes).toMatchObject([{ outcome: 'failed', fault: { kind: 'invalid', code: 'untracked' } }]);
  });

  it('is written to the others when one product is deleted', async () => {
    const { catalogue } = harness.shop;
    const doomed = catalogue.add({ sku: 'DOOMED', name: 'Doomed' });
    const mug = catalogue.bySku('MUG-SAND');
    const writes = [doomed, mug].map(({ id, sku }) => ({ listingId: `lst_${sku}`, remoteProductId: String(id), sku, available: 3, version: 1 })); // prettier-ignore
    harness.proxy.overtake(async () => catalogue.remove('DOOMED'), { times: 1, matching: harness.is.stock });

    const outcomes = await harness.open().writeInventory(writes);

    expect(outcomes).toMatchObject([
      { listingId: 'lst_DOOMED', outcome: 'failed', fault: { kind: 'gone', what: 'listing' } },
      { listingId: 'lst_MUG-SAND', outcome: 'written' },
    ]);
    expect(mug.stock).toBe(3);
  });
});

describe('the catalogue of a WooCommerce shop', () => {
  it('has each of 120 variations, and those that change later, also without a list of variations', async () => {
    const { catalogue, switches } = harness.shop;
    const product = catalogue.add({ sku: 'SOCKS', name: 'Socks', type: 'variable', manages: false, stock: null });
    const names = Array.from({ length: 120 }, (_, index) => `S${index}`);
    for (const name of names) catalogue.add({ sku: `SOCKS-${name}`, name, parent: product.id, type: 'variation' });
    const all = await walk((after) => harness.open().importProducts(after));
    await harness.tick();
    await harness.tick();

    catalogue.change('SOCKS-S7', { sku: 'SOCKS-SEVEN' });
    const changed = await walk((after) => harness.open().importProducts(after), all.next);
    switches.hasVariationsRoute = false;
    const older = await walk((after) => harness.open().importProducts(after));
    switches.hasVariationsRoute = true;

    const socks = (items: { sku: string }[]) => items.filter(({ sku }) => sku.startsWith('SOCKS'));
    expect([socks(all.items).length, socks(older.items).length]).toEqual([120, 120]);
    expect(socks(changed.items).map(({ sku }) => sku)).toContain('SOCKS-SEVEN');
    expect(all.items.find(({ sku }) => sku === 'SOCKS-S7')).toMatchObject({ name: 'Socks – S7', active: true });
  });
});

describe('a WooCommerce shop', () => {
  it('is never called by http, where it would refuse each key', () => {
    const tools = { fetch: async () => Response.error() } as never;
    const credentials = { consumerKey: `ck_${'0'.repeat(40)}`, consumerSecret: `cs_${'0'.repeat(40)}` };

    expect(() => openWooCommerce({ url: 'http://shop.example' }, credentials, tools)).toThrow('invalid url malformed');
  });

  it('whose orders lie in the older storage shows a refund only to who reads the order', async () => {
    const older = await startWooCommerceHarness({ storage: 'posts' });
    const connectedAt = await older.tick();
    const placed = await older.place({ skus: [['MUG-BLUE', 2]] });
    for (let second = 0; second < 600; second += 1) await older.tick();
    const later = await older.place();
    const { next } = await walk((after) => older.open({ connectedAt }).listCancelled(after));
    await older.cancel(placed.remoteId, some(placed, 1));

    const { items } = await walk((after) => older.open({ connectedAt }).listCancelled(after), next);
    const [order] = await older.open().getOrders([placed.remoteId]);
    const { changes } = await older.open().describeTraits();
    await older.stop();

    expect(items.map(({ remoteOrderId }) => remoteOrderId)).toEqual([later.remoteId]);
    expect(order!.lines).toMatchObject([{ ordered: 2, cancelled: 1 }]);
    expect(changes).toBe('partial');
  });
});
