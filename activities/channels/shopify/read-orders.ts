import { z } from 'zod';
import { ChannelError, type RemoteOrder } from '../channel.ts';
import type { ImportWhen } from '../kind.ts';
import { halving, pageOf, restOf, type Call } from './api.ts';
import { documents } from './documents.ts';
import {
  lineSchema,
  orderSchema,
  shipmentLineSchema,
  shipmentSchema,
  toRemoteOrder,
  type ShopifyOrder,
} from './orders.ts';

export type OrderCalls = { call: Call; importWhen: ImportWhen };

/** By Shopify's published table a page of these sizes costs 890 of the 1,000 points that a query may cost. */
export const firstPage = { orders: 12, lines: 10 };
/** Of a list that does not fit into the first page. */
const further = 100;
/** `fulfillments` has no pages. As many as this: there may be more. */
const firstShipments = 20;

const orderGid = 'gid://shopify/Order/';

/** @throws ChannelError `gone` `order` */
export async function getOrder(calls: OrderCalls, remoteId: string): Promise<RemoteOrder> {
  // The shop refuses a query with an id that is none of its own.
  const answer = z.object({ order: orderSchema.nullable() });
  const variables = { id: remoteId, lines: firstPage.lines };
  const { order } = remoteId.startsWith(orderGid)
    ? await calls.call({ document: documents.order, variables, answer })
    : { order: null };
  if (!order) throw new ChannelError({ kind: 'gone', what: 'order' });
  return wholeOrder(calls, order);
}

export async function getOrders(calls: OrderCalls, remoteIds: readonly string[]): Promise<RemoteOrder[]> {
  let left = [...new Set(remoteIds)].filter((id) => id.startsWith(orderGid));
  const found: RemoteOrder[] = [];
  let size = firstPage.orders;
  while (left.length > 0) {
    const nodes = await halving(size, async (asked) => {
      size = asked;
      return readByIds(calls, left.slice(0, asked));
    });
    left = left.slice(size);
    for (const node of nodes) if (node) found.push(await wholeOrder(calls, node));
  }
  return found;
}

async function readByIds({ call }: OrderCalls, ids: readonly string[]): Promise<(ShopifyOrder | null)[]> {
  const answer = z.object({ nodes: z.array(orderSchema.nullable()) });
  const variables = { ids, lines: firstPage.lines };
  return (await call({ document: documents.ordersByIds, variables, answer })).nodes;
}

/** Reads the rest of an order's lists, where they do not fit into the first page. */
export async function wholeOrder(calls: OrderCalls, order: ShopifyOrder): Promise<RemoteOrder> {
  const { id, lineItems, fulfillments } = order;
  const lines = await restOf(lineItems, (after) => linesAfter(calls, id, after));
  const all = fulfillments.length < firstShipments ? fulfillments : await shipmentsOf(calls, id);
  const whole: ShopifyOrder['fulfillments'] = [];
  for (const one of all) {
    const nodes = await restOf(one.fulfillmentLineItems, (after) => shipmentLinesAfter(calls, one.id, after));
    whole.push({ ...one, fulfillmentLineItems: { ...one.fulfillmentLineItems, nodes } });
  }
  const read = { ...order, lineItems: { ...lineItems, nodes: lines }, fulfillments: whole };
  return toRemoteOrder(read, calls.importWhen);
}

async function linesAfter({ call }: OrderCalls, id: string, after: string | null) {
  const answer = z.object({ order: z.object({ lineItems: pageOf(lineSchema) }) });
  const variables = { id, after, first: further };
  return (await call({ document: documents.orderLines, variables, answer })).order.lineItems;
}

async function shipmentsOf({ call }: OrderCalls, id: string) {
  const answer = z.object({ order: z.object({ fulfillments: z.array(shipmentSchema) }) });
  return (await call({ document: documents.orderShipments, variables: { id }, answer })).order.fulfillments;
}

async function shipmentLinesAfter({ call }: OrderCalls, id: string, after: string | null) {
  const answer = z.object({ fulfillment: z.object({ fulfillmentLineItems: pageOf(shipmentLineSchema) }) });
  const variables = { id, after, first: further };
  return (await call({ document: documents.shipmentLines, variables, answer })).fulfillment.fulfillmentLineItems;
}
