import type { Client } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { answerMs, fromTemporal } from './errors.ts';
import { whileReachable } from './reachable.ts';

export type Question<R, A extends [object]> = {
  workflowId: string;
  update: UpdateDefinition<R, A>;
  args: A;
  /** Account and Idempotency-Key: the same question again gets the same answer. */
  updateId: string;
};

/**
 * Sends an Update and waits for its result.
 * @throws DomainError the workflow's refusal by its code, `dropship_not_open`, or `temporal_unavailable`: then the
 *   Update may still run, and the same `updateId` gives its result
 */
export async function ask<R, A extends [object]>(client: Client, question: Question<R, A>): Promise<R> {
  const { workflowId, update, args, updateId } = question;
  const send = async () => {
    const handle = client.workflow.getHandle(workflowId);
    const started = await handle.startUpdate(update, { args, updateId, waitForStage: 'ACCEPTED' } as never);
    return started.result();
  };
  try {
    return await whileReachable(client, () => client.withDeadline(Date.now() + answerMs, send));
  } catch (error) {
    throw fromTemporal(error);
  }
}
