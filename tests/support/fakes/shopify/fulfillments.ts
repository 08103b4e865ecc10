import {
  actionsOf,
  levelOf,
  numberOf,
  shift,
  ShopRefusal,
  touch,
  type Fulfillment,
  type FulfillmentOrder,
  type Order,
  type ShopState,
  type TrackingInfo,
} from './model.ts';

type TrackingInput = {
  company?: string | null;
  number?: string | null;
  numbers?: string[];
  url?: string | null;
  urls?: string[];
};
type Group = { fulfillmentOrderId: string; fulfillmentOrderLineItems?: { id: string; quantity: number }[] };
export type FulfillmentInput = {
  lineItemsByFulfillmentOrder: Group[];
  trackingInfo?: TrackingInput;
  notifyCustomer?: boolean;
};
type Picked = { order: Order; from: FulfillmentOrder; items: { id: string; quantity: number }[] };

/** The mutations of fulfillments. Unverified: the wording of refusals, and the tracking of a fulfillment without a number. */
export const fulfillmentsOf = (shop: ShopState) => ({
  create({ lineItemsByFulfillmentOrder, trackingInfo = {}, notifyCustomer = false }: FulfillmentInput): Fulfillment {
    const picked = lineItemsByFulfillmentOrder.map((group) => pick(shop, group));
    const [{ order, from: first }] = picked as [Picked];
    if (picked.some((one) => one.order !== order || one.from.locationId !== first.locationId))
      throw refused('All fulfillment orders must belong to the same order and location.', 'fulfillment');
    for (const one of picked) assertOpen(one);
    const fulfillment: Fulfillment = {
      id: shop.newId('Fulfillment'),
      status: 'SUCCESS',
      locationId: first.locationId,
      units: picked.flatMap(ship),
      tracking: trackingOf(trackingInfo),
      notifyCustomer,
      createdAt: shop.now(),
    };
    order.fulfillments.push(fulfillment);
    touch(shop, order);
    return fulfillment;
  },

  correct(id: string, trackingInfo: TrackingInput): Fulfillment {
    const { order, fulfillment } = find(shop, id);
    if (fulfillment.status === 'CANCELLED') throw refused('Fulfillment is cancelled.', 'fulfillmentId');
    fulfillment.tracking = trackingOf(trackingInfo);
    touch(shop, order);
    return fulfillment;
  },

  /** The units are open again: in their fulfillment order, or in a new one where that is closed. */
  cancel(id: string): Fulfillment {
    const { order, fulfillment } = find(shop, id);
    if (fulfillment.status === 'CANCELLED') throw refused('Fulfillment is already cancelled.', 'id');
    fulfillment.status = 'CANCELLED';
    const renewed = new Map<FulfillmentOrder, FulfillmentOrder>();
    for (const { from, item, quantity } of fulfillment.units) {
      shift(levelOf(item.line.variant, fulfillment.locationId), { committed: quantity });
      if (from.status === 'IN_PROGRESS') {
        item.remaining += quantity;
        continue;
      }
      const fresh: FulfillmentOrder = renewed.get(from) ?? {
        ...from,
        id: shop.newId('FulfillmentOrder'),
        status: 'OPEN',
        items: [],
      };
      renewed.set(from, fresh);
      const lineItem = shop.newId('FulfillmentOrderLineItem');
      fresh.items.push({ id: lineItem, line: item.line, total: quantity, remaining: quantity });
    }
    order.fulfillmentOrders.push(...renewed.values());
    touch(shop, order);
    return fulfillment;
  },

  /** A clerk ships units of lines. */
  shipByHand(order: Order, units: readonly { lineId: string; quantity: number }[], number: string): void {
    for (const { lineId, quantity } of units) {
      const from = order.fulfillmentOrders.find(({ items }) =>
        items.some(({ line, remaining }) => line.id === lineId && remaining >= quantity),
      )!;
      const item = from.items.find(({ line, remaining }) => line.id === lineId && remaining >= quantity)!;
      this.create({
        lineItemsByFulfillmentOrder: [
          { fulfillmentOrderId: from.id, fulfillmentOrderLineItems: [{ id: item.id, quantity }] },
        ],
        trackingInfo: { company: 'UPS', number },
      });
    }
  },
});

const refused = (message: string, ...field: string[]) => new ShopRefusal(message, field);

function pick(shop: ShopState, { fulfillmentOrderId, fulfillmentOrderLineItems: named }: Group): Picked {
  for (const order of shop.orders.values()) {
    const from = order.fulfillmentOrders.find(({ id, isAssigned }) => id === fulfillmentOrderId && !isAssigned);
    if (from)
      return { order, from, items: named ?? from.items.map(({ id, remaining }) => ({ id, quantity: remaining })) };
  }
  throw refused('Fulfillment order does not exist.', 'fulfillment', 'lineItemsByFulfillmentOrder');
}

function assertOpen({ from, items }: Picked): void {
  if (!(actionsOf[from.status] as readonly string[]).includes('CREATE_FULFILLMENT')) {
    const status = from.status.toLowerCase();
    throw refused(`Fulfillment order ${numberOf(from.id)} has an unfulfillable status= ${status}.`, 'fulfillment');
  }
  for (const { id, quantity } of items) {
    const item = from.items.find((one) => one.id === id);
    if (!item) throw refused('Fulfillment order line item does not exist.', 'fulfillment');
    if (quantity < 1 || quantity > item.remaining)
      throw refused('Invalid fulfillment order line item quantity requested.', 'fulfillment');
  }
}

function ship({ from, items }: Picked): Fulfillment['units'] {
  const units = items.map(({ id, quantity }) => {
    const item = from.items.find((one) => one.id === id)!;
    item.remaining -= quantity;
    shift(levelOf(item.line.variant, from.locationId), { committed: -quantity });
    return { from, item, quantity };
  });
  from.status = from.items.every(({ remaining }) => remaining === 0) ? 'CLOSED' : 'IN_PROGRESS';
  return units;
}

function trackingOf({ company = null, number, numbers, url, urls }: TrackingInput): TrackingInfo[] {
  const ownNumbers = numbers ?? (number ? [number] : []);
  const ownUrls = urls ?? (url ? [url] : []);
  if (ownNumbers.length === 0 && (company !== null || ownUrls.length > 0))
    return [{ company, number: null, url: ownUrls[0] ?? null }];
  return ownNumbers.map((one, index) => ({ company, number: one, url: ownUrls[index] ?? null }));
}

function find(shop: ShopState, id: string): { order: Order; fulfillment: Fulfillment } {
  for (const order of shop.orders.values()) {
    const fulfillment = order.fulfillments.find((one) => one.id === id);
    if (fulfillment) return { order, fulfillment };
  }
  throw refused('Fulfillment does not exist.', 'fulfillmentId');
}
