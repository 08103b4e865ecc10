import { remainingUnits, wantedUnits, type Remaining } from '../../domain/orders/cancel.ts';
import type { StateShipment, SupplierReject } from '../../domain/dropships/state.ts';
import { notAskedYet, recoveredStateOf, type RecoveredState } from '../../domain/dropships/recovery.ts';
import { askReceived, lockLeaf } from '../../db/orders/cancels.ts';
import { findCancelReason } from '../../db/dropships/dropships.ts';
import { acceptDropship } from '../../db/dropships/supplier-response.ts';
import { childOf, listSplitLeaves } from '../../db/orders/splits.ts';
import {
  findPromise,
  listRelayedShipments,
  listReceivedLines,
  listReceivedShipments,
  readReceivedReasons,
  type RelayedShipment,
} from '../../db/dropships/recovery.ts';
import { readInAccount, withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import type { Deps } from '../deps.ts';
import type { Parties } from '../owners.ts';

/**
 * Completes notes that an earlier run wrote on one side only: the merchant's cancel request at the supplier, and the
 * supplier's acceptance at the merchant. Neither side can refuse them. Idempotent.
 */
export async function finishNotes({ pool }: Deps, { dropship, merchantId, supplierId }: Parties): Promise<void> {
  const { id: dropshipId, orderId } = dropship;
  const asked = await withAccount(pool, merchantId, async (db) => ({
    reason: await findCancelReason(db, dropshipId),
    lines: (await linesOf(db, orderId)).map((line) => ({ lineId: line.lineId, remaining: wantedUnits(line) })),
  }));
  const promise = await withAccount(pool, supplierId, async (db) => {
    const { reason } = asked;
    if (reason !== null) {
      const lines = notAskedYet(await listReceivedLines(db, dropshipId), asked.lines);
      await askReceived(db, { dropshipId, lines, cause: { actor: { kind: 'merchant', id: merchantId }, reason } });
    }
    return findPromise(db, dropshipId);
  });
  if (!promise) return;
  await withAccount(pool, merchantId, (db) =>
    acceptDropship(db, { dropshipId, ...promise }, { kind: 'supplier', id: dropship.supplierId }),
  );
}

/** Rebuilds a dropship's state from the rows of both sides. Its backlog has the work that the merchant does not have yet. */
export async function recoverState(
  { pool }: Deps,
  { dropship, merchantId, supplierId }: Parties,
): Promise<RecoveredState> {
  const { id, orderId } = dropship;
  const { relayed, remaining } = await withAccount(pool, merchantId, async (db) => ({
    relayed: await listRelayedShipments(db, id),
    remaining: (await linesOf(db, orderId)).map((line): Remaining => ({
      lineId: line.lineId,
      remaining: remainingUnits(line),
    })),
  }));
  return readInAccount(pool, supplierId, async (db) => {
    const { shipments, open } = shipmentsOf(await listReceivedShipments(db, id), relayed);
    const isSplit = (await listSplitLeaves(db, id)).length > 0;
    const { cancelReason, cancelledFor } = await readReceivedReasons(db, id);
    const supplier = {
      lines: await listReceivedLines(db, id),
      shipments,
      isSplit,
      rejected: await findRejection(db, id, isSplit),
      cancelledFor,
      cancelReason,
    };
    return recoveredStateOf(supplier, { remaining, open });
  });
}

const linesOf = async (db: AccountDb, orderId: string) => (await lockLeaf(db, orderId)).flatMap(({ lines }) => lines);

function shipmentsOf(received: Awaited<ReturnType<typeof listReceivedShipments>>, relayed: readonly RelayedShipment[]) {
  const relayedOf = ({ shipmentId }: StateShipment) => relayed.find((shipment) => shipment.shipmentId === shipmentId);
  // A copy of an older revision does not count: the correction or void is relayed again.
  const upToDate = (shipment: StateShipment) => {
    const copy = relayedOf(shipment);
    return copy?.revision === shipment.revision ? copy : undefined;
  };
  // A shipment from further down is left out until it is relayed: its message is retried until this workflow has it.
  const counted = received.filter((shipment) => shipment.isOwn || relayedOf(shipment));
  const open = counted.filter((shipment) => !upToDate(shipment)?.isShown);
  return {
    shipments: counted.map(({ isOwn: _, ...shipment }) => shipment),
    open: open.map((shipment) => ({ shipmentId: shipment.shipmentId, orderId: upToDate(shipment)?.orderId ?? null })),
  };
}

/** A part is rejected together with the split that divides it, so the event names the dropship of the second leaf. */
async function findRejection(
  db: AccountDb,
  dropshipId: string,
  isPart: boolean,
): Promise<Pick<SupplierReject, 'reason' | 'isPart'> | null> {
  const by = isPart ? childOf(dropshipId, 2).dropshipId : dropshipId;
  const { rejectReason: reason } = await readReceivedReasons(db, by);
  return reason === null ? null : { reason, isPart };
}
