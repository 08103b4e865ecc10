import { dataOf } from '../../../clients/typescript/src/index.ts';
import { keyed } from '../engine/rest.ts';
import { handedOver, type TradedSku } from './cancel-trade.ts';
import { leavesOf, orderOf, type Company, type OrderAnswer } from './trade.ts';

export type Part = { lineId: string; quantity: number };

/** Splits an order as this company. @returns the new orders, one per group */
export async function split(
  company: Company,
  orderId: string,
  { groups, key }: { groups: Part[][]; key?: string },
): Promise<OrderAnswer[]> {
  const body = { groups: groups.map((lines) => ({ lines })) };
  const params = { path: { id: orderId }, header: keyed(key) };
  return (await dataOf(company.rest.api.POST('/v1/orders/{id}/split', { params, body }))).orders;
}

/** An order of one line, in parts of so many units. */
export const inParts = ({ lines: [line] }: Pick<OrderAnswer, 'lines'>, ...quantities: number[]): Part[][] =>
  quantities.map((quantity) => [{ lineId: line!.id, quantity }]);

/** An order of five that the supplier has split into three and two. */
export async function splitInTwo(traded: TradedSku) {
  const { merchant, supplier } = traded;
  const { orderId, supplierOrderId, dropshipId } = await handedOver(traded, 5);
  const order = await orderOf(supplier, supplierOrderId);
  const leaves = await split(supplier, supplierOrderId, { groups: inParts(order, 3, 2) });
  return { orderId, supplierOrderId, dropshipId, leaves, mirrored: await leavesOf(merchant, orderId) };
}
