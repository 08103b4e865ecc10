import type { CancelReason, Kept } from '../orders/cancel.ts';
import type { Command, DropshipState, StateLine, StateShipment, Parcel, SupplierReject } from './state.ts';
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
  parcels: readonly StateShipment[];
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
export type MerchantSide = { kept: readonly Kept[]; open: readonly Parcel[] };

/** Only a dropship that has not ended for its merchant begins anew: what has ended it at the supplier is still to be told. */
export function recoveredStateOf(supplier: SupplierSide, { kept, open }: MerchantSide): RecoveredState {
  const { parcels, cancelReason } = supplier;
  const sent = merged(parcels.filter(({ voided }) => !voided).flatMap((parcel) => parcel.lines));
  const shippedOf = (lineId: string) => sent.find((unit) => unit.lineId === lineId)?.quantity ?? 0;
  const carried = (isThere: boolean): Command[] =>
    open.filter(({ orderId }) => (orderId !== null) === isThere).map((parcel) => ({ kind: 'parcel', ...parcel }));
  return {
    lines: supplier.lines.map((line) => ({ ...line, shipped: shippedOf(line.lineId) })),
    cancelReason,
    shipments: [...parcels],
    ended: endOf(supplier),
    // First what the merchant does not know, parcels before what was done with the units that they left: a shop may keep
    // its pushes waiting.
    backlog: [...carried(false), ...halfDone(supplier, kept), ...carried(true)],
  };
}

function endOf({ isSplit, rejected }: SupplierSide): DropshipState['ended'] {
  if (isSplit) return 'split';
  return rejected ? 'rejected' : null;
}

/** What the supplier has done and its merchant has not. */
function halfDone(supplier: SupplierSide, kept: readonly Kept[]): Command[] {
  const { lines, isSplit, rejected, cancelReason, cancelledFor } = supplier;
  if (rejected) return [{ kind: 'reject', ...rejected, cancelReason }];
  if (isSplit) return [{ kind: 'split' }];
  const keptAbove = (lineId: string) => kept.find((line) => line.lineId === lineId)?.keep ?? 0;
  const fewer = lines
    .map(({ lineId, quantity, cancelled }) => ({ lineId, keep: quantity - cancelled }))
    .filter(({ lineId, keep }) => keep < keptAbove(lineId));
  return fewer.length > 0 ? [{ kind: 'cancel', lines: fewer, reason: cancelledFor ?? 'other' }] : [];
}

/**
 * What the supplier is still to be asked to cancel.
 * @param wanted what the merchant wants to keep, of each line
 */
export function notAskedYet(lines: readonly StateLine[], wanted: readonly Kept[]): Kept[] {
  return wanted.filter(({ lineId, keep }) => {
    const line = lines.find((candidate) => candidate.lineId === lineId);
    return line !== undefined && keep < line.quantity - Math.max(line.cancelled, line.cancelRequested ?? 0);
  });
}
