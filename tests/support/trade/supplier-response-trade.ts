import type { TradedSku } from './cancel-trade.ts';
import { aCompany, aConnection, aProduct, type Company, type OrderAnswer } from './trade.ts';

/** Accepts, or rejects, an order as this supplier. */
export const accept = (
  company: Company,
  orderId: string,
  { key, ...body }: { key?: string; expectedShipAt?: string } = {},
) => company.rest.post<OrderAnswer>(`/orders/${orderId}/accept`, body, key);

type RejectWish = {
  reason?: string;
  note?: string;
  lines?: { lineId: string; quantity: number }[];
  key?: string;
};
export const reject = (company: Company, orderId: string, { key, ...wish }: RejectWish = {}) =>
  company.rest.post<OrderAnswer>(`/orders/${orderId}/reject`, { reason: 'out_of_stock', ...wish }, key);

/** Dropships a leaf by hand. @returns the new dropship's id */
export async function dropshipTo(merchant: Company, orderId: string, supplierId: string): Promise<string> {
  const made = await merchant.rest.post<{ dropships: { id: string }[] }>(`/orders/${orderId}/dropship`, { supplierId });
  return made.dropships[0]!.id;
}

/** Assigns the order's product to a second supplier, to which no order is routed automatically. */
export async function anotherSupplier(world: Parameters<typeof aCompany>[0], { merchant, sku, trade }: TradedSku) {
  const supplier = await aCompany(world);
  const other = await aConnection(world, merchant, supplier);
  await aProduct(supplier, { sku });
  await supplier.rest.put('/stock', { sku, physicalOnHand: 50 });
  await merchant.rest.post('/products/batch', {
    items: [
      {
        sku,
        name: `Product ${sku}`,
        suppliers: [{ supplierId: trade.supplierId, isDefault: true }, { supplierId: other.supplierId }],
      },
    ],
  });
  return { supplier, ...other };
}
