import type { ChannelCheck } from '../activities/channel-check.ts';
import { continueAsNew, sleep, workflowInfo } from '@temporalio/workflow';
import { channelWork, rows } from './activities.ts';
import type { ResumeProgress } from './messages.ts';

/** Tries the credentials of a channel and says which permissions are missing. */
export async function checkChannel({ channelId }: { channelId: string }): Promise<ChannelCheck> {
  return channelWork.checkChannel({ channelId });
}

export type ResumeInput = { channelId: string; progress?: ResumeProgress };

/** Longest history before a fresh run takes over. */
const longHistory = 5_000;

/**
 * New credentials: what is parked behind the old ones is retried, the longest waiting first. A shop that has just come
 * back is not met by everything at once.
 */
export async function resumeChannel({ channelId, progress = nothingYet }: ResumeInput): Promise<void> {
  for (let going = progress; ;) {
    const resumed = await rows.resumeBehindCredentials({ channelId, progress: going });
    if (!resumed.more) return;
    // A run that began with the release before has answers without it.
    going = (resumed as Partial<typeof resumed>).progress ?? going;
    await sleep('500ms');
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    if (continueAsNewSuggested || historyLength >= longHistory)
      await continueAsNew<typeof resumeChannel>({ channelId, progress: going });
  }
}

const nothingYet: ResumeProgress = { after: null, atWork: [] };
