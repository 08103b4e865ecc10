import type { OrderDetail, OrderRow } from '../../../../clients/typescript/src/index.ts';
import { api, got } from '../client.ts';

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
