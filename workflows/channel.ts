import type { ChannelCheck } from '../activities/channel-check.ts';
import { continueAsNew, sleep, workflowInfo } from '@temporalio/workflow';
import { onShop, rows } from './activities.ts';
import type { ResumeProgress } from './messages.ts';

/** Tries the credentials of a channel. Answers which permissions are missing. */
export async function checkChannel({ channelId }: { channelId: string }): Promise<ChannelCheck> {
  return onShop.checkChannel({ channelId });
}

/** The shop sends its messages to us, or no more once the channel is deleted. */
export async function ensureWebhooks({ channelId }: { channelId: string }): Promise<void> {
  await onShop.ensureWebhooks({ channelId });
}

type ResumeInput = { channelId: string; progress?: ResumeProgress };

/** Longest history before a fresh run takes over. */
const longHistory = 5_000;

/**
 * Retries the steps that are parked behind old credentials, the longest waiting first. It does so in small steps: a shop that has
 * just come back must not get everything at once.
 */
export async function resumeChannel({ channelId, progress = nothingYet }: ResumeInput): Promise<void> {
  for (let going = progress; ;) {
    const resumed = await rows.resumeBehindCredentials({ channelId, progress: going });
    if (!resumed.more) return;
    going = resumed.progress;
    await sleep('500ms');
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    if (continueAsNewSuggested || historyLength >= longHistory)
      await continueAsNew<typeof resumeChannel>({ channelId, progress: going });
  }
}

const nothingYet: ResumeProgress = { after: null, atWork: [] };
