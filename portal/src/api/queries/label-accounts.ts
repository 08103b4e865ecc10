import { queryOptions } from '@tanstack/react-query';
import type { LabelAccount as ApiAccount } from '../../../../clients/typescript/src/index.ts';
import { api, got } from '../client.ts';

export type LabelAccount = ApiAccount;
export type LabelProvider = LabelAccount['provider'];

/** An account has few label accounts: one page is all of them. */
const all = { limit: 200 };

/** What the account buys labels with. */
export const labelAccountsQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'label-accounts'],
    queryFn: ({ signal }) => got(api(account).GET('/v1/label-accounts', { params: { query: all }, signal })),
  });
