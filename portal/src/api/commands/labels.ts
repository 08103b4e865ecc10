import type { Label, NewLabel, NewRating, NewVoid, Rating } from '../../../../clients/typescript/src/index.ts';
import { api, got, sent } from '../client.ts';

interface Asking {
  /** The order. */
  readonly id: string;
  readonly body: NewRating;
}

/** What the labels of a parcel would cost. It changes nothing. @throws ApiError `ship_from_missing`, `label_account_missing`, … */
export const rateParcel = (account: string, { id, body }: Asking): Promise<Rating> =>
  got(api(account).POST('/v1/orders/{id}/rates', { params: { path: { id } }, body }));

interface Buying {
  /** The order. */
  readonly id: string;
  /** One for one label: a repeat buys nothing twice. */
  readonly key: string;
  readonly isReturn: boolean;
  readonly body: NewLabel;
}

/** Buys a label. Its answer may come before it is bought. @throws ApiError `rate_changed`, `rate_expired`, `balance_too_low`, … */
export const buyLabel = (account: string, { id, key, isReturn, body }: Buying): Promise<Label> => {
  const options = { params: { path: { id }, header: { 'idempotency-key': key } }, body } as const;
  return sent(() =>
    isReturn
      ? api(account).POST('/v1/orders/{id}/return-labels', options)
      : api(account).POST('/v1/orders/{id}/labels', options),
  );
};

interface Voiding {
  readonly id: string;
  readonly key: string;
  readonly body: NewVoid;
}

/** Takes a label back: its shipment is void, its money asked for. @throws ApiError `label_scanned`, `label_not_bought` */
export const voidLabel = (account: string, { id, key, body }: Voiding): Promise<Label> =>
  sent(() =>
    api(account).POST('/v1/labels/{id}/void', { params: { path: { id }, header: { 'idempotency-key': key } }, body }),
  );
