import type { CancelReason, Remaining } from '../orders/cancel.ts';
import type { Command, DropshipState, StateLine, StateShipment, ShipmentCommand, SupplierReject } from './state.ts';
import { merged } from '../shipments/shipment.ts';

/**
 * State rebuilt from both accounts' rows: after a split, when reopened for a correction, or after support terminated the
 * run before, perhaps when only one side was written.
 */
export type RecoveredState = Pick<DropshipState, 'lines' | 'cancelReason' | 'shipments' | 'backlog' | 'ended'>;

/** What the supplier's rows say. */
export type SupplierSide = {
  /** The lines of its order. `shipped` is 0: the shipments say how much of them has shipped. */
  lines: readonly StateLine[];
  /** All shipments that came by this dropship, voided ones included. */
  shipments: readonly StateShipment[];
  /** Its order was split into leaves that have dropships of their own. */
  isSplit: boolean;
  /** It has rejected the order, or the part that a split divided from the rest. */
  rejected: Pick<SupplierReject, 'reason' | 'isPart'> | null;
  /** Why units were cancelled last. */
  cancelledFor: CancelReason | null;
  /** Why the merchant asked to cancel units. */
  cancelReason: CancelReason | null;
};

/** What the merchant's rows say. `open`: shipments whose latest revision has not reached the merchant, or its channel. */
type MerchantSide = { remaining: readonly Remaining[]; open: readonly ShipmentCommand[] };

/**
 * Only for a dropship that has not ended for its merchant: if it has ended at the supplier, the backlog holds the work
 * that ends it for the merchant.
 */
export function recoveredStateOf(supplier: SupplierSide, { remaining, open }: MerchantSide): RecoveredState {
  const { shipments, cancelReason } = supplier;
  const sent = merged(shipments.filter(({ voided }) => !voided).flatMap((shipment) => shipment.lines));
  const shippedOf = (lineId: string) => sent.find((unit) => unit.lineId === lineId)?.quantity ?? 0;
  const carried = (isThere: boolean): Command[] =>
    open.filter(({ orderId }) => (orderId !== null) === isThere).map((shipment) => ({ kind: 'shipment', ...shipment }));
  return {
    lines: supplier.lines.map((line) => ({ ...line, shipped: shippedOf(line.lineId) })),
    cancelReason,
    shipments: [...shipments],
    ended: endOf(supplier),
    // Relays come first, since a shop may hold up the pushes. Among them shipments come before cancels and rejections,
    // which concern the units that the shipments left.
    backlog: [...carried(false), ...halfDone(supplier, remaining), ...carried(true)],
  };
}

function endOf({ isSplit, rejected }: SupplierSide): DropshipState['ended'] {
  if (isSplit) return 'split';
  return rejected ? 'rejected' : null;
}

/** Work that is written at the supplier and not yet at the merchant. */
function halfDone(supplier: SupplierSide, remaining: readonly Remaining[]): Command[] {
  const { lines, isSplit, rejected, cancelReason, cancelledFor } = supplier;
  if (rejected) return [{ kind: 'reject', ...rejected, cancelReason }];
  if (isSplit) return [{ kind: 'split' }];
  const remainingAbove = (lineId: string) => remaining.find((line) => line.lineId === lineId)?.remaining ?? 0;
  const fewer = lines
    .map(({ lineId, quantity, cancelled }) => ({ lineId, remaining: quantity - cancelled }))
    .filter(({ lineId, remaining }) => remaining < remainingAbove(lineId));
  return fewer.length > 0 ? [{ kind: 'cancel', lines: fewer, reason: cancelledFor ?? 'other' }] : [];
}

/**
 * The lines of which the merchant wants more units cancelled than the supplier was asked for.
 * @param wanted the units of each line that the merchant wants to remain
 */
export function notAskedYet(lines: readonly StateLine[], wanted: readonly Remaining[]): Remaining[] {
  return wanted.filter(({ lineId, remaining }) => {
    const line = lines.find((candidate) => candidate.lineId === lineId);
    return line !== undefined && remaining < line.quantity - Math.max(line.cancelled, line.cancelRequested ?? 0);
  });
}
