import { ApplicationFailure } from '@temporalio/common';
import type { ChannelHealthStatus } from '../../domain/channel.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import { currentAttempt, longestWaitMs } from '../failures.ts';
import type { LabelError, LabelFault } from './provider.ts';

/** The code of a provider's fault. A request that the provider finds invalid is refused like any other. */
function codeOf(fault: LabelFault): ErrorCode {
  switch (fault.kind) {
    case 'auth_failed':
      return 'label_account_unauthorized';
    case 'unavailable':
    case 'rate_limited':
      return 'label_provider_unreachable';
    case 'unknown_outcome':
      return 'label_outcome_unknown';
    case 'refused':
      return fault.code === 'invalid_request' ? 'label_refused' : fault.code;
  }
}

/** Ours: the words of a provider's answer stay out (law 8). */
const texts: Partial<Record<ErrorCode, string>> = {
  label_account_unauthorized: 'The provider of labels refuses the credentials of the label account.',
  label_provider_unreachable: 'The provider of labels does not answer, or limits our calls.',
  label_outcome_unknown: 'The provider of labels did not answer in time.',
  address_not_deliverable: 'The provider of labels does not accept the address.',
  label_refused: 'The provider of labels refuses this label.',
  balance_too_low: 'The account at the provider of labels has too little money.',
  rate_expired: 'The provider of labels does not sell this quote any more.',
  label_scanned: 'The carrier has the parcel.',
};

/**
 * Turns a provider's error into the failure of a step: its code, whether a retry makes sense, and when.
 * @param details ids and numbers that the step needs
 */
export function toLabelFailure({ fault }: LabelError, details: unknown[]): ApplicationFailure {
  const type = codeOf(fault);
  const message = texts[type] ?? type;
  if (fault.kind === 'rate_limited') {
    const nextRetryDelay = Math.min(fault.retryAfter * 1000, longestWaitMs);
    return ApplicationFailure.create({ type, message, nextRetryDelay, details });
  }
  // A look-up that comes too early could miss a purchase that the provider is still working on.
  if (fault.kind === 'unknown_outcome') {
    const nextRetryDelay = Math.min(5_000 * 2 ** Math.max(0, currentAttempt() - 3), longestWaitMs);
    return ApplicationFailure.create({ type, message, nextRetryDelay, details });
  }
  return ApplicationFailure.create({ type, message, nonRetryable: fault.kind !== 'unavailable', details });
}

/** The health of a label account after a fault; `null` for a fault that concerns one label only. */
export function labelHealthAfter(fault: LabelFault): { status: ChannelHealthStatus; code: ErrorCode } | null {
  const code = codeOf(fault);
  if (fault.kind === 'auth_failed') return { status: 'unauthorized', code };
  if (fault.kind === 'refused') return fault.code === 'balance_too_low' ? { status: 'failing', code } : null;
  return { status: 'failing', code };
}
