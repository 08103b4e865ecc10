import { ActivityFailure, continueAsNew, isCancellation, sleep } from '@temporalio/workflow';
import { passes, rows } from './activities.ts';
import type { Round } from './messages.ts';

export type ReconcileInput = { intervalMs: number };

const roundsPerRun = 500;

/** Looks again and again for what a crash left half done, and does the second half. */
export async function reconcile({ intervalMs }: ReconcileInput): Promise<never> {
  return continueAsNew<typeof reconcile>({ intervalMs: await rounds(intervalMs, () => rows.sweep()) });
}

/** Keeps the Schedules of all channels complete. Beside the sweep: a pass over thousands delays no lost start. */
export async function reconcileSchedules({ intervalMs }: ReconcileInput): Promise<never> {
  const last = await rounds(intervalMs, () => passes.reconcileSchedules());
  return continueAsNew<typeof reconcileSchedules>({ intervalMs: last });
}

/**
 * One activity, one timer, and again. A run that began with the release before has the same two in its history, and its
 * sweeps that answered nothing: it goes on.
 */
async function rounds(intervalMs: number, round: () => Promise<Round | undefined | null>): Promise<number> {
  let everyMs = intervalMs;
  for (let done = 0; done < roundsPerRun; done += 1) {
    try {
      everyMs = (await round())?.intervalMs ?? everyMs;
    } catch (error) {
      // Nobody would start this workflow again before the next deploy: the next round may fare better.
      if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    }
    await sleep(everyMs);
  }
  return everyMs;
}
