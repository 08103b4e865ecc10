import type { AccountTasksStarted } from '../../../../clients/typescript/src/index.ts';
import { api, sent } from '../client.ts';
import type { TaskType } from '../queries/tasks.ts';

/** `tasks`: left out, all that usually run. On all channels that have them. */
export const syncAll = (
  account: string,
  { key, tasks }: { readonly key: string; readonly tasks?: readonly TaskType[] },
): Promise<AccountTasksStarted> =>
  sent(() =>
    api(account).POST('/v1/sync', {
      params: { header: { 'idempotency-key': key } },
      body: tasks === undefined ? {} : { tasks: [...tasks] },
    }),
  );
