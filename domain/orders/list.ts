import { isLive, type DropshipStatus } from '../dropships/dropship.ts';
import { orderStatuses, type OrderStatus } from './order.ts';

/** An order that came by a portal is supplied; all others are sold. */
export const orderSides = ['selling', 'supplying'] as const;
export type OrderSide = (typeof orderSides)[number];

export const sideOf = ({ originDropshipId }: { originDropshipId: string | null }): OrderSide =>
  originDropshipId === null ? 'selling' : 'supplying';

/** Who ships: the account itself, its supplier, or, of an order that was split, the leaves. */
export const shippers = ['in_house', 'supplier', 'parts'] as const;
export type Shipper = (typeof shippers)[number];

export function shipperOf(order: {
  status: OrderStatus;
  overallStatus: OrderStatus;
  dropshipStatus: DropshipStatus | null;
}): Shipper | null {
  if (order.overallStatus === 'cancelled') return null;
  if (order.status === 'split') return 'parts';
  return order.dropshipStatus !== null && isLive(order.dropshipStatus) ? 'supplier' : 'in_house';
}

/** Statuses of orders with units that are open. */
export const openStatuses = [
  'awaiting_fulfillment',
  'dropship_requested',
  'partially_shipped',
] as const satisfies readonly OrderStatus[];

/** How a list of orders is sorted; a minus means the newest first. */
export const orderSorts = ['-createdAt', 'placedAt', '-placedAt', 'shipBy', '-shipBy'] as const;
export type OrderSort = (typeof orderSorts)[number];

/** Filters of a list. Each narrows it; `undefined` is no filter. Times are ISO. */
export type OrderFilter = {
  status?: readonly OrderStatus[] | undefined;
  q?: string | undefined;
  side?: OrderSide | undefined;
  channelId?: string | undefined;
  supplierId?: string | undefined;
  number?: string | undefined;
  remoteId?: string | undefined;
  placedAfter?: string | undefined;
  placedBefore?: string | undefined;
  attention?: true | undefined;
  accepted?: true | undefined;
  cancelRequested?: true | undefined;
  late?: true | undefined;
  leaves?: true | undefined;
  parents?: true | undefined;
  ids?: readonly string[] | undefined;
};

/** The statuses that an order may have to be in the list. */
export function statusesListed(filter: OrderFilter): readonly OrderStatus[] {
  const { status = orderStatuses, accepted, cancelRequested, late, leaves } = filter;
  const isOpen = (one: OrderStatus) => (openStatuses as readonly OrderStatus[]).includes(one);
  return [...new Set(status)]
    .filter((one) => !(accepted || cancelRequested || late) || isOpen(one))
    .filter((one) => !leaves || one !== 'split');
}
