import { z } from 'zod';
import { ChannelError, type Units } from '../channel.ts';
import { pageOf, restOf, type Call } from './api.ts';
import { documents } from './documents.ts';

const openLineSchema = z.object({
  id: z.string(),
  remainingQuantity: z.int(),
  lineItem: z.object({ id: z.string() }),
});
const openOrderSchema = z.object({
  id: z.string(),
  status: z.string(),
  assignedLocation: z.object({ location: z.object({ id: z.string() }).nullable() }),
  supportedActions: z.array(z.object({ action: z.string() })),
  lineItems: pageOf(openLineSchema),
});
/** Units that one location is to ship, as the shop divides an order. Its lines are whole. */
type OpenOrder = Omit<z.infer<typeof openOrderSchema>, 'lineItems'> & {
  lines: z.infer<typeof openLineSchema>[];
};

/** The units of one call, by fulfillment order: Shopify takes those of one location. */
type Group = { fulfillmentOrderId: string; fulfillmentOrderLineItems: { id: string; quantity: number }[] };
/** `left`: units that no fulfillment order lets us ship now. */
type Plan = { calls: Group[][]; left: Units };

const sizes = { orders: 5, lines: 12, further: 100 };

/** Those that we may see: of a fulfillment service we see none. */
export async function readOpenOrders(call: Call, id: string): Promise<OpenOrder[]> {
  const answer = z.object({ order: z.object({ fulfillmentOrders: pageOf(openOrderSchema) }).nullable() });
  const read = async (after: string | null) => {
    const variables = { id, after, first: sizes.orders, lines: sizes.lines };
    const { order } = await call({ document: documents.openUnits, variables, answer });
    if (!order) throw new ChannelError({ kind: 'gone', what: 'order' });
    return order.fulfillmentOrders;
  };
  const all: OpenOrder[] = [];
  for (const { lineItems, ...order } of await restOf(await read(null), read)) {
    all.push({ ...order, lines: await restOf(lineItems, (after) => linesAfter(call, order.id, after)) });
  }
  return all;
}

async function linesAfter(call: Call, id: string, after: string | null) {
  const answer = z.object({ fulfillmentOrder: z.object({ lineItems: pageOf(openLineSchema) }) });
  const variables = { id, after, first: sizes.further };
  return (await call({ document: documents.openLines, variables, answer })).fulfillmentOrder.lineItems;
}

/** Spreads units over the fulfillment orders that may be shipped, in the shop's order: one call for each location. */
export function planOf(orders: readonly OpenOrder[], units: Units): Plan {
  const open = orders.filter(({ supportedActions }) => supportedActions.some(({ action }) => action === create));
  const byLocation = new Map<string, Group[]>();
  const wanted = new Map(units.map(({ remoteLineId, quantity }) => [remoteLineId, quantity]));
  for (const { id, assignedLocation, lines } of open) {
    const items = lines.flatMap(({ id: itemId, remainingQuantity, lineItem }) => {
      const left = wanted.get(lineItem.id) ?? 0;
      const quantity = Math.min(left, remainingQuantity);
      wanted.set(lineItem.id, left - quantity);
      return quantity > 0 ? [{ id: itemId, quantity }] : [];
    });
    if (items.length === 0) continue;
    const location = assignedLocation.location?.id ?? id;
    const groups = byLocation.get(location) ?? [];
    byLocation.set(location, [...groups, { fulfillmentOrderId: id, fulfillmentOrderLineItems: items }]);
  }
  const left = [...wanted].flatMap(([remoteLineId, quantity]) => (quantity > 0 ? [{ remoteLineId, quantity }] : []));
  return { calls: [...byLocation.values()], left };
}

const create = 'CREATE_FULFILLMENT';

/** People release an order in hours, not in minutes. */
const heldSeconds = 3600;
const codes: Readonly<Record<string, string>> = { ON_HOLD: 'on_hold', SCHEDULED: 'scheduled' };

/** Why units that are open may not be shipped: on hold, not due yet, or in the hands of a fulfillment service. */
export function heldBy(orders: readonly OpenOrder[], left: Units): ChannelError {
  const holders = orders.filter(({ lines }) =>
    lines.some(
      ({ lineItem, remainingQuantity }) =>
        remainingQuantity > 0 && left.some(({ remoteLineId }) => remoteLineId === lineItem.id),
    ),
  );
  const code = holders.map(({ status }) => codes[status]).find((known) => known !== undefined);
  return new ChannelError({ kind: 'held', code: code ?? 'assigned_elsewhere', retryAfter: heldSeconds });
}
