import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { isCancellation } from '@temporalio/workflow';
import { DomainError, isErrorCode, type ErrorCode } from '../domain/errors.ts';

/**
 * Runs a rule. Its refusal must end only the message that it refuses. A bug stays a plain error on purpose: the
 * workflow then waits for the fixed deploy instead of failing.
 */
export function refusing<T>(rule: () => T): T {
  try {
    return rule();
  } catch (error) {
    if (error instanceof DomainError) throw ApplicationFailure.nonRetryable(error.message, error.code, error.faults);
    throw error;
  }
}

/** Why an activity failed, by the code that workers/ gave it; `no_answer` where it did not end in time. */
export function codeOf({ cause }: ActivityFailure): ErrorCode {
  if (!(cause instanceof ApplicationFailure)) return 'no_answer';
  return isErrorCode(cause.type) ? cause.type : 'unexpected';
}

/** An activity has failed. False for a cancellation and for a bug: those must end what runs. */
export const isFailure = (error: unknown): error is ActivityFailure =>
  error instanceof ActivityFailure && !isCancellation(error);

export const failedWith = (error: unknown, code: ErrorCode): boolean =>
  error instanceof ActivityFailure && codeOf(error) === code;
