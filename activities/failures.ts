import { asyncLocalStorage } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ErrorCode } from '../domain/errors.ts';
import type { ChannelHealthStatus } from '../domain/channel.ts';
import type { ChannelError, Fault } from './channels/channel.ts';

/** Whatever a shop asks for, a step waits no longer than between its slow tries: it must come to park. */
const longestWaitMs = 5 * 60_000;

/** Outside an activity, as in tests, every try is the first. */
function currentAttempt(): number {
  return asyncLocalStorage.getStore()?.info?.attempt ?? 1;
}

/**
 * A channel's failure as its step sees it: a code; whether it may heal by itself; when to try again. Never a word of
 * the shop's answer (law 8).
 * @param details ids and numbers that the step needs to know besides
 */
export function toFailure(
  { fault, message }: ChannelError,
  attempt = currentAttempt(),
  details: unknown[] = [],
): ApplicationFailure {
  const type = codeOf(fault);
  if (fault.kind === 'rate_limited') {
    const nextRetryDelay = Math.min(fault.retryAfter * 1000, longestWaitMs);
    return ApplicationFailure.create({ type, message, nextRetryDelay, details });
  }
  // Asking again too early would miss an effect that the shop is still working on; too often would not let it recover.
  if (fault.kind === 'unknown_outcome') {
    const nextRetryDelay = Math.min(5_000 * 2 ** Math.max(0, attempt - 3), longestWaitMs);
    return ApplicationFailure.create({ type, message, nextRetryDelay, details });
  }
  return ApplicationFailure.create({ type, message, nonRetryable: fault.kind !== 'unavailable', details });
}

/** The cause, as people read it. */
export function codeOf(fault: Fault): ErrorCode {
  switch (fault.kind) {
    case 'auth_failed':
      return 'channel_unauthorized';
    case 'unavailable':
      return 'channel_unreachable';
    case 'rate_limited':
      return 'channel_rate_limited';
    case 'unknown_outcome':
      return 'channel_outcome_unknown';
    case 'invalid':
      return fault.field === 'order' && fault.code === 'cancelled' ? 'shipped_after_cancellation' : 'channel_refused';
    case 'gone':
      return 'gone_at_channel';
  }
}

/** What a failure says of the channel as a whole; `null` where it concerns one item only. */
export function healthAfter(fault: Fault): { status: ChannelHealthStatus; code: ErrorCode } | null {
  if (fault.kind === 'auth_failed') return { status: 'unauthorized', code: codeOf(fault) };
  if (fault.kind === 'invalid' || (fault.kind === 'gone' && fault.what !== 'channel')) return null;
  return { status: 'failing', code: codeOf(fault) };
}
