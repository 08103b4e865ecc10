import {
  isGrpcDeadlineError,
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { DomainError, isErrorCode, type Fault } from '../domain/errors.ts';

/**
 * Deadlines in milliseconds. While Temporal is away a call ends up to 0.8 s after its deadline (measured on two busy
 * cores), and every answer is promised within two seconds.
 */
export const quickMs = 1_000;
/** For calls that need a worker, and for calls to a Temporal that has just answered. */
export const answerMs = 5_000;

// The numbers of https://grpc.io/docs/guides/status-codes/
const unavailable = 14;
const resourceExhausted = 8;
const cancelled = 1;

/** The workflow has ended, or was not started yet. */
export class DropshipClosed extends DomainError {
  constructor() {
    super('dropship_not_open', 'The dropship has ended, or was not started yet.');
  }
}

/** Temporal did not answer. The call may have taken effect, or may take effect later. */
export function isAway(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcDeadlineError(error)) return true;
  const cause = isGrpcServiceError(error) ? error : error instanceof Error ? error.cause : undefined;
  if (isGrpcDeadlineError(cause)) return true;
  return isGrpcServiceError(cause) && [unavailable, resourceExhausted, cancelled].includes(cause.code);
}

export const temporalAway = (): DomainError =>
  new DomainError(
    'temporal_unavailable',
    'No answer yet; the request may still take effect. Repeat it with the same Idempotency-Key.',
  );

/** Whether the answer did not come in time. The message may take effect all the same. */
export const isUnanswered = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'temporal_unavailable';

/** @returns the refusal that a workflow or activity gave by its failure's type, or the error as it is */
function refusalFrom(error: unknown): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!(cause instanceof ApplicationFailure) || !isErrorCode(cause.type)) continue;
    return new DomainError(cause.type, cause.message, faultsOf(cause.details?.[0]));
  }
  return error;
}

/** Faults travel as the failure's first detail. */
function faultsOf(detail: unknown): Fault[] {
  if (!Array.isArray(detail)) return [];
  return detail.filter(
    (fault: Partial<Fault> | null): fault is Fault =>
      typeof fault?.pointer === 'string' && typeof fault.detail === 'string',
  );
}

/** The only translation of the client's errors: refusals by their code, silence as 503; other errors are bugs. */
export function fromTemporal(error: unknown): unknown {
  if (error instanceof WorkflowUpdateFailedError) return refusalFrom(error.cause ?? error);
  if (error instanceof WorkflowNotFoundError) return new DropshipClosed();
  return isAway(error) ? temporalAway() : refusalFrom(error);
}
