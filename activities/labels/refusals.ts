import { ApplicationFailure } from '@temporalio/common';
import { DomainError, isErrorCode, type ErrorCode } from '../../domain/errors.ts';
import { insertOrderEvent } from '../../db/orders/events.ts';
import { requireLabel } from '../../db/labels/labels.ts';
import { noteFailed } from '../../db/labels/purchases.ts';
import type { LabelStatus } from '../../domain/labels/label.ts';
import type { Deps } from '../deps.ts';
import { inBoth, statusNow, type PlacedLabel } from './place.ts';

/**
 * Why a label is not bought, and will not be by waiting: the request was wrong, or the order has changed. The label fails, and
 * the caller may ask for another. Any other cause makes the step wait for a person.
 */
const refusals: ReadonlySet<ErrorCode> = new Set([
  'order_cancelled',
  'order_is_split',
  'order_dropshipped',
  'nothing_left_to_ship',
  'line_not_found',
  'quantity_exceeds_open',
  'quote_not_found',
  'rate_expired',
  'rate_changed',
  'carrier_not_allowed',
  'customs_data_missing',
  'ship_from_missing',
  'warehouse_not_found',
  'label_account_missing',
  'label_account_not_found',
  'address_not_deliverable',
  'label_refused',
  'balance_too_low',
  'invalid_request',
]);

/** The code of a refusal that ends the purchase; undefined for any other error. */
export function refusalOf(error: unknown): ErrorCode | undefined {
  const code = error instanceof DomainError ? error.code : error instanceof ApplicationFailure ? error.type : undefined;
  return code != null && isErrorCode(code) && refusals.has(code) ? code : undefined;
}

/**
 * Runs a part of a purchase. Its refusal fails the label.
 * @throws whatever a later try, or a person, may cure; also the refusals of `except`
 */
export async function orFailed(
  { deps, place, except = [] }: { deps: Deps; place: PlacedLabel; except?: readonly ErrorCode[] },
  work: () => Promise<{ status: LabelStatus }>,
): Promise<{ status: LabelStatus }> {
  try {
    return await work();
  } catch (error) {
    const code = refusalOf(error);
    if (code === undefined || except.includes(code)) throw error;
    return fail(deps, place, code);
  }
}

/** Nothing was bought, and nothing will be. Idempotent. @returns `failed`, unless another try was quicker */
export async function fail(deps: Deps, place: PlacedLabel, failure: ErrorCode): Promise<{ status: LabelStatus }> {
  const { id: labelId } = place.label;
  await inBoth(deps, place, async (db) => {
    if (!(await noteFailed(db, labelId, failure))) return;
    const { orderId, actor } = await requireLabel(db, labelId);
    await insertOrderEvent(db, { orderId, type: 'label_failed', actor, data: { labelId, code: failure } });
  });
  return statusNow(deps, { orderId: place.label.orderId, labelId });
}
