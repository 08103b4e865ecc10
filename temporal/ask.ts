import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { dropshipReopening, labelReopening } from '../workflows/starts.ts';
import { answerMs, fromTemporal } from './errors.ts';
import { whileReachable } from './reachable.ts';

export type Question<R, A extends [object]> = {
  workflowId: string;
  update: UpdateDefinition<R, A>;
  args: A;
  /** The same id gets the same answer. Without it each try is another Update. */
  updateId: string | undefined;
  /** Longest wait for the answer. */
  waitMs?: number;
  /** The start that runs a closed workflow again for this Update. Without it a closed workflow is not reopened. */
  reopening?:
    | { type: 'dropship'; start: ReturnType<typeof dropshipReopening> }
    | { type: 'label'; start: ReturnType<typeof labelReopening> };
};

/**
 * Sends an Update and waits for its result.
 * @throws DropshipClosed
 * @throws DomainError the workflow's refusal by its code, or `temporal_unavailable`: then the Update may still run, and the
 *   same `updateId` gives its result
 */
export async function ask<R, A extends [object]>(client: Client, question: Question<R, A>): Promise<R> {
  const { workflowId, update, args, updateId, waitMs = answerMs, reopening } = question;
  const options = { args, ...(updateId !== undefined && { updateId }), waitForStage: 'ACCEPTED' } as const;
  const send = async () => {
    const startWorkflowOperation = reopening && new WithStartWorkflowOperation(reopening.type, reopening.start);
    const started = startWorkflowOperation
      ? await client.workflow.startUpdateWithStart(update, { ...options, startWorkflowOperation })
      : await client.workflow.getHandle(workflowId).startUpdate(update, options as never);
    return started.result();
  };
  try {
    return await whileReachable(client, () => client.withDeadline(Date.now() + waitMs, send));
  } catch (error) {
    throw fromTemporal(error);
  }
}
