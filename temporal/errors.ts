import {
  isGrpcServiceError,
  ScheduleNotFoundError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import {
  ApplicationFailure,
  CancelledFailure,
  NamespaceNotFoundError,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/common';
import { DomainError, isErrorCode, type Fault } from '../domain/errors.ts';

/**
 * Deadlines in milliseconds. While Temporal is away a call ends up to 0.8 s after its deadline (measured on two busy
 * cores), and every answer is promised within two seconds.
 */
export const quickMs = 1_000;
/** For calls that need a worker, and for calls to a Temporal that has just answered. */
export const answerMs = 5_000;

/** By their numbers. https://grpc.io/docs/guides/status-codes/ */
const statusNames = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;
type GrpcStatus = (typeof statusNames)[number];

/** Statuses of a call that was refused: it has no effect. A busy or restarting server answers with any of the others. */
const refusals: ReadonlySet<GrpcStatus | undefined> = new Set<GrpcStatus>([
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'UNIMPLEMENTED',
  'UNAUTHENTICATED',
]);

/** The workflow has ended, or was not started yet. */
export class DropshipClosed extends DomainError {
  constructor() {
    super('dropship_not_open', 'The dropship has ended, or was not started yet.');
  }
}

/** Temporal did not answer, or not with what was asked for. The log shows its status, callers do not see it. */
export class TemporalUnavailable extends DomainError {
  readonly grpcStatus: GrpcStatus | undefined;

  constructor(grpcStatus?: GrpcStatus) {
    super(
      'temporal_unavailable',
      refusals.has(grpcStatus)
        ? 'Temporal refused the call. Repeat the request with the same Idempotency-Key, or give its id to support.'
        : 'No answer yet; the request may still take effect. Repeat it with the same Idempotency-Key.',
    );
    this.grpcStatus = grpcStatus;
  }
}

/** An error, its cause, and so on. */
export function causesOf(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}

/** The status of a call that failed, for the log. @returns undefined for an error of another kind */
export function grpcStatusOf(error: unknown): GrpcStatus | undefined {
  for (const cause of causesOf(error)) {
    if (cause instanceof TemporalUnavailable) return cause.grpcStatus;
    if (cause instanceof NamespaceNotFoundError) return 'NOT_FOUND';
    if (cause instanceof WorkflowExecutionAlreadyStartedError) return 'ALREADY_EXISTS';
    if (isGrpcServiceError(cause)) return statusNames[cause.code] ?? 'UNKNOWN';
  }
  return error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ? 'DEADLINE_EXCEEDED' : undefined;
}

/** An error as the log shows it. Its message may quote the request. */
export const causeOf = (error: unknown): { cause: string; grpcStatus?: GrpcStatus } => {
  const grpcStatus = grpcStatusOf(error);
  return { cause: error instanceof Error ? error.name : typeof error, ...(grpcStatus && { grpcStatus }) };
};

/** Whether the answer did not come in time. The message may take effect all the same. */
export const isUnanswered = (error: unknown): boolean =>
  error instanceof TemporalUnavailable && !refusals.has(error.grpcStatus);

/** @returns the refusal that a workflow or activity gave by its failure's type, or the error as it is */
function refusalFrom(error: unknown): unknown {
  for (const cause of causesOf(error)) {
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

/** A workflow or activity that ended without a result of its own: late, or by the hand of support. */
function isWithoutResult(error: unknown): boolean {
  for (const cause of causesOf(error)) {
    if (cause instanceof ApplicationFailure) return false;
    if (cause instanceof TimeoutFailure || cause instanceof TerminatedFailure || cause instanceof CancelledFailure)
      return true;
  }
  return false;
}

/**
 * The only translation of the client's errors: refusals by their code, silence and every status of gRPC as 503. Other errors
 * are bugs.
 */
export function fromTemporal(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  if (error instanceof WorkflowNotFoundError) return new DropshipClosed();
  if (error instanceof ScheduleNotFoundError)
    return new DomainError('schedule_not_found', 'The channel is still being set up; try again.');
  const status = grpcStatusOf(error);
  if (status !== undefined) return new TemporalUnavailable(status);
  const refusal = refusalFrom(error instanceof WorkflowUpdateFailedError ? (error.cause ?? error) : error);
  return isWithoutResult(refusal) ? new TemporalUnavailable() : refusal;
}

/** As `fromTemporal`, for a workflow that this call has started itself: it was there. */
export const fromOwnRun = (error: unknown): unknown =>
  error instanceof WorkflowNotFoundError ? new TemporalUnavailable('NOT_FOUND') : fromTemporal(error);
