import { queryOptions } from '@tanstack/react-query';
import type {
  OrderDetail as ApiOrder,
  OrderEvent as ApiEvent,
  OrderRow as ApiRow,
  paths,
  Shipment as ApiShipment,
} from '../../../../clients/typescript/src/index.ts';
import { api, got } from '../client.ts';
import { pagesOf } from './pages.ts';

export type OrderRow = ApiRow;
export type OrderDetail = ApiOrder;
export type OrderEvent = ApiEvent;
export type Shipment = ApiShipment;
type OrderSide = OrderRow['side'];
export type OrderBadge = OrderRow['badge'];
export type OrderAction = OrderDetail['actions'][number]['action'];
export type OrderFilter = NonNullable<paths['/v1/order-rows']['get']['parameters']['query']>;

/** The queue, in pages. */
export const orderRowsQuery = (account: string, filter: OrderFilter) =>
  pagesOf([account, 'order-rows', filter], ({ page, signal }) =>
    api(account).GET('/v1/order-rows', { params: { query: { ...filter, ...page } }, signal }),
  );

/** The parts of an order that was split. */
export const partsQuery = (account: string, ids: readonly string[]) =>
  queryOptions({
    queryKey: [account, 'order-rows', 'parts', ids],
    queryFn: ({ signal }) =>
      got(
        api(account).GET('/v1/order-rows', { params: { query: { ids: [ids.join('.')], sort: 'placedAt' } }, signal }),
      ),
  });

const calmMs = 5_000;

/** Until this age of a shipment that is on its way to the shop, and how often its order is asked for meanwhile. Most arrive at once. */
const underWay = [
  { untilMs: 4_000, everyMs: 300 },
  { untilMs: 60_000, everyMs: 1_000 },
] as const;

const isOnTheWay = ({ status, confirmedAt, attention }: Shipment): boolean =>
  status === 'recorded' && confirmedAt === null && attention === null;

function pollMs(shipments: readonly Shipment[]): number {
  const ages = shipments.filter(isOnTheWay).map(({ shippedAt }) => Date.now() - Date.parse(shippedAt));
  return underWay.find(({ untilMs }) => Math.min(...ages) < untilMs)?.everyMs ?? calmMs;
}

/** One order with all that its page shows. Asked for often while a shipment is on its way to the shop. */
export const orderQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: [account, 'order', id],
    queryFn: ({ signal }) => got(api(account).GET('/v1/orders/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => pollMs(state.data?.shipments ?? []),
    // The order before stays on screen with lists; here its form would take a scan that is meant for this one.
    placeholderData: () => undefined,
  });

const shownEvents = 50;
export const orderEventsQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: [account, 'order', id, 'events'],
    queryFn: ({ signal }) =>
      got(
        api(account).GET('/v1/orders/{id}/events', { params: { path: { id }, query: { limit: shownEvents } }, signal }),
      ),
    refetchInterval: calmMs,
    placeholderData: () => undefined,
  });

const nextRows = 50;
/** What a clerk ships next, the earliest first. */
export const toShipQuery = (account: string, side: OrderSide) =>
  queryOptions({
    queryKey: [account, 'order-rows', 'next', side],
    queryFn: ({ signal }) =>
      got(
        api(account).GET('/v1/order-rows', {
          params: { query: { side, status: ['awaiting_fulfillment'], sort: 'shipBy', limit: nextRows } },
          signal,
        }),
      ),
  });

const fewNewest = 10;
/** The newest that the account sells, such as to show a slip of one. */
export const newestOrdersQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'order-rows', 'newest'],
    queryFn: ({ signal }) =>
      got(
        api(account).GET('/v1/order-rows', {
          params: { query: { side: 'selling', sort: '-createdAt', limit: fewNewest } },
          signal,
        }),
      ),
  });
