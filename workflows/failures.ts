import { ApplicationFailure } from '@temporalio/common';
import { DomainError } from '../domain/errors.ts';

/**
 * Runs a rule where its refusal must end only the message it refuses. A bug stays a plain error on purpose: the
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
