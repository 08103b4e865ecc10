import { queryOptions } from '@tanstack/react-query';
import type { FoundOrders } from '../../../../clients/typescript/src/index.ts';
import { got, operatorApi } from '../client.ts';
import type { AttentionCode } from './attention.ts';
import { pagesOf } from './pages.ts';

// What staff read, of all accounts. The keys begin with `operator` in place of an account.

export const supportKey = ['operator'] as const;
export type FoundOrder = FoundOrders['data'][number];

const quietMs = 15_000;

export const allGroupsQuery = queryOptions({
  queryKey: [...supportKey, 'groups'],
  queryFn: ({ signal }) => got(operatorApi.GET('/v1/attentions/summary', { signal })),
  refetchInterval: quietMs,
});

interface SupportFilter {
  readonly code?: AttentionCode;
  readonly accountId?: string;
  /** Only those that wait for longer, in milliseconds. */
  readonly waitsMs?: number;
}

export const allAttentionsQuery = ({ waitsMs, ...filter }: SupportFilter) =>
  pagesOf([...supportKey, 'attentions', filter, waitsMs], ({ page, signal }) => {
    const olderThan = waitsMs === undefined ? {} : { olderThan: new Date(Date.now() - waitsMs).toISOString() };
    return operatorApi.GET('/v1/attentions', { params: { query: { ...filter, ...olderThan, ...page } }, signal });
  });

/** The orders of all accounts with this number or id. */
export const foundOrdersQuery = (q: string) =>
  queryOptions({
    queryKey: [...supportKey, 'orders', q],
    queryFn: ({ signal }) => got(operatorApi.GET('/v1/support/orders', { params: { query: { q } }, signal })),
    enabled: q !== '',
  });
