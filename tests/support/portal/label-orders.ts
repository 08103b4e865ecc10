import { dataOf } from '../../../clients/typescript/src/index.ts';
import { aTradedSku, type TradedSku } from '../trade/cancel-trade.ts';
import type { Company } from '../trade/trade.ts';
import type { World } from '../trade/world.ts';

const shipFrom = {
  name: 'Summit Goods',
  address1: '500 Harbor Way',
  city: 'Portland',
  province: 'OR',
  postalCode: '97201',
  country: 'US',
  phone: '+1 503 555 0100',
};

/** Grams of one unit. */
export const unitWeight = 350;

/** A label account of the built-in provider. */
export const aLabelAccount = (company: Company, name = 'Test labels') =>
  dataOf(company.rest.api.POST('/v1/label-accounts', { body: { provider: 'test', name } }));

/** The first warehouse of its own gets an address, so that parcels can leave it. */
export async function withShipFrom(company: Company): Promise<void> {
  const { data } = await dataOf(company.rest.api.GET('/v1/warehouses'));
  const { id } = data.find(({ supplierId }) => supplierId === null)!;
  await dataOf(
    company.rest.api.PATCH('/v1/warehouses/{id}', { params: { path: { id } }, body: { address: shipFrom } }),
  );
}

export async function productOf(company: Company, sku: string) {
  const { data } = await dataOf(company.rest.api.GET('/v1/products', { params: { query: { sku } } }));
  return data[0]!;
}

/** A merchant and its supplier, which has an address and knows what a unit weighs, and no label account yet. */
export async function aPackingSupplier(world: World): Promise<TradedSku> {
  const traded = await aTradedSku(world);
  const { supplier, sku } = traded;
  await withShipFrom(supplier);
  const { id } = await productOf(supplier, sku);
  await dataOf(
    supplier.rest.api.PATCH('/v1/products/{id}', { params: { path: { id } }, body: { weightGrams: unitWeight } }),
  );
  return traded;
}

export const labelsOf = async (company: Company, orderId: string) =>
  (await dataOf(company.rest.api.GET('/v1/labels', { params: { query: { orderId } } }))).data;
