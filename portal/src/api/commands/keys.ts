import type { IssuedKey } from '../../../../clients/typescript/src/index.ts';
import { api, got, sent } from '../client.ts';
import type { Scope } from '../queries/session.ts';

interface NewKey {
  readonly name: string;
  readonly scope: Scope;
}

/** The secret is in the answer, and only once: no Idempotency-Key, so that a repeat makes another key. @throws ApiError */
export const createKey = (account: string, { name, scope }: NewKey): Promise<IssuedKey> =>
  got(api(account).POST('/v1/keys', { body: { name, scopes: [scope] } }));

/** @throws ApiError `key_not_found` */
export const revokeKey = (account: string, id: string): Promise<unknown> =>
  sent(() => api(account).DELETE('/v1/keys/{id}', { params: { path: { id } } }));
