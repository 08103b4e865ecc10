import { queryOptions } from '@tanstack/react-query';
import { api, got } from '../client.ts';

/** How often counts are asked for; not while the page is hidden. */
const everyMs = 15_000;

/** The counts beside the names of the pages and views. */
export const summaryQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'summary'],
    queryFn: ({ signal }) => got(api(account).GET('/v1/summary', { signal })),
    refetchInterval: everyMs,
  });
