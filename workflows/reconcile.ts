import { continueAsNew, sleep } from '@temporalio/workflow';
import { passes, rows } from './activities.ts';
import type { Round } from './messages.ts';
import { isFailure } from './failures.ts';

type ReconcileInput = { intervalMs: number };

const roundsPerRun = 500;

/** Finds work that a crash left half done, and completes it. */
export async function reconcile({ intervalMs }: ReconcileInput): Promise<never> {
  return continueAsNew<typeof reconcile>({ intervalMs: await rounds(intervalMs, () => rows.sweep()) });
}

/** Keeps the Schedules of all channels complete. Apart from the sweep: a pass over thousands must not delay lost starts. */
export async function reconcileSchedules({ intervalMs }: ReconcileInput): Promise<never> {
  const last = await rounds(intervalMs, () => passes.reconcileSchedules());
  return continueAsNew<typeof reconcileSchedules>({ intervalMs: last });
}

/** Deletes the records of old runs, so that years of them cost nothing. */
export async function prune({ intervalMs }: ReconcileInput): Promise<never> {
  return continueAsNew<typeof prune>({ intervalMs: await rounds(intervalMs, () => passes.prune()) });
}

/** Asks the providers how far the refunds of void labels are, each label once a day. */
export async function lookUpRefunds({ intervalMs }: ReconcileInput): Promise<never> {
  return continueAsNew<typeof lookUpRefunds>({ intervalMs: await rounds(intervalMs, () => passes.lookUpRefunds()) });
}

/** Erases the personal data of orders, as it was asked for. Apart from the sweep: the search for an e-mail may take minutes. */
export async function eraseOrders({ intervalMs }: ReconcileInput): Promise<never> {
  return continueAsNew<typeof eraseOrders>({ intervalMs: await rounds(intervalMs, () => passes.eraseOrders()) });
}

async function rounds(intervalMs: number, round: () => Promise<Round>): Promise<number> {
  let everyMs = intervalMs;
  for (let done = 0; done < roundsPerRun; done += 1) {
    try {
      everyMs = (await round()).intervalMs;
    } catch (error) {
      // Go on: after a failed workflow there would be no round until the next deploy.
      if (!isFailure(error)) throw error;
    }
    await sleep(everyMs);
  }
  return everyMs;
}
