import type { Actor } from '../../domain/account.ts';
import {
  remainingUnits,
  shareUnits,
  unitsAbove,
  type CancelLeaf,
  type CancelReason,
  type Remaining,
} from '../../domain/orders/cancel.ts';
import { unitsLeft } from '../../domain/orders/order.ts';
import type { ShipmentLine } from '../../domain/shipments/shipment.ts';
import {
  askForParts,
  askReceived,
  cancelParts,
  declineParts,
  findOrigin,
  listRemaining,
  lockLeaf,
  lockReceivedLeaves,
  type CancelCause,
} from '../../db/orders/cancels.ts';
import {
  cancelDropship,
  closeCancelRequest,
  markCancelRequested,
  noteCancelReason,
  refreshDropshipStatus,
} from '../../db/dropships/dropships.ts';
import { assertUnclaimed } from '../../db/dropships/imports.ts';
import { storeAnswer } from '../../db/engine/idempotency.ts';
import { requireOrder } from '../../db/orders/view.ts';
import { readInAccount, withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import type { Deps } from '../deps.ts';
import { assertNotReceived, isInstant } from './import.ts';
import { messages } from '../../temporal/messages.ts';
import { requestCancel } from '../messenger.ts';
import { partiesOf } from '../owners.ts';
import type { DeclineCancelInput, RequestCancelInput, GivenUpAtSupplier } from '../../workflows/messages.ts';

type DropshipId = { dropshipId: string };
type Key = RequestCancelInput['key'];

export const createCancelActivities = (deps: Deps) => ({
  cancelBeforeImport: (input: RequestCancelInput & DropshipId) => cancelBeforeImport(deps, input),
  noteCancelRequest: (input: RequestCancelInput & DropshipId) => noteCancelRequest(deps, input),
  cancelAtSupplier: (input: GivenUpAtSupplier) => cancelAtSupplier(deps, input),
  declineCancel: (input: DeclineCancelInput & DropshipId) => declineCancel(deps, input),
  relayCancel: (input: DropshipId & { lines: Remaining[]; reason: CancelReason }) => relayCancel(deps, input),
});

/**
 * Cancels units before the supplier has the order; with the last unit the dropship ends. Idempotent.
 * @throws DomainError `dropship_transition_refused` when the supplier has the order after all; `line_not_found`
 */
async function cancelBeforeImport(
  deps: Deps,
  input: RequestCancelInput & DropshipId,
): Promise<{ cancelled: boolean; ended: boolean }> {
  const { pool } = deps;
  const { dropshipId, lines: remaining, reason, actor, key } = input;
  const { dropship, merchantId, supplierId } = await partiesOf(pool, dropshipId);
  const { orderId } = dropship;
  await assertNotReceived(deps, supplierId, dropshipId);
  const result = await withAccount(pool, merchantId, async (db) => {
    const leaves = await lockLeaf(db, orderId);
    await assertUnclaimed(db, dropshipId);
    const parts = shareUnits(leaves, unitsAbove(leaves, remaining), unitsLeft);
    await cancelParts(db, parts, causeOf(input, actor));
    const { lines } = await requireOrder(db, orderId);
    const ended = lines.every((line) => unitsLeft(line) === 0);
    if (ended) await cancelDropship(db, dropshipId, actor);
    await storeAnswerOfKey(db, orderId, key);
    return { cancelled: parts.length > 0 || ended, ended };
  });
  await sendUpstream(deps, { accountId: merchantId, orderId, reason });
  return result;
}

/**
 * Records on both sides which units the merchant asks to cancel. Idempotent.
 * @returns `isInstant`: the supplier's Cancel Orders is instant, so the units are cancelled at once
 */
async function noteCancelRequest(deps: Deps, input: RequestCancelInput & DropshipId): Promise<{ isInstant: boolean }> {
  const { pool } = deps;
  const { dropshipId, lines, actor, key } = input;
  const parties = await partiesOf(pool, dropshipId);
  const { dropship, merchantId, supplierId } = parties;
  // The merchant first: if the request's key is refused there, the supplier is left unchanged.
  await withAccount(pool, merchantId, async (db) => {
    const leaves = await lockLeaf(db, dropship.orderId);
    const parts = shareUnits(leaves, unitsAbove(leaves, lines), remainingUnits);
    if (await askForParts(db, leaves, { parts, cause: causeOf(input, actor) }))
      await noteCancelReason(db, dropshipId, input.reason);
    await markCancelRequested(db, dropshipId);
    await storeAnswerOfKey(db, dropship.orderId, key);
  });
  deps.crashPoint('cancel.merchant-asked');
  const { reason } = input;
  await withAccount(pool, supplierId, (db) =>
    askReceived(db, { dropshipId, lines, cause: { actor: { kind: 'merchant', id: merchantId }, reason } }),
  );
  return { isInstant: await isInstant(deps, parties, 'cancel_orders') };
}

/**
 * Cancels units of the supplier's order. Units that the supplier has dropshipped itself are requested from the next
 * supplier and stay until they are cancelled there. Idempotent.
 * @returns the remaining units of these lines at the supplier
 */
async function cancelAtSupplier(deps: Deps, input: GivenUpAtSupplier): Promise<{ lines: Remaining[] }> {
  const { pool } = deps;
  const { dropshipId, lines, reason, orderId, key } = input;
  const { merchantId, supplierId } = await partiesOf(pool, dropshipId);
  const merchant: Actor = { kind: 'merchant', id: merchantId };
  const dropshipped = await withAccount(pool, supplierId, async (db) => {
    const leaves = await lockReceivedLeaves(db, dropshipId);
    const parts = shareUnits(leaves, unitsAbove(leaves, lines), unitsLeft);
    const leafOf = (id: string) => leaves.find((leaf) => leaf.orderId === id)!;
    const own = parts.filter((part) => leafOf(part.orderId).dropshipId === null);
    await cancelParts(db, own, causeOf(input, input.actor ?? merchant));
    if (orderId !== undefined) await storeAnswerOfKey(db, orderId, key);
    return parts.flatMap((part) => downstream(leafOf(part.orderId), part.lines));
  });
  deps.crashPoint('cancel.supplier-committed');
  for (const below of dropshipped)
    await requestCancel(deps, below.dropshipId, { lines: below.lines, reason, actor: merchant });
  const remaining = await readInAccount(pool, supplierId, (db) => listRemaining(db, dropshipId));
  return { lines: remaining.filter(({ lineId }) => lines.some((line) => line.lineId === lineId)) };
}

/**
 * Closes the merchant's request on both sides: the units stay ordered. Idempotent.
 *
 * Where the merchant is a supplier itself, its own merchant may ask for the same units. That request stays open there,
 * since it is this merchant that answers it.
 */
async function declineCancel(deps: Deps, input: DeclineCancelInput & DropshipId): Promise<void> {
  const { pool } = deps;
  const { dropshipId, orderId, reason, actor, noteId, key } = input;
  const { dropship, merchantId, supplierId } = await partiesOf(pool, dropshipId);
  await withAccount(pool, supplierId, async (db) => {
    const leaves = await lockReceivedLeaves(db, dropshipId);
    await declineParts(db, leaves, { dropshipId, reason, actor, noteId });
    await storeAnswerOfKey(db, orderId, key);
  });
  deps.crashPoint('decline.supplier-committed');
  const bySupplier: Actor = { kind: 'supplier', id: dropship.supplierId };
  await withAccount(pool, merchantId, async (db) => {
    const leaves = await lockLeaf(db, dropship.orderId);
    if (!(await closeCancelRequest(db, dropshipId))) return;
    const keepsRequest = (await findOrigin(db, dropship.orderId)) !== undefined;
    await declineParts(db, leaves, { dropshipId, reason, actor: bySupplier, keepsRequest });
  });
  deps.crashPoint('decline.merchant-committed');
}

/** Cancels at the merchant what its supplier has cancelled. Idempotent. */
async function relayCancel(
  deps: Deps,
  input: DropshipId & { lines: Remaining[]; reason: CancelReason },
): Promise<void> {
  const { pool } = deps;
  const { dropshipId, lines, reason } = input;
  const { dropship, merchantId } = await partiesOf(pool, dropshipId);
  const { orderId, supplierId } = dropship;
  await withAccount(pool, merchantId, async (db) => {
    const leaves = await lockLeaf(db, orderId);
    const parts = shareUnits(leaves, unitsAbove(leaves, lines), unitsLeft);
    await cancelParts(db, parts, { actor: { kind: 'supplier', id: supplierId }, reason, dropshipId });
    await refreshDropshipStatus(db, dropshipId);
  });
  deps.crashPoint('cancel.merchant-committed');
  await sendUpstream(deps, { accountId: merchantId, orderId, reason });
}

type CancelMessage = DropshipId & { reason: CancelReason; noteId?: string };

const causeOf = ({ dropshipId, reason, noteId }: CancelMessage, actor: Actor): CancelCause => ({
  actor,
  reason,
  dropshipId,
  ...(noteId !== undefined && { noteId }),
});

/** The cancel request to the supplier of a dropshipped leaf. */
function downstream({ dropshipId, lines }: CancelLeaf, units: readonly ShipmentLine[]) {
  if (dropshipId === null) return [];
  const remaining = ({ lineId, quantity }: ShipmentLine) =>
    remainingUnits(lines.find((line) => line.lineId === lineId)!) - quantity;
  return [{ dropshipId, lines: units.map((unit) => ({ lineId: unit.lineId, remaining: remaining(unit) })) }];
}

/** Stores the request's answer in the transaction of its effect (law 1). */
export async function storeAnswerOfKey(db: AccountDb, orderId: string, key: Key): Promise<void> {
  if (key) await storeAnswer(db, { ...key, status: 200, answer: await requireOrder(db, orderId) });
}

/** If the account got the order through a portal itself, sends the cancelled units to the dropship one step upstream. */
export async function sendUpstream(
  { pool, client, queues }: Deps,
  cancelled: { accountId: string; orderId: string; reason: CancelReason },
): Promise<void> {
  const { accountId, orderId, reason } = cancelled;
  const cancels = await readInAccount(pool, accountId, async (db) => {
    const dropshipId = await findOrigin(db, orderId);
    return dropshipId === undefined ? undefined : { dropshipId, lines: await listRemaining(db, dropshipId) };
  });
  if (cancels)
    await messages({ client, queues }).cancelledDownstream(cancels.dropshipId, { lines: cancels.lines, reason });
}
