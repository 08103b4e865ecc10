import { randomUUID } from 'node:crypto';
import type { Client, WorkflowStartOptions } from '@temporalio/client';
import { TimeoutFailure } from '@temporalio/common';
import type { LabelAccountCheck } from '../activities/labels/check.ts';
import { DomainError } from '../domain/errors.ts';
import type { RateParcelInput } from '../workflows/messages.ts';
import type { Queues } from '../workflows/names.ts';
import { ratingStart } from '../workflows/starts.ts';
import { fromOwnRun, quickMs } from './errors.ts';
import { startOnce } from './starts.ts';

/** A call of a provider by a short workflow. The provider asks carriers, so it may take so long. */
const providerMs = 15_000;

/** Each check is a new workflow with a random id. It changes nothing. */
export async function checkLabelAccount(
  client: Client,
  queues: Queues,
  labelAccountId: string,
): Promise<LabelAccountCheck> {
  const result = await resultOf(client, 'checkLabelAccount', {
    workflowId: `check_label_account/${labelAccountId}/${randomUUID()}`,
    taskQueue: queues.tasks,
    args: [{ labelAccountId }],
  });
  return result as LabelAccountCheck;
}

/** A repeat waits for the same workflow. */
export async function rateParcel(client: Client, queues: Queues, input: RateParcelInput): Promise<void> {
  await resultOf(client, 'rating', ratingStart(input, queues));
}

async function resultOf(
  client: Client,
  type: string,
  options: WorkflowStartOptions & { workflowId: string },
): Promise<unknown> {
  const { workflowId } = options;
  try {
    const start = { ...options, workflowExecutionTimeout: providerMs };
    await client.withDeadline(Date.now() + quickMs, () => startOnce(client, type, start));
    const handle = client.workflow.getHandle(workflowId);
    return await client.withDeadline(Date.now() + providerMs, () => handle.result());
  } catch (error) {
    if (isTimeOut(error)) throw noAnswer();
    throw fromOwnRun(error);
  }
}

function isTimeOut(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof TimeoutFailure) return true;
  return false;
}

const noAnswer = () => new DomainError('label_provider_unreachable', 'The provider of labels did not answer in time.');
