import { queryOptions } from '@tanstack/react-query';
import type { OrderDetail, OrderRow, RecognizedNumber } from '../../../../clients/typescript/src/index.ts';
import { api, got, sent } from '../client.ts';

export type ScannedRow = OrderRow;
export type ScannedOrder = OrderDetail;

/** As many as one key each can choose. */
const most = 9;

/** The orders with exactly this number: two merchants may have the same. */
export async function ordersOfNumber(account: string, number: string): Promise<readonly ScannedRow[]> {
  const { data } = await got(api(account).GET('/v1/order-rows', { params: { query: { number, limit: most } } }));
  return data;
}

/** The order as it is now, past every cache. */
export const orderNow = (account: string, id: string): Promise<ScannedOrder> =>
  got(api(account).GET('/v1/orders/{id}', { params: { path: { id } } }));

/** Whose tracking number it may be, by the service's own rule. */
export const recognized = (account: string, trackingNumber: string): Promise<RecognizedNumber> =>
  sent(() => api(account).POST('/v1/carriers/recognize', { body: { trackingNumber } }));

const dayMs = 86_400_000;

export const carriersQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'carriers'],
    queryFn: ({ signal }) => got(api(account).GET('/v1/carriers', { signal })),
    staleTime: dayMs,
  });
