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

const freshMs = 60_000;
const calmMs = 5_000;
const eagerMs = 1_000;

/** Soon after it was recorded, a shipment is on its way to the shop. */
const isUnderWay = ({ status, confirmedAt, attention, shippedAt }: Shipment): boolean =>
  status === 'recorded' && confirmedAt === null && attention === null && Date.now() - Date.parse(shippedAt) < freshMs;

/** One order with all that its page shows. Asked for each second while a shipment is under way. */
export const orderQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: [account, 'order', id],
    queryFn: ({ signal }) => got(api(account).GET('/v1/orders/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.shipments.some(isUnderWay) ? eagerMs : calmMs),
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
