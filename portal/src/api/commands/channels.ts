import type {
  Channel,
  ChannelChange,
  ChannelCheck,
  NewChannel,
  Schedule,
  ScheduleChange,
  TasksStarted,
} from '../../../../clients/typescript/src/index.ts';
import { api, got, sent } from '../client.ts';
import type { TaskType } from '../queries/tasks.ts';

/** @throws ApiError with `errors` by the fields of the body, such as `/settings/url` */
export const createChannel = (
  account: string,
  { key, body }: { readonly key: string; readonly body: NewChannel },
): Promise<Channel> =>
  sent(() => api(account).POST('/v1/channels', { params: { header: { 'idempotency-key': key } }, body }));

/** New credentials make what is parked on the channel go on. @throws ApiError as above */
export const changeChannel = (
  account: string,
  { id, change }: { readonly id: string; readonly change: ChannelChange },
): Promise<Channel> => sent(() => api(account).PATCH('/v1/channels/{id}', { params: { path: { id } }, body: change }));

/** Asks the shop for our permissions. @throws ApiError `channel_unauthorized`, `channel_unreachable`, … */
export const checkChannel = (account: string, id: string): Promise<ChannelCheck> =>
  got(api(account).POST('/v1/channels/{id}/check', { params: { path: { id } } }));

/** @throws ApiError `channel_has_open_orders` */
export const deleteChannel = (account: string, id: string): Promise<unknown> =>
  sent(() => api(account).DELETE('/v1/channels/{id}', { params: { path: { id } } }));

interface Rescheduling {
  readonly channelId: string;
  readonly task: TaskType;
  readonly change: ScheduleChange;
}

export const changeSchedule = (account: string, { channelId, task, change }: Rescheduling): Promise<Schedule> =>
  sent(() =>
    api(account).PATCH('/v1/channels/{id}/schedules/{task}', {
      params: { path: { id: channelId, task } },
      body: change,
    }),
  );

interface Running {
  readonly channelId: string;
  readonly task: TaskType;
  readonly key: string;
}

/** Runs it now, also while it is paused. @throws ApiError `connection_paused` */
export const runTask = (account: string, { channelId, task, key }: Running): Promise<TasksStarted> =>
  sent(() =>
    api(account).POST('/v1/channels/{id}/sync', {
      params: { path: { id: channelId }, header: { 'idempotency-key': key } },
      body: { tasks: [task] },
    }),
  );
