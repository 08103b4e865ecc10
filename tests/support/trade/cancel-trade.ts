import { dataOf, type NewCancel, type OrderEvent } from '../../../clients/typescript/src/index.ts';
import { keyed, ProblemError } from '../engine/rest.ts';
import {
  aCompany,
  aConnection,
  anApiChannel,
  aProduct,
  orderOf,
  placeOrder,
  ranTask,
  received,
  type Company,
  type OrderAnswer,
  type Trade,
} from './trade.ts';
import type { World } from './world.ts';

type CancelWish = {
  reason?: NewCancel['reason'];
  note?: string;
  lines?: { lineId: string; quantity: number }[];
  key?: string;
};

/** Cancels as this company: an order of its own, or a request to its supplier. */
export const cancel = (company: Company, orderId: string, { key, ...wish }: CancelWish = {}) =>
  dataOf(
    company.rest.api.POST('/v1/orders/{id}/cancel', {
      params: { path: { id: orderId }, header: keyed(key) },
      body: { reason: 'customer_request', ...wish },
    }),
  );

/** The supplier's consent to a request. */
export const acceptCancel = (company: Company, orderId: string, { key, ...wish }: CancelWish = {}) =>
  company.rest.post<OrderAnswer>(`/orders/${orderId}/cancel/accept`, { reason: 'customer_request', ...wish }, key);

export const declineCancel = (company: Company, orderId: string, { key }: { key?: string } = {}) =>
  company.rest.post<OrderAnswer>(`/orders/${orderId}/cancel/decline`, { reason: 'packed' }, key);

/** The result of a call: its answer, or the code of its refusal. */
export async function orCode<T>(call: Promise<T>): Promise<T | string> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.code;
    throw error;
  }
}

export type TradedSku = { merchant: Company; supplier: Company; trade: Trade; channelId: string; sku: string };

/**
 * A merchant that sells one supplied product, of which its supplier has 100.
 * @param shop settings of the merchant's channel
 */
export async function aTradedSku(world: Pick<World, 'operator' | 'as'>, shop: object = {}): Promise<TradedSku> {
  const [merchant, supplier] = [await aCompany(world), await aCompany(world)];
  const trade = await aConnection(world, merchant, supplier);
  const sku = await aProduct(merchant, { supplierId: trade.supplierId });
  await aProduct(supplier, { sku });
  await dataOf(supplier.rest.api.PUT('/v1/stock', { body: { sku, physicalOnHand: 100 } }));
  return { merchant, supplier, trade, channelId: await anApiChannel(merchant, shop), sku };
}

/** An order of two units that its supplier, the trader, has received and dropships to another supplier, the factory. */
export async function aPassedOrder(world: Pick<World, 'operator' | 'as'>) {
  const [shop, trader, factory] = [await aCompany(world), await aCompany(world), await aCompany(world)];
  const upper = await aConnection(world, shop, trader);
  const lower = await aConnection(world, trader, factory);
  const sku = await aProduct(shop, { supplierId: upper.supplierId });
  await aProduct(trader, { sku, supplierId: lower.supplierId });
  const order = await placeOrder(shop, { channelId: await anApiChannel(shop), lines: [{ sku, quantity: 2 }] });
  const passed = await received(trader, { portalId: upper.portalId, dropshipId: order.dropship!.id });
  return { shop, trader, factory, lower, order, passed };
}

/** An order of that product, waiting for its import. */
export const sold = ({ merchant, channelId, sku }: TradedSku, quantity = 3): Promise<OrderAnswer> =>
  placeOrder(merchant, { channelId, lines: [{ sku, quantity }] });

/** The same, with the supplier. @returns the ids on both sides */
export async function handedOver(traded: TradedSku, quantity = 3) {
  const order = await sold(traded, quantity);
  const { supplier, trade } = traded;
  return bothSides(
    traded,
    order,
    await received(supplier, { portalId: trade.portalId, dropshipId: order.dropship!.id }),
  );
}

/** Many orders of one unit, imported by one run. */
export async function handedOverMany(traded: TradedSku, count: number) {
  const { supplier, trade } = traded;
  const orders = await inGroups(Array.from({ length: count }), () => sold(traded, 1));
  await ranTask(supplier, trade.portalId, 'import_orders');
  return inGroups(orders, async (order) => {
    const { data } = await dataOf(supplier.rest.api.GET('/v1/orders', { params: { query: { number: order.number } } }));
    return bothSides(traded, order, data[0]!);
  });
}

/** Ten at a time. */
export async function inGroups<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let first = 0; first < items.length; first += 10)
    results.push(
      ...(await Promise.all(items.slice(first, first + 10).map((item, index) => work(item, first + index)))),
    );
  return results;
}

function bothSides({ merchant, supplier }: TradedSku, order: OrderAnswer, supplierOrder: OrderAnswer) {
  return {
    dropshipId: order.dropship!.id,
    orderId: order.id,
    supplierOrderId: supplierOrder.id,
    lineId: order.lines[0]!.id,
    supplierLineId: supplierOrder.lines[0]!.id,
    seen: async () => [await orderOf(merchant, order.id), await orderOf(supplier, supplierOrder.id)] as const,
  };
}

export type StockAnswer = { physicalOnHand: number; committed: number; availableOnHand: number; version: number };

/** A product's stock in the one warehouse that has any. */
export async function stockOf(company: Company, sku: string): Promise<StockAnswer> {
  const { data } = await dataOf(company.rest.api.GET('/v1/stock', { params: { query: { sku } } }));
  return data.find(({ physicalOnHand, committed }) => physicalOnHand > 0 || committed > 0) ?? data[0]!;
}

/** An order's timeline, oldest first; `types` only. */
export async function timelineOf(company: Company, orderId: string, ...types: string[]): Promise<OrderEvent[]> {
  const { data } = await dataOf(
    company.rest.api.GET('/v1/orders/{id}/events', { params: { path: { id: orderId }, query: { limit: 200 } } }),
  );
  return data.reverse().filter(({ type }) => types.length === 0 || types.includes(type));
}
