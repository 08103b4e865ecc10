import { withSystem } from '../../db/engine/with-account.ts';
import { listBehindLabelAccount } from '../../db/labels/behind.ts';
import type { LabelResumeProgress } from '../../workflows/messages.ts';
import type { Deps } from '../deps.ts';
import { resumeParked } from '../resume-parked.ts';

/** How many labels resume together. A provider that is back must not get all at once. */
const resumedAtOnce = 5;

type Resuming = { labelAccountId: string; progress: LabelResumeProgress };
type Resumed = { more: boolean; progress: LabelResumeProgress };

export const createLabelResumeActivities = (deps: Deps) => ({
  resumeBehindLabelAccount: (input: Resuming) => resumeBehindLabelAccount(deps, input),
});

/**
 * Retries labels that parked with old credentials, the longest waiting first, also those of suppliers that the label account
 * is lent to. @returns `more`: whether others wait
 */
async function resumeBehindLabelAccount(deps: Deps, { labelAccountId, progress }: Resuming): Promise<Resumed> {
  const page = { labelAccountId, after: progress.after, limit: resumedAtOnce + 1 };
  const parked = await withSystem(deps.pool, (db) => listBehindLabelAccount(db, page));
  const next = parked.slice(0, resumedAtOnce);
  // One after the other, so that they resume in the order in which they parked.
  for (const one of next) await resumeParked(deps, one.accountId, one);
  return {
    more: parked.length > next.length,
    progress: { after: next.at(-1)?.attentionId ?? progress.after },
  };
}
