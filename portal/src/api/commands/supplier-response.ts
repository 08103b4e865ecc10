import type {
  AcceptanceBatch,
  BatchResults,
  CancelAcceptance,
  CancelDecline,
  Order,
  Rejection,
  RejectionBatch,
} from '../../../../clients/typescript/src/index.ts';
import { newKey } from '../../lib/intents.ts';
import { api, sent } from '../client.ts';

// What a supplier answers its merchant.

interface Keyed<B> {
  readonly id: string;
  readonly key: string;
  readonly body: B;
}

const headerOf = (key: string) => ({ 'idempotency-key': key });

/** Each press is an intent of its own: a repeat only changes the date. @throws ApiError */
export const acceptOrders = (account: string, body: AcceptanceBatch): Promise<BatchResults> => {
  const header = headerOf(newKey());
  return sent(() => api(account).POST('/v1/orders/batch/accept', { params: { header }, body }));
};

/** @throws ApiError */
export const rejectOrders = (
  account: string,
  { key, body }: Omit<Keyed<RejectionBatch>, 'id'>,
): Promise<BatchResults> =>
  sent(() => api(account).POST('/v1/orders/batch/reject', { params: { header: headerOf(key) }, body }));

/** @throws ApiError */
export const acceptOrder = (account: string, { id, key, body }: Keyed<{ expectedShipAt?: string }>): Promise<Order> =>
  sent(() => api(account).POST('/v1/orders/{id}/accept', { params: { path: { id }, header: headerOf(key) }, body }));

/** @throws ApiError */
export const rejectOrder = (account: string, { id, key, body }: Keyed<Rejection>): Promise<Order> =>
  sent(() => api(account).POST('/v1/orders/{id}/reject', { params: { path: { id }, header: headerOf(key) }, body }));

/** @throws ApiError */
export const acceptCancel = (account: string, { id, key, body }: Keyed<CancelAcceptance>): Promise<Order> =>
  sent(() =>
    api(account).POST('/v1/orders/{id}/cancel/accept', { params: { path: { id }, header: headerOf(key) }, body }),
  );

/** @throws ApiError */
export const declineCancel = (account: string, { id, key, body }: Keyed<CancelDecline>): Promise<Order> =>
  sent(() =>
    api(account).POST('/v1/orders/{id}/cancel/decline', { params: { path: { id }, header: headerOf(key) }, body }),
  );
