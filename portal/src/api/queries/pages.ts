import { infiniteQueryOptions } from '@tanstack/react-query';
import { got } from '../client.ts';

interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

interface Asking {
  /** Spread into the query of the request. */
  readonly page: { readonly limit: number; readonly cursor?: string };
  readonly signal: AbortSignal;
}

const pageSize = 25;
/** How often a list is asked for again; not while the page is hidden. */
const listMs = 30_000;

/**
 * A list by cursor pages of 25, for `useInfiniteQuery`. `rowsOf` gives its rows:
 * `pagesOf([account, 'orders', filter], ({ page, signal }) => api(account).GET('/v1/orders', { params: { query: { ...filter, ...page } }, signal }))`
 */
export const pagesOf = <T, P extends Page<T>>(
  queryKey: readonly unknown[],
  ask: (asking: Asking) => Promise<{ data?: P; error?: unknown; response: Response }>,
) =>
  infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      got(ask({ page: { limit: pageSize, ...(pageParam !== '' && { cursor: pageParam }) }, signal })),
    initialPageParam: '',
    getNextPageParam: (page: P) => page.nextCursor ?? undefined,
    refetchInterval: listMs,
  });

/** All rows that are on screen. */
export const rowsOf = <T>(
  data: { readonly pages: readonly { readonly data: readonly T[] }[] } | undefined,
): readonly T[] => data?.pages.flatMap((page) => page.data) ?? [];
