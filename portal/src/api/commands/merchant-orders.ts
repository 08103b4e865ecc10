import type {
  DropshipsMade,
  EditDismissal,
  NewCancel,
  NewDropship,
  NewSplit,
  Order,
  OrderChange,
  OrdersMade,
} from '../../../../clients/typescript/src/index.ts';
import { api, sent } from '../client.ts';

// What a merchant does with one order. Each throws ApiError with the code of the rule that refuses it.

interface Keyed<T> {
  /** The order's. */
  readonly id: string;
  readonly body: T;
  readonly key: string;
}

const at = ({ id, key }: { readonly id: string; readonly key: string }) => ({
  path: { id },
  header: { 'idempotency-key': key },
});

/** The lines that are not named are split off. */
export const handOn = (account: string, { body, ...order }: Keyed<NewDropship>): Promise<DropshipsMade> =>
  sent(() => api(account).POST('/v1/orders/{id}/dropship', { params: at(order), body }));

export const splitOrder = (account: string, { body, ...order }: Keyed<NewSplit>): Promise<OrdersMade> =>
  sent(() => api(account).POST('/v1/orders/{id}/split', { params: at(order), body }));

export const cancelUnits = (account: string, { body, ...order }: Keyed<NewCancel>): Promise<Order> =>
  sent(() => api(account).POST('/v1/orders/{id}/cancel', { params: at(order), body }));

export const changeOrder = (
  account: string,
  { id, body }: { readonly id: string; readonly body: OrderChange },
): Promise<Order> => sent(() => api(account).PATCH('/v1/orders/{id}', { params: { path: { id } }, body }));

export const acceptEdit = (account: string, { body, ...order }: Keyed<{ editId: string }>): Promise<Order> =>
  sent(() => api(account).POST('/v1/orders/{id}/edit/accept', { params: at(order), body }));

export const dismissEdit = (account: string, { body, ...order }: Keyed<EditDismissal>): Promise<Order> =>
  sent(() => api(account).POST('/v1/orders/{id}/edit/dismiss', { params: at(order), body }));

/** With the last line that waits for a product, the order goes on by itself. */
export const chooseProduct = (
  account: string,
  { lineId, body, ...order }: Keyed<{ productId: string }> & { readonly lineId: string },
): Promise<Order> =>
  sent(() =>
    api(account).POST('/v1/orders/{id}/lines/{lineId}/product', {
      params: { path: { id: order.id, lineId }, header: { 'idempotency-key': order.key } },
      body,
    }),
  );
