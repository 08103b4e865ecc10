import { api, sent } from '../client.ts';

/** The queue shows that their slips were printed. */
export const markPrinted = (
  account: string,
  { key, orders }: { readonly key: string; readonly orders: readonly string[] },
): Promise<unknown> =>
  sent(() =>
    api(account).POST('/v1/orders/printed', {
      params: { header: { 'idempotency-key': key } },
      body: { orders: [...orders] },
    }),
  );
