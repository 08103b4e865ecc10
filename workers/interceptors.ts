import { ApplicationFailure, TemporalFailure } from '@temporalio/common';
import type { Context } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Logger } from 'pino';
import { ChannelError } from '../activities/channels/channel.ts';
import { toFailure } from '../activities/failures.ts';
import { BucketError } from '../db/documents/store.ts';
import { DatabaseError } from '../db/engine/database-error.ts';
import { DomainError } from '../domain/errors.ts';

/**
 * Turns an activity's error into a failure that a history may hold: a code and ids (law 8). Messages and stacks of other
 * errors would be in the history as plain text, and those of pg quote row values. So they go to the log only, and the
 * failure's stack is cleared.
 */
function translate(error: unknown, log: Logger, activity: string): unknown {
  if (error instanceof TemporalFailure || (error as Error | undefined)?.name === 'AbortError') return error;
  const failure = failureOf(error);
  if (failure.type === 'unexpected' || hasCode(error))
    log.error({ activity, error: describe(error) }, 'activity failed');
  failure.stack = '';
  return failure;
}

function failureOf(error: unknown): ApplicationFailure {
  if (error instanceof DomainError) return ApplicationFailure.nonRetryable(error.message, error.code);
  if (error instanceof ChannelError) return toFailure(error);
  if (error instanceof DatabaseError && error.isPassing) {
    return ApplicationFailure.create({ type: 'database_unavailable', message: error.message });
  }
  if (error instanceof BucketError)
    return ApplicationFailure.create({ type: 'document_store_unavailable', message: error.message });
  // A constraint refuses the row on each try. Retries for ever would hide the bug; parking shows it.
  const nonRetryable = error instanceof DatabaseError && error.code?.startsWith('23') === true;
  return ApplicationFailure.create({
    type: 'unexpected',
    message: 'Unexpected error, see the worker log.',
    nonRetryable,
  });
}

/** Postgres answered, and said what is wrong. */
const hasCode = (error: unknown): boolean => error instanceof DatabaseError && !error.isAway;

function describe(error: unknown) {
  if (error instanceof DatabaseError)
    return { name: error.name, code: error.code, constraint: error.constraint, table: error.table };
  return error instanceof Error ? { name: error.name, stack: error.stack } : { name: typeof error };
}

export const translateFailures =
  (log: Logger): ActivityInterceptorsFactory =>
  (context) => ({
    inbound: {
      async execute(input, next) {
        try {
          return await next(input);
        } catch (error) {
          throw translate(error, log, context.info.activityType);
        }
      },
    },
  });

const heartbeatMs = 2_000;

/**
 * Sends heartbeats for each activity that has a heartbeat timeout, so that a killed worker is noticed in seconds. Short
 * activities end before the first heartbeat.
 */
export const beatHearts: ActivityInterceptorsFactory = (context: Context) => ({
  inbound: {
    async execute(input, next) {
      if (context.info.heartbeatTimeoutMs === undefined) return next(input);
      const timer = setInterval(() => context.heartbeat(), heartbeatMs);
      try {
        return await next(input);
      } finally {
        clearInterval(timer);
      }
    },
  },
});
