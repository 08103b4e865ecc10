import { DomainError, type ErrorCode } from './errors.ts';

export const resolutionActions = ['retry', 'skip', 'cancel', 'rename', 'relink', 'keep'] as const;
export type ResolutionAction = (typeof resolutionActions)[number];

export const resolutionReasons = ['fixed_at_source', 'handled_by_hand', 'not_needed', 'other'] as const;
export type ResolutionReason = (typeof resolutionReasons)[number];

/** The steps that can park. The step decides which resolutions are possible. */
export const parkingSteps = ['route', 'edit', 'cancel', 'import', 'relay', 'push', 'listing', 'label'] as const;
export type ParkingStep = (typeof parkingSteps)[number];

/**
 * Why a step failed. `credentialsVersion`: the version of the credentials that the step used, if any: of the channel, or of
 * the label account `labelAccountId`.
 */
export type ParkingCause = { code: ErrorCode; credentialsVersion?: number; labelAccountId?: string };
/** A step that waits for a decision. Plain JSON, because it is carried over continue-as-new. */
export type ParkedStep = { stage: ParkingStep; cause: ParkingCause };

/**
 * - edit: `skip` leaves the order as it is. An edit is accepted by its own route, which names its id, since a newer edit
 *   may have replaced it.
 * - cancel: `skip` lets suppliers ship the units that the shop has cancelled so far. A cancel is a request about the order.
 * - import: `cancel` takes the order back from the supplier.
 * - push: `skip` leaves the shop to a person.
 * - relay: it writes our own rows only, so a retry is safe. It cannot be skipped: a tracking would be lost.
 * - listing: nothing waits. `rename` gives our product the channel's SKU, `relink` gives the listing another product, `keep`
 *   leaves both until the SKU changes again.
 * - label: `cancel` takes the label back: its shipment is void, its money is asked for.
 */
export const possibleActions: Record<ParkingStep, readonly ResolutionAction[]> = {
  route: ['retry', 'skip'],
  edit: ['skip'],
  cancel: ['skip'],
  import: ['retry', 'cancel'],
  relay: ['retry'],
  push: ['retry', 'skip'],
  listing: ['rename', 'relink', 'keep'],
  label: ['retry', 'cancel'],
};

const hints: Partial<Record<ErrorCode, string>> = {
  channel_unauthorized: 'Give the channel new credentials; what is parked on it resumes by itself.',
  channel_unreachable: 'See whether the shop answers, then retry.',
  channel_rate_limited: 'The shop limits our calls; retry later.',
  too_many_calls: 'Many calls of this account hang: see which of its channels do not answer, then retry.',
  channel_outcome_unknown:
    'Look at the order in the shop, then retry: a fulfillment that is there is found, not made again.',
  channel_refused: 'Look at the order in the shop: correct it there and retry, or enter the tracking by hand and skip.',
  held_at_channel:
    'The shop holds the order back, or another service there is to ship it: release it in the shop and retry, or skip.',
  gone_at_channel: 'The order or line is gone in the shop: restore it and retry, or skip.',
  shipped_after_cancellation:
    'The shop cancelled the order before it got the shipment: agree with the buyer; restore the order there and retry, or skip. The tracking stays here.',
  correction_not_possible: 'This shop takes no corrections: change the tracking there by hand, then skip.',
  void_not_possible: 'The shop does not let us cancel its fulfillment: cancel it there by hand, then retry or skip.',
  unmapped_sku:
    'Choose a product for each of the `lines`, or create the product with this SKU: the order goes on by itself. Or skip: you ship all of it.',
  sku_changed:
    'The shop gave this product another SKU; orders and stock go on as before. Rename your product alike, relink the listing to the product that it is now, or keep both as they are. A new product with the old SKU of another waits for you to relink it.',
  order_edited:
    'The order was edited in its shop: see `pendingEdit` on the order, and accept or dismiss it. Skip dismisses it.',
  cancelled_in_shop:
    'At `cancel`: the shop cancelled units that the supplier may still ship: cancel the order here, which asks the supplier, or run Cancel Orders of the channel. Skip lets it ship. At `route`: the shop cancelled all units before a supplier had them, so that none gets them by itself: cancel the order; dropship it by hand; or skip, and ship it yourself.',
  rejected_by_supplier:
    'The supplier rejected it: dropship it to another supplier, or ship it yourself and skip. Retry routes it again.',
  connection_not_active:
    'The connection has ended. At `import`: cancel, then choose another supplier. At `route`: choose one and retry, or skip.',
  order_shipped: 'The shop has shipped a part already: ship the rest yourself, or dropship the rest, and skip.',
  connection_paused: 'Resume the connection and retry, or cancel to take the order back.',
  dropship_loop: 'The order would return to an account it came through: choose another supplier and retry, or skip.',
  dropship_transition_refused:
    'The rows of the two sides do not fit together: ask support with the id before you retry.',
  label_account_unauthorized: 'Give the label account new credentials; what is parked on it resumes by itself.',
  label_provider_unreachable: 'See whether the provider answers, then retry.',
  label_outcome_unknown:
    'Look at the provider whether the label was bought, then retry: one that is there is found, not bought again. Cancel takes it back.',
  label_without_shipment:
    'The shipment was refused and the label is paid: retry to take it back, or take it back at the provider and cancel.',
  push_in_progress: 'Another shipment of this order is held up: resolve that shipment first, then retry.',
  no_answer: 'The work did not end in time: see whether the shop answers, then retry. Nothing is done twice.',
  database_unavailable: 'Our database did not answer for hours: retry once it does.',
  document_store_unavailable: 'The store of documents did not answer for hours: retry once it does.',
};

/** Says to a person what to do about a cause. */
export const hintFor = (code: ErrorCode): string => hints[code] ?? 'Retry; if it parks again, ask support with the id.';

/** @throws DomainError `resolution_not_possible` */
export function assertPossible(step: ParkingStep, action: ResolutionAction): void {
  const possible = possibleActions[step];
  if (possible.includes(action)) return;
  throw new DomainError('resolution_not_possible', `The step ${step} takes ${possible.join(' or ')}.`);
}

/**
 * The same decision by the same actor is accepted again. Any other decision comes too late.
 * @param taken the decision that was made, if any
 * @returns whether the attention is decided, so that nothing is left to do
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

/** How many attentions one request may resolve. */
export const resolvedAtOnce = 200;
