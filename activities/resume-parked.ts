import { WorkflowNotFoundError } from '@temporalio/client';
import { closeAttention, type Behind } from '../db/attentions.ts';
import { withAccount } from '../db/engine/with-account.ts';
import { attentionResolved, type Resolution } from '../workflows/messages.ts';
import type { Deps } from './deps.ts';

/** `by`: what may have healed the cause. */
type Parked = Pick<Behind, 'workflowId'> & { by?: 'credentials' | 'hold' };

/** Retries a step that parked, as with old credentials. @param accountId of the attention */
export async function resumeParked(
  { pool, client }: Pick<Deps, 'pool' | 'client'>,
  accountId: string,
  { workflowId, by = 'credentials' }: Parked,
): Promise<void> {
  const retry: Resolution = { action: 'retry', by };
  try {
    await client.workflow.getHandle(workflowId).signal(attentionResolved, retry);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    // The workflow was ended by hand, so its open attention is stale.
    const gone = { workflowId, action: 'cancel', by: 'workflow_gone' } as const;
    await withAccount(pool, accountId, (db) => closeAttention(db, gone));
  }
}
