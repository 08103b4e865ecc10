import type { Client } from '@temporalio/client';
import type { Queues } from '../../../workflows/names.ts';

/**
 * Deletes the Schedules of a test's own queues. Each service lists all Schedules of its namespace every few seconds, so those
 * that ended tests left behind would slow down all later ones.
 */
export async function deleteSchedules(client: Client, queues: Pick<Queues, 'tasks'>): Promise<void> {
  const own: string[] = [];
  for await (const { scheduleId, memo } of client.schedule.list({ pageSize: 1_000 }))
    if (memo?.['taskQueue'] === queues.tasks) own.push(scheduleId);
  await Promise.allSettled(own.map((id) => client.schedule.getHandle(id).delete()));
}
