import type { Actor } from '../../domain/account.ts';
import type { CancelLeaf, LeafUnits } from '../../domain/orders/cancel.ts';
import type { SupplierReject } from '../../domain/dropships/state.ts';
import { DomainError } from '../../domain/errors.ts';
import { unitsLeft } from '../../domain/orders/order.ts';
import type { ShipmentLine } from '../../domain/shipments/shipment.ts';
import { lockLeaf, lockReceivedLeaves } from '../../db/orders/cancels.ts';
import { acceptDropship, acceptReceived, rejectParts, returnDropship } from '../../db/dropships/supplier-response.ts';
import { requireOrder } from '../../db/orders/view.ts';
import { orderNotFound } from '../../db/orders/orders.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { storeAnswerOfKey, sendUpstream } from './cancels.ts';
import type { Deps } from '../deps.ts';
import { partiesOf } from '../owners.ts';
import { relaySplit, splitAtSupplier } from './splits.ts';
import type { AcceptOrderInput, RejectOrderInput } from '../../workflows/messages.ts';

type DropshipId = { dropshipId: string };
type Rejection = Omit<RejectOrderInput, 'lines'> & DropshipId;
type Groups = { remaining: ShipmentLine[]; rejected: ShipmentLine[] };
type Return = DropshipId & SupplierReject;

export const createSupplierResponseActivities = (deps: Deps) => ({
  acceptOrder: (input: AcceptOrderInput & DropshipId) => acceptOrder(deps, input),
  rejectOrder: (input: Rejection) => rejectOrder(deps, input),
  rejectUnits: (input: Rejection & Groups) => rejectUnits(deps, input),
  relayReject: (input: Return) => relayReject(deps, input),
});

/** Records the supplier's acceptance on both sides. Idempotent. */
async function acceptOrder({ pool, crashPoint }: Deps, input: AcceptOrderInput & DropshipId): Promise<void> {
  const { orderId, actor, key, ...promised } = input;
  const { dropship, merchantId, supplierId } = await partiesOf(pool, promised.dropshipId);
  await withAccount(pool, supplierId, async (db) => {
    const order = await requireOrder(db, orderId);
    if (order.originDropshipId !== promised.dropshipId) throw orderNotFound();
    await acceptReceived(db, promised, { orderId, actor });
    await storeAnswerOfKey(db, orderId, key);
  });
  crashPoint('accept.supplier-committed');
  const bySupplier: Actor = { kind: 'supplier', id: dropship.supplierId };
  await withAccount(pool, merchantId, (db) => acceptDropship(db, promised, bySupplier));
}

/**
 * Cancels all open units of the supplier's order as rejected. Idempotent.
 * @throws DomainError `order_dropshipped` when the supplier has dropshipped some of them itself, `order_shipped`
 */
async function rejectOrder({ pool, crashPoint }: Deps, input: Rejection): Promise<void> {
  const { dropshipId, orderId, reason, actor, noteId, key } = input;
  const { supplierId } = await partiesOf(pool, dropshipId);
  await withAccount(pool, supplierId, async (db) => {
    const leaves = await lockReceivedLeaves(db, dropshipId);
    await rejectParts(db, openParts(leaves), { dropshipId, reason, actor, noteId });
    await storeAnswerOfKey(db, orderId, key);
  });
  crashPoint('reject.supplier-committed');
}

function openParts(leaves: readonly CancelLeaf[]): LeafUnits[] {
  if (leaves.some(({ dropshipId }) => dropshipId !== null))
    throw new DomainError('order_dropshipped', 'Units of the order are dropshipped.');
  if (leaves.some(({ lines }) => lines.some((line) => line.shipped > 0)))
    throw new DomainError('order_shipped', 'Units of the order have shipped.');
  return leaves
    .map(({ orderId, lines }) => ({ orderId, lines: lines.map(toOpen).filter(({ quantity }) => quantity > 0) }))
    .filter(({ lines }) => lines.length > 0);
}

const toOpen = (line: CancelLeaf['lines'][number]): ShipmentLine => ({
  lineId: line.lineId,
  quantity: unitsLeft(line),
});

/**
 * Splits the supplier's order into the units that remain and those that it rejects, and rejects the second leaf in the
 * same transaction. Idempotent.
 * @throws DomainError as `splitAtSupplier`
 */
async function rejectUnits(deps: Deps, input: Rejection & Groups): Promise<void> {
  const { dropshipId, orderId, reason, actor, noteId, key, remaining, rejected } = input;
  await splitAtSupplier(deps, { dropshipId, groups: [remaining, rejected], actor }, async (db, children) => {
    const child = children[1]!;
    const leaves = await lockLeaf(db, child.supplierOrderId);
    await rejectParts(db, openParts(leaves), { dropshipId: child.dropshipId, reason, actor, noteId });
    await storeAnswerOfKey(db, orderId, key);
  });
  deps.crashPoint('reject.supplier-committed');
}

/** Gives rejected units back to the merchant. A part is first divided from the rest by the same split. Idempotent. */
async function relayReject(deps: Deps, { dropshipId, reason, cancelReason, isPart }: Return): Promise<void> {
  const { dropship, merchantId } = await partiesOf(deps.pool, dropshipId);
  const { orderId, supplierId } = dropship;
  const response = { reason, cancelReason, actor: { kind: 'supplier', id: supplierId } as const };
  if (isPart)
    await relaySplit(deps, { dropshipId }, (db, children) =>
      returnDropship(db, { ...response, dropshipId: children[1]!.dropshipId }),
    );
  else await withAccount(deps.pool, merchantId, (db) => returnDropship(db, { ...response, dropshipId }));
  deps.crashPoint('reject.merchant-committed');
  // The units that the merchant had asked to cancel are cancelled now. Its own merchant upstream may wait for that.
  if (cancelReason !== null) await sendUpstream(deps, { accountId: merchantId, orderId, reason: cancelReason });
}
