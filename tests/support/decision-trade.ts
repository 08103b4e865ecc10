import type { Company, OrderAnswer } from './trade.ts';

/** Says as this supplier that it will ship, or that it will not. */
export const accept = (
  company: Company,
  orderId: string,
  { key, ...body }: { key?: string; expectedShipAt?: string } = {},
) => company.rest.post<OrderAnswer>(`/orders/${orderId}/accept`, body, key);

export type RejectWish = {
  reason?: string;
  note?: string;
  lines?: { lineId: string; quantity: number }[];
  key?: string;
};
export const reject = (company: Company, orderId: string, { key, ...wish }: RejectWish = {}) =>
  company.rest.post<OrderAnswer>(`/orders/${orderId}/reject`, { reason: 'out_of_stock', ...wish }, key);

/** Hands a leaf on by hand. @returns the new dropship's id */
export async function handOn(merchant: Company, orderId: string, supplierId: string): Promise<string> {
  const made = await merchant.rest.post<{ dropships: { id: string }[] }>(`/orders/${orderId}/dropship`, { supplierId });
  return made.dropships[0]!.id;
}
