import { queryOptions } from '@tanstack/react-query';
import type {
  AccountSchedule,
  Channel as ApiChannel,
  ChannelCheck as ApiCheck,
} from '../../../../clients/typescript/src/index.ts';
import { api, got } from '../client.ts';

export type Channel = ApiChannel;
export type ChannelCheck = ApiCheck;
export type Schedule = AccountSchedule;

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

const healthMs = 15_000;

export const channelQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: [account, 'channels', id],
    queryFn: ({ signal }) => got(api(account).GET('/v1/channels/{id}', { params: { path: { id } }, signal })),
    refetchInterval: healthMs,
  });

const busyMs = 1_000;

/** The schedules of a channel, asked for each second while one of its tasks runs or none is there yet. */
export const schedulesQuery = (account: string, channelId: string) =>
  queryOptions({
    queryKey: [account, 'schedules', channelId],
    queryFn: ({ signal }) => got(api(account).GET('/v1/schedules', { params: { query: { channelId } }, signal })),
    refetchInterval: ({ state: { data } }) =>
      data && (data.data.length === 0 || data.data.some(isUnderWay)) ? busyMs : healthMs,
  });

export const isUnderWay = ({ lastTask }: Schedule): boolean => lastTask?.status === 'running';
