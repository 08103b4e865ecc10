import { continueAsNew, sleep, workflowInfo } from '@temporalio/workflow';
import type { LabelAccountCheck } from '../activities/labels/check.ts';
import { labelWork, rows } from './activities.ts';
import type { LabelResumeProgress, RateParcelInput } from './messages.ts';

/** Tries the credentials of a label account. */
export async function checkLabelAccount({ labelAccountId }: { labelAccountId: string }): Promise<LabelAccountCheck> {
  return labelWork.checkLabelAccount({ labelAccountId });
}

/** Rates one parcel. Its quotes are rows, not a result: an amount of a lent account must not be in the supplier's history. */
export async function rating(input: RateParcelInput): Promise<void> {
  await labelWork.rateParcel(input);
}

type ResumeInput = { labelAccountId: string; progress?: LabelResumeProgress };

/** Longest history before a fresh run takes over. */
const longHistory = 5_000;

/** Retries the labels that are parked behind old credentials, the longest waiting first, in small steps as `resumeChannel`. */
export async function resumeLabelAccount({ labelAccountId, progress = { after: null } }: ResumeInput): Promise<void> {
  for (let going = progress; ;) {
    const resumed = await rows.resumeBehindLabelAccount({ labelAccountId, progress: going });
    if (!resumed.more) return;
    going = resumed.progress;
    await sleep('1s');
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    if (continueAsNewSuggested || historyLength >= longHistory)
      await continueAsNew<typeof resumeLabelAccount>({ labelAccountId, progress: going });
  }
}
