import { queryOptions } from '@tanstack/react-query';
import type { Channel as ApiChannel } from '../../../../clients/typescript/src/index.ts';
import { api, got } from '../client.ts';

export type Channel = ApiChannel;

const freshMs = 60_000;
/** The portal of a new account's first merchant is set up a moment after its person has come. */
const setUpMs = 5_000;
/** An account has few: shops, or a portal for each merchant. */
const most = 200;

/** All channels of the account: its shops, and the portals of its merchants. */
export const channelsQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'channels'],
    queryFn: ({ signal }) => got(api(account).GET('/v1/channels', { params: { query: { limit: most } }, signal })),
    staleTime: freshMs,
    refetchInterval: ({ state }) => (state.data?.data.length === 0 ? setUpMs : false),
  });
