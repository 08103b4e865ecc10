import { DomainError, type ErrorCode } from './errors.ts';

export const resolutionActions = ['retry', 'skip', 'cancel'] as const;
export type ResolutionAction = (typeof resolutionActions)[number];

export const resolutionReasons = ['fixed_at_source', 'handled_by_hand', 'not_needed', 'other'] as const;
export type ResolutionReason = (typeof resolutionReasons)[number];

/** The steps that can park. What may be decided follows from the step. */
export const parkingSteps = ['route', 'edit', 'import', 'relay', 'push'] as const;
export type ParkingStep = (typeof parkingSteps)[number];

/** Why a step did not succeed; which version of the channel's credentials it used, where it used any. */
export type ParkingCause = { code: ErrorCode; credentialsVersion?: number };
/** A step that waits for a decision, as plain JSON: it travels over continue-as-new. */
export type ParkedStep = { stage: ParkingStep; cause: ParkingCause };

/**
 * `skip` of an edit leaves the order as it is; to accept one, it is named by its id, since another may follow it.
 * `cancel` of an import takes the order back from the supplier; `skip` of a push leaves the shop to a person. A relay
 * writes our own rows only: it can be repeated, never skipped, else a tracking would be lost.
 */
export const possibleActions: Record<ParkingStep, readonly ResolutionAction[]> = {
  route: ['retry', 'skip'],
  edit: ['skip'],
  import: ['retry', 'cancel'],
  relay: ['retry'],
  push: ['retry', 'skip'],
};

const hints: Partial<Record<ErrorCode, string>> = {
  channel_unauthorized: 'Give the channel new credentials; what is parked on it resumes by itself.',
  channel_unreachable: 'See whether the shop answers, then retry.',
  channel_rate_limited: 'The shop limits our calls; retry later.',
  channel_outcome_unknown: 'Look at the order in the shop, then retry: what is there already is found, not repeated.',
  channel_refused: 'Look at the order in the shop: correct it there and retry, or enter the tracking by hand and skip.',
  gone_at_channel: 'The order or line is gone in the shop: restore it and retry, or skip.',
  shipped_after_cancellation:
    'The shop cancelled the order before the parcel was told: settle it with the buyer; restore the order there and retry, or skip. The tracking is kept here.',
  correction_not_possible: 'This shop takes no corrections: change the tracking there by hand, then skip.',
  void_not_possible: 'The shop keeps its fulfilment: cancel it there by hand, then retry or skip.',
  unmapped_sku: 'Create the product with this SKU: the order goes on by itself. Or skip: you ship all of it.',
  order_edited:
    'The order was edited in its shop: see `pendingEdit` on the order, and accept or dismiss that. Skip dismisses it.',
  rejected_by_supplier:
    'The supplier sent it back: hand it on to another one, or ship it yourself and skip. Retry routes it anew.',
  connection_not_active:
    'The connection has ended. At `import`: cancel, then choose another supplier. At `route`: choose one and retry, or skip.',
  order_shipped: 'The shop has shipped a part already: ship the rest yourself, or hand on what is left, and skip.',
  connection_paused: 'Resume the connection and retry, or cancel to take the order back.',
  dropship_loop: 'The order would return to an account it came through: choose another supplier and retry, or skip.',
  dropship_transition_refused:
    'The rows of the two sides do not fit together: ask support with the id before you retry.',
  push_in_progress: 'Another shipment of this order is held up: mend that one first, then retry.',
  no_answer: 'The work did not end in time: see whether the shop answers, then retry. Nothing is done twice.',
  database_unavailable: 'Our database did not answer for hours: retry once it does.',
};

/** What to do about a cause, in one sentence for a person. */
export const hintFor = (code: ErrorCode): string => hints[code] ?? 'Retry; if it parks again, ask support with the id.';

/** @throws DomainError `resolution_not_possible` */
export function assertPossible(step: ParkingStep, action: ResolutionAction): void {
  const possible = possibleActions[step];
  if (possible.includes(action)) return;
  throw new DomainError('resolution_not_possible', `The step ${step} takes ${possible.join(' or ')}.`);
}

/**
 * Deciding the same again is harmless; another decision comes too late.
 * @param taken how it was decided, if it was
 * @returns whether nothing is left to do
 * @throws DomainError `attention_not_found`
 */
export function isDecided(
  taken: { action: ResolutionAction; by: string } | null,
  wanted: { action: ResolutionAction; by: string },
): boolean {
  if (taken === null) return false;
  if (taken.action === wanted.action && taken.by === wanted.by) return true;
  throw new DomainError('attention_not_found', 'Nothing with this id waits for a decision.');
}

/** How many are decided about in one request. */
export const resolvedAtOnce = 200;
