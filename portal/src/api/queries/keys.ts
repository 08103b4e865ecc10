import type { Key as ApiKey } from '../../../../clients/typescript/src/index.ts';
import { api } from '../client.ts';
import { pagesOf } from './pages.ts';

export type Key = ApiKey;

/** Only an admin may ask. Revoked keys too. */
export const keysQuery = (account: string) =>
  pagesOf([account, 'keys'], ({ page, signal }) => api(account).GET('/v1/keys', { params: { query: page }, signal }));
