import { describe, expect, it } from '@jest/globals';
import { startVendureShop } from '../../standalone/demo/vendure-shop.ts';
import {
  aCompany,
  aConnection,
  aProduct,
  ranTask,
  received,
  type Company,
  type OrderAnswer,
} from '../support/trade/trade.ts';
import { startWorld } from '../support/trade/world.ts';
import { aVendureChannel } from './shop-trade.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';

const shop = forTheFile(startVendureShop, 300_000);
const world = forTheFile(() => startWorld({ allowedHosts: [new URL(shop.url).host] }));

type ListingAnswer = {
  id: string;
  productId: string;
  sku: string;
  remoteId: string;
  remoteSku: string;
  needsSync: boolean;
  linkedBy: string;
};
type StockAnswer = { physicalOnHand: number; committed: number; warehouseName: string; version: number };
type ProductAnswer = { id: string; sku: string; name: string; fulfillmentType: string; suppliers: object[] };

const listingsOf = async (company: Company, query = '') =>
  (await company.rest.get<{ data: ListingAnswer[] }>(`/listings?limit=200${query}`)).data;
const productsOf = async (company: Company) =>
  (await company.rest.get<{ data: ProductAnswer[] }>('/products?limit=200')).data;
const productOf = async (company: Company, sku: string) =>
  (await productsOf(company)).find((product) => product.sku === sku)!;
const stockOf = async (company: Company, sku: string) =>
  (await company.rest.get<{ data: StockAnswer[] }>(`/stock?sku=${sku}`)).data;

describe('a product that a merchant assigns to a supplier', () => {
  it('is on the supplier’s portal after Import Products, can be relinked, and is 0 at the merchant once taken away', async () => {
    const [merchant, supplier] = [await aCompany(world), await aCompany(world)];
    const { supplierId, portalId } = await aConnection(world, merchant, supplier);
    await aProduct(merchant, { sku: 'M-CUP', supplierId, supplierSku: 'S-CUP' });
    await aProduct(merchant, { sku: 'PLATE', supplierId });
    await aProduct(merchant, { sku: 'NOT-THEIRS' });
    await aProduct(supplier, { sku: 'BOWL' });

    const first = await ranTask(supplier, portalId, 'import_products');

    expect(first.counts).toMatchObject({ seen: 2, created: 2, failed: 0 });
    const made = await listingsOf(supplier, `&channelId=${portalId}`);
    expect(made.map(({ remoteSku, sku }) => [remoteSku, sku]).sort()).toEqual([
      ['PLATE', 'PLATE'],
      ['S-CUP', 'S-CUP'],
    ]);
    expect(await productOf(supplier, 'S-CUP')).toMatchObject({
      name: 'Product M-CUP',
      fulfillmentType: 'in_house',
      suppliers: [],
    });

    const plate = made.find(({ remoteSku }) => remoteSku === 'PLATE')!;
    const bowl = await productOf(supplier, 'BOWL');
    await supplier.rest.patch(`/listings/${plate.id}`, { productId: bowl.id });
    await supplier.rest.put('/stock', { sku: 'BOWL', physicalOnHand: 12 });
    await supplier.rest.put('/stock', { sku: 'S-CUP', physicalOnHand: 30 });
    expect((await ranTask(supplier, portalId, 'import_products')).counts).toMatchObject({ seen: 2, unchanged: 2 });
    expect(await listingsOf(supplier, '&needsSync=true')).toHaveLength(2);
    await ranTask(supplier, portalId, 'write_inventory');
    expect(await supplierStock('PLATE')).toMatchObject({ physicalOnHand: 12 });
    expect(await supplierStock('M-CUP')).toMatchObject({ physicalOnHand: 30 });
    expect(await listingsOf(supplier, '&needsSync=true')).toEqual([]);

    const { id } = await productOf(merchant, 'PLATE');
    await merchant.rest.patch(`/products/${id}`, { fulfillmentType: 'in_house', suppliers: [] });
    expect(await supplierStock('PLATE')).toMatchObject({ physicalOnHand: 0 });
    const last = await ranTask(supplier, portalId, 'import_products');

    expect(last.counts).toMatchObject({ seen: 2, unchanged: 1, updated: 1 });
    expect((await listingsOf(supplier)).map(({ remoteSku }) => remoteSku)).toEqual(['S-CUP']);
    await supplier.rest.put('/stock', { sku: 'BOWL', physicalOnHand: 99 });
    await ranTask(supplier, portalId, 'write_inventory');
    expect(await supplierStock('PLATE')).toMatchObject({ physicalOnHand: 0 });

    async function supplierStock(sku: string): Promise<StockAnswer | undefined> {
      return (await stockOf(merchant, sku)).find(({ warehouseName }) => warehouseName === supplier.name);
    }
  });
});

describe('the catalogue of a real shop', () => {
  it('becomes products and listings, and neither importing nor writing back zeroes anything in the shop', async () => {
    const merchant = await aCompany(world);
    await aProduct(merchant, { sku: 'MUG-BLUE' });
    const channelId = await aVendureChannel(merchant, shop.url);
    const before = await shop.available();

    const first = await ranTask(merchant, channelId, 'import_products');
    const again = await ranTask(merchant, channelId, 'import_products');
    const written = await ranTask(merchant, channelId, 'write_inventory');

    expect(first.counts).toMatchObject({ seen: before.size, created: before.size, failed: 0 });
    expect(again.counts).toMatchObject({ created: 0, updated: 0, failed: 0 });
    const listings = await listingsOf(merchant, `&channelId=${channelId}`);
    expect(listings.map(({ sku }) => sku).sort()).toEqual([...before.keys()].sort());
    for (const { remoteId, sku } of listings.slice(0, 2)) expect(remoteId).toBe(await shop.variantId(sku));
    expect((await productOf(merchant, 'MUG-BLUE')).name).toBe('Product MUG-BLUE');
    expect((await productsOf(merchant)).filter(({ fulfillmentType }) => fulfillmentType !== 'in_house')).toEqual([]);
    expect(written.counts).toMatchObject({ seen: 0, written: 0 });
    expect(await shop.available()).toEqual(before);
  });
});

describe('a variant that gets another SKU in the real shop', () => {
  it.each([
    ['rename', { product: 'new', goesTo: 'supplier' }],
    ['relink', { product: 'new', goesTo: 'nobody' }],
    ['keep', { product: 'old', goesTo: 'supplier' }],
  ] as const)('stays with its supplier, in orders and in stock, until a person decides: %s', async (action, after) => {
    const [merchant, supplier] = [await aCompany(world), await aCompany(world)];
    const { supplierId, portalId } = await aConnection(world, merchant, supplier);
    const [variant] = await shop.createVariants(1, `SAND-${action.toUpperCase()}`);
    const { id: remoteId, sku: old } = variant!;
    const renamed = `${old}-Y`;
    await aProduct(merchant, { sku: old, supplierId });
    const channelId = await aVendureChannel(merchant, shop.url);
    await ranTask(merchant, channelId, 'import_products');
    await ranTask(supplier, portalId, 'import_products');
    const supplierHas = async (physicalOnHand: number) => {
      await supplier.rest.put('/stock', { sku: old, physicalOnHand });
      await ranTask(supplier, portalId, 'write_inventory');
      return ranTask(merchant, channelId, 'write_inventory');
    };
    const listing = async () => (await listingsOf(merchant)).find((one) => one.remoteId === remoteId)!;
    const soldTo = async () => {
      await shop.placeOrder({ lines: [{ sku: renamed, quantity: 1 }], paid: true });
      await ranTask(merchant, channelId, 'import_orders');
      const [order] = (await merchant.rest.get<{ data: OrderAnswer[] }>('/orders?limit=1')).data;
      return order!;
    };
    await supplierHas(7);
    expect((await shop.stockOf(old)).available).toBe(7);

    await shop.updateVariant(old, { sku: renamed });
    const imported = await ranTask(merchant, channelId, 'import_products');

    expect(imported.counts).toMatchObject({ created: 0, updated: 1, failed: 0 });
    expect(await listing()).toMatchObject({ sku: old, remoteSku: renamed, skuChanged: { from: old, to: renamed } });
    expect(await supplierHas(0)).toMatchObject({ status: 'succeeded', counts: { written: 1 } });
    expect((await shop.stockOf(renamed)).available).toBe(0);
    await supplierHas(5);
    const sold = await soldTo();
    expect(sold).toMatchObject({ dropship: { supplierId }, attention: null });
    const theirs = await received(supplier, { portalId, dropshipId: sold.dropship!.id });
    expect(theirs.lines).toMatchObject([{ sku: old, quantity: 1 }]);
    expect(await stockOf(supplier, old)).toMatchObject([{ physicalOnHand: 5, committed: 1 }]);

    const { data } = await merchant.rest.get<{ data: { id: string }[] }>('/attentions?code=sku_changed');
    expect(data).toMatchObject([{ listingId: (await listing()).id, actions: ['rename', 'relink', 'keep'] }]);
    await merchant.rest.post(`/attentions/${data[0]!.id}/resolve`, { action, reason: 'other' });

    expect(await listing()).toMatchObject({ sku: after.product === 'new' ? renamed : old, skuChanged: null });
    const next = await soldTo();
    expect(next.dropship?.supplierId ?? 'nobody').toBe(after.goesTo === 'supplier' ? supplierId : 'nobody');
    await ranTask(supplier, portalId, 'import_products');
    await supplierHas(3);
    if (after.goesTo === 'nobody') return;
    const again = await received(supplier, { portalId, dropshipId: next.dropship!.id });
    expect(await stockOf(supplier, old)).toMatchObject([{ physicalOnHand: 3, committed: 2 }]);
    expect(again.lines[0]!.sku).toBe(after.product === 'new' ? renamed : old);
  });
});
