import type { Client } from '@temporalio/client';
import { quickMs } from './errors.ts';

export async function isReachable(client: Client): Promise<boolean> {
  try {
    await client.withDeadline(Date.now() + quickMs, () => client.workflowService.getSystemInfo({}));
    return true;
  } catch {
    return false;
  }
}
