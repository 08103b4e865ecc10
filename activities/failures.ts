import { asyncLocalStorage, cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ErrorCode } from '../domain/errors.ts';
import type { ChannelHealthStatus } from '../domain/channel.ts';
import { isLocationFault, type ChannelError, type Fault } from './channels/channel.ts';

/** The longest wait that a shop may ask for: that between the slow tries (law 4). A longer one would delay parking. */
export const longestWaitMs = 5 * 60_000;

/** Outside an activity, as in tests, each try is the first. */
export function currentAttempt(): number {
  return asyncLocalStorage.getStore()?.info?.attempt ?? 1;
}

/** Ends with the activity. Outside an activity, as in tests, no call is ended. */
export const currentSignal = (): AbortSignal =>
  asyncLocalStorage.getStore() ? cancellationSignal() : new AbortController().signal;

/**
 * Turns a channel's error into the failure of a step: its code, whether a retry makes sense, and when. The text of the
 * shop's answer stays out (law 8).
 * @param details ids and numbers that the step needs
 */
export function toFailure(
  { fault, message }: ChannelError,
  attempt = currentAttempt(),
  details: unknown[] = [],
): ApplicationFailure {
  const type = codeOf(fault);
  if (fault.kind === 'rate_limited' || fault.kind === 'held') {
    const nextRetryDelay = Math.min(fault.retryAfter * 1000, longestWaitMs);
    return ApplicationFailure.create({ type, message, nextRetryDelay, details });
  }
  // A retry that comes too early could miss an effect that the shop is still working on; too many would load the shop.
  if (fault.kind === 'unknown_outcome') {
    const nextRetryDelay = Math.min(5_000 * 2 ** Math.max(0, attempt - 3), longestWaitMs);
    return ApplicationFailure.create({ type, message, nextRetryDelay, details });
  }
  return ApplicationFailure.create({ type, message, nonRetryable: fault.kind !== 'unavailable', details });
}

/** The code of a channel's fault. */
export function codeOf(fault: Fault): ErrorCode {
  switch (fault.kind) {
    case 'auth_failed':
      return 'channel_unauthorized';
    case 'unavailable':
      return 'channel_unreachable';
    case 'rate_limited':
      return 'channel_rate_limited';
    case 'held':
      return 'held_at_channel';
    case 'unknown_outcome':
      return 'channel_outcome_unknown';
    case 'invalid':
      if (isLocationFault(fault)) return 'location_not_chosen';
      return fault.field === 'order' && fault.code === 'cancelled' ? 'shipped_after_cancellation' : 'channel_refused';
    case 'gone':
      return 'gone_at_channel';
  }
}

/** The channel's health after a fault; `null` for a fault that concerns one item only. */
export function healthAfter(fault: Fault): { status: ChannelHealthStatus; code: ErrorCode } | null {
  if (fault.kind === 'auth_failed') return { status: 'unauthorized', code: codeOf(fault) };
  if (fault.kind === 'invalid' || fault.kind === 'held' || (fault.kind === 'gone' && fault.what !== 'channel'))
    return null;
  return { status: 'failing', code: codeOf(fault) };
}
