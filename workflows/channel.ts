import type { ChannelCheck } from '../activities/channel-check.ts';
import { sleep } from '@temporalio/workflow';
import { channelWork, rows } from './activities.ts';

/** Tries the credentials of a channel and says which permissions are missing. */
export async function checkChannel({ channelId }: { channelId: string }): Promise<ChannelCheck> {
  return channelWork.checkChannel({ channelId });
}

/** New credentials: what is parked behind the old ones is retried, the longest waiting first. */
export async function resumeChannel({ channelId }: { channelId: string; credentialsVersion: number }): Promise<void> {
  for (;;) {
    const { more } = await rows.resumeBehindCredentials({ channelId });
    if (!more) return;
    // A shop that has just come back is not met by everything at once.
    await sleep('1s');
  }
}
