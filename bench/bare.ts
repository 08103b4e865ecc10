import { proxyActivities } from '@temporalio/workflow';
import type { BareActivities } from './bare-worker.ts';

const { nothing } = proxyActivities<BareActivities>({ startToCloseTimeout: '30s' });

/** The workflow that the orders are compared with: three activities that do nothing. */
export async function bare(): Promise<void> {
  await nothing();
  await nothing();
  await nothing();
}
