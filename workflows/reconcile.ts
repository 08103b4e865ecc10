import { ActivityFailure, continueAsNew, isCancellation, sleep } from '@temporalio/workflow';
import { rows } from './activities.ts';

export type ReconcileInput = { intervalMs: number };

const roundsPerRun = 500;

/** Looks again and again for what a crash left half done, and does the second half. */
export async function reconcile({ intervalMs }: ReconcileInput): Promise<never> {
  for (let round = 0; round < roundsPerRun; round += 1) {
    try {
      await rows.sweep();
    } catch (error) {
      // Nobody would start this workflow again before the next deploy: the next round may fare better.
      if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    }
    await sleep(intervalMs);
  }
  return continueAsNew<typeof reconcile>({ intervalMs });
}
