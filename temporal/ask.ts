import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { dropshipReopening } from '../workflows/starts.ts';
import { answerMs, fromTemporal } from './errors.ts';
import { whileReachable } from './reachable.ts';

export type Question<R, A extends [object]> = {
  workflowId: string;
  update: UpdateDefinition<R, A>;
  args: A;
  /** Account and Idempotency-Key: the same question again gets the same answer. */
  updateId: string;
  /** How a dropship that has closed is run again for it; without, a closed one is not asked. */
  reopening?: ReturnType<typeof dropshipReopening>;
};

/**
 * Sends an Update and waits for its result.
 * @throws DomainError the workflow's refusal by its code, `dropship_not_open`, or `temporal_unavailable`: then the
 *   Update may still run, and the same `updateId` gives its result
 */
export async function ask<R, A extends [object]>(client: Client, question: Question<R, A>): Promise<R> {
  const { workflowId, update, args, updateId, reopening } = question;
  const options = { args, updateId, waitForStage: 'ACCEPTED' } as const;
  const send = async () => {
    const startWorkflowOperation = reopening && new WithStartWorkflowOperation('dropship', reopening);
    const started = startWorkflowOperation
      ? await client.workflow.startUpdateWithStart(update, { ...options, startWorkflowOperation })
      : await client.workflow.getHandle(workflowId).startUpdate(update, options as never);
    return started.result();
  };
  try {
    return await whileReachable(client, () => client.withDeadline(Date.now() + answerMs, send));
  } catch (error) {
    throw fromTemporal(error);
  }
}
