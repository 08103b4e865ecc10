import type {
  LabelAccount,
  LabelAccountChange,
  LabelAccountCheck,
  NewLabelAccount,
} from '../../../../clients/typescript/src/index.ts';
import { api, got, sent } from '../client.ts';

/** @throws ApiError with `errors` by the fields of the body, such as `/credentials/apiKey` */
export const createLabelAccount = (
  account: string,
  { key, body }: { readonly key: string; readonly body: NewLabelAccount },
): Promise<LabelAccount> =>
  sent(() => api(account).POST('/v1/label-accounts', { params: { header: { 'idempotency-key': key } }, body }));

/** New credentials make what is parked on the label account go on. @throws ApiError as above */
export const changeLabelAccount = (
  account: string,
  { id, change }: { readonly id: string; readonly change: LabelAccountChange },
): Promise<LabelAccount> =>
  sent(() => api(account).PATCH('/v1/label-accounts/{id}', { params: { path: { id } }, body: change }));

/** Tries the credentials, without cost. @throws ApiError `label_account_unauthorized`, `label_provider_unreachable`, … */
export const checkLabelAccount = (account: string, id: string): Promise<LabelAccountCheck> =>
  got(api(account).POST('/v1/label-accounts/{id}/check', { params: { path: { id } } }));

/** @throws ApiError `label_account_in_use` while it is lent */
export const deleteLabelAccount = (account: string, id: string): Promise<unknown> =>
  sent(() => api(account).DELETE('/v1/label-accounts/{id}', { params: { path: { id } } }));
