import { queryOptions } from '@tanstack/react-query';
import type { ChannelKind as ApiKind } from '../../../../clients/typescript/src/index.ts';
import { api, got } from '../client.ts';

export type ChannelKind = ApiKind;

/** They change with the service alone. */
export const channelKindsQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'channel-kinds'],
    queryFn: ({ signal }) => got(api(account).GET('/v1/channel-kinds', { signal })),
    staleTime: Infinity,
    select: ({ data }) => data,
  });
