import { dataOf, type Rejection } from '../../../clients/typescript/src/index.ts';
import { keyed } from '../engine/rest.ts';
import type { TradedSku } from './cancel-trade.ts';
import { aCompany, aConnection, aProduct, type Company } from './trade.ts';

/** Accepts, or rejects, an order as this supplier. */
export const accept = (
  company: Company,
  orderId: string,
  { key, ...body }: { key?: string; expectedShipAt?: string } = {},
) =>
  dataOf(
    company.rest.api.POST('/v1/orders/{id}/accept', { params: { path: { id: orderId }, header: keyed(key) }, body }),
  );

type RejectWish = {
  reason?: Rejection['reason'];
  note?: string;
  lines?: { lineId: string; quantity: number }[];
  key?: string;
};
export const reject = (company: Company, orderId: string, { key, ...wish }: RejectWish = {}) =>
  dataOf(
    company.rest.api.POST('/v1/orders/{id}/reject', {
      params: { path: { id: orderId }, header: keyed(key) },
      body: { reason: 'out_of_stock', ...wish },
    }),
  );

/** Dropships a leaf by hand. @returns the new dropship's id */
export async function dropshipTo(merchant: Company, orderId: string, supplierId: string): Promise<string> {
  const asked = { params: { path: { id: orderId } }, body: { supplierId } };
  const made = await dataOf(merchant.rest.api.POST('/v1/orders/{id}/dropship', asked));
  return made.dropships[0]!.id;
}

/** Assigns the order's product to a second supplier, to which no order is routed automatically. */
export async function anotherSupplier(world: Parameters<typeof aCompany>[0], { merchant, sku, trade }: TradedSku) {
  const supplier = await aCompany(world);
  const other = await aConnection(world, merchant, supplier);
  await aProduct(supplier, { sku });
  await dataOf(supplier.rest.api.PUT('/v1/stock', { body: { sku, physicalOnHand: 50 } }));
  const suppliers = [{ supplierId: trade.supplierId, isDefault: true }, { supplierId: other.supplierId }];
  const items = [{ sku, name: `Product ${sku}`, suppliers }];
  await dataOf(merchant.rest.api.POST('/v1/products/batch', { body: { items } }));
  return { supplier, ...other };
}
