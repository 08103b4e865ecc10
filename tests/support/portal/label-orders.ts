import { dataOf } from '../../../clients/typescript/src/index.ts';
import { aTradedSku, type TradedSku } from '../trade/cancel-trade.ts';
import { shipsFrom } from '../trade/labels.ts';
import type { Company } from '../trade/trade.ts';
import type { World } from '../trade/world.ts';

/** Grams of one unit. */
const unitWeight = 350;

export async function productOf(company: Company, sku: string) {
  const { data } = await dataOf(company.rest.api.GET('/v1/products', { params: { query: { sku } } }));
  return data[0]!;
}

/** A merchant and its supplier, which has an address and knows what a unit weighs, and no label account yet. */
export async function aPackingSupplier(world: World): Promise<TradedSku> {
  const traded = await aTradedSku(world);
  const { supplier, sku } = traded;
  await shipsFrom(supplier);
  const { id } = await productOf(supplier, sku);
  await dataOf(
    supplier.rest.api.PATCH('/v1/products/{id}', { params: { path: { id } }, body: { weightGrams: unitWeight } }),
  );
  return traded;
}
