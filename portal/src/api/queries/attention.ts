import { queryOptions } from '@tanstack/react-query';
import type { Attention as ApiAttention, AttentionSummary } from '../../../../clients/typescript/src/index.ts';
import { api, got } from '../client.ts';
import { pagesOf } from './pages.ts';

export type Attention = ApiAttention;
export type AttentionCode = Attention['code'];
export type AttentionAction = Attention['actions'][number];
export type AttentionGroup = AttentionSummary['data'][number];

const quietMs = 15_000;

/** How many steps are parked, by cause and channel. */
export const attentionGroupsQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'attention', 'groups'],
    queryFn: ({ signal }) => got(api(account).GET('/v1/attentions/summary', { signal })),
    refetchInterval: quietMs,
  });

interface AttentionFilter {
  readonly code?: AttentionCode;
  /** The number of an order, or how it begins. */
  readonly q?: string;
}

export const attentionsQuery = (account: string, filter: AttentionFilter) =>
  pagesOf([account, 'attention', filter], ({ page, signal }) =>
    api(account).GET('/v1/attentions', { params: { query: { ...filter, ...page } }, signal }),
  );

export const listingQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: [account, 'listings', id],
    queryFn: ({ signal }) => got(api(account).GET('/v1/listings/{id}', { params: { path: { id } }, signal })),
  });
