import { tasksOn, type CalledChannel } from './channel.ts';
import { assertConnectionCarries, type ConnectionStatus } from './connection.ts';
import { DomainError, orRefusal, type ErrorCode } from './errors.ts';
import type { TaskType } from './task.ts';

/** `connectionStatus`: of a portal; null for a shop. */
export type SyncChannel = CalledChannel & { id: string; name: string; connectionStatus: ConnectionStatus | null };
/** A task that is to run on a channel. */
export type WantedRun = { channelId: string; channelName: string; task: TaskType };
export type FailedRun = WantedRun & { code: ErrorCode };

/**
 * What a Sync of several channels runs. A channel without a task that was asked for is passed over. One whose connection
 * has ended, or is only proposed, fails where it was named, and is passed over else; a paused one always fails, since
 * somebody waits for it.
 */
export function runsOf(
  channels: readonly SyncChannel[],
  { tasks, areNamed }: { tasks: readonly TaskType[]; areNamed: boolean },
): { wanted: WantedRun[]; failed: FailedRun[] } {
  const wanted: WantedRun[] = [];
  const failed: FailedRun[] = [];
  for (const channel of channels) {
    const has = tasksOn(channel);
    const runs = tasks
      .filter((task) => has.includes(task))
      .map((task) => ({ channelId: channel.id, channelName: channel.name, task }));
    const refusal = refusalOf(channel);
    if (refusal === null) wanted.push(...runs);
    else if (areNamed || refusal === 'connection_paused')
      failed.push(...runs.map((run) => ({ ...run, code: refusal })));
  }
  return { wanted, failed };
}

function refusalOf({ connectionStatus }: SyncChannel): ErrorCode | null {
  if (connectionStatus === null) return null;
  const refusal = orRefusal(() => assertConnectionCarries(connectionStatus));
  return refusal instanceof DomainError ? refusal.code : null;
}
