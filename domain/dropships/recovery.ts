import type { CancelReason, Remaining } from '../orders/cancel.ts';
import type { Command, DropshipState, StateLine, StateShipment, ShipmentCommand, SupplierReject } from './state.ts';
import { merged } from '../shipments/shipment.ts';

/**
 * What a run finds that begins where another ended: after a split, for a correction, or in place of one that support
 * has terminated, maybe between the two sides' halves of something.
 */
export type RecoveredState = Pick<DropshipState, 'lines' | 'cancelReason' | 'shipments' | 'backlog' | 'ended'>;

/** What the supplier's rows say. */
export type SupplierSide = {
  /** Of its order, nothing shipped. */
  lines: readonly StateLine[];
  /** All that this dropship has been told of. */
  shipments: readonly StateShipment[];
  /** Its order has been split into leaves that came by dropships of their own. */
  isSplit: boolean;
  /** It has sent back all of it, or what the split divided from the rest. */
  rejected: Pick<SupplierReject, 'reason' | 'isPart'> | null;
  /** Why units were cancelled last. */
  cancelledFor: CancelReason | null;
  /** Why the merchant asked to cancel units. */
  cancelReason: CancelReason | null;
};

/** What the merchant's rows say. `open`: parcels that it, or its channel, does not show yet as they are. */
export type MerchantSide = { remaining: readonly Remaining[]; open: readonly ShipmentCommand[] };

/** Only a dropship that has not ended for its merchant begins anew: what has ended it at the supplier is still to be told. */
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
    // First what the merchant does not know, parcels before what was done with the units that they left: a shop may keep
    // its pushes waiting.
    backlog: [...carried(false), ...halfDone(supplier, remaining), ...carried(true)],
  };
}

function endOf({ isSplit, rejected }: SupplierSide): DropshipState['ended'] {
  if (isSplit) return 'split';
  return rejected ? 'rejected' : null;
}

/** What the supplier has done and its merchant has not. */
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
 * What the supplier is still to be asked to cancel.
 * @param wanted what the merchant wants to keep, of each line
 */
export function notAskedYet(lines: readonly StateLine[], wanted: readonly Remaining[]): Remaining[] {
  return wanted.filter(({ lineId, remaining }) => {
    const line = lines.find((candidate) => candidate.lineId === lineId);
    return line !== undefined && remaining < line.quantity - Math.max(line.cancelled, line.cancelRequested ?? 0);
  });
}
