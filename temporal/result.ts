import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { TimeoutFailure } from '@temporalio/common';
import type { DomainError } from '../domain/errors.ts';
import { causesOf, fromOwnRun, TemporalUnavailable } from './errors.ts';
import { whileReachable } from './reachable.ts';

/** `ms`: the longest wait. `late`: the refusal after it, `temporal_unavailable` when left out. */
export type Patience = { ms: number; late?: () => DomainError };

/** Just before a call's deadline the server answers at once and is asked again. So the deadline is far behind our patience. */
const spareMs = 30_000;

/**
 * Waits for the result of a workflow.
 * @throws DomainError the workflow's refusal by its code; `late`, when it has not ended by then or has timed out itself
 */
export async function resultWithin<T>(client: Client, workflowId: string, patience: Patience): Promise<T> {
  const { ms, late = () => new TemporalUnavailable() } = patience;
  const result = () =>
    client.withDeadline(Date.now() + ms + spareMs, () => client.workflow.getHandle(workflowId).result() as Promise<T>);
  const tooLate = async (): Promise<never> => {
    await wait(ms, undefined, { ref: false });
    throw late();
  };
  try {
    return await whileReachable(client, () => Promise.race([result(), tooLate()]));
  } catch (error) {
    throw isTimeOut(error) ? late() : fromOwnRun(error);
  }
}

const isTimeOut = (error: unknown): boolean => causesOf(error).some((cause) => cause instanceof TimeoutFailure);
