import { condition, setHandler } from '@temporalio/workflow';
import { assertCorrectable, assertVoidable, followShipment } from '../../domain/dropships/corrections.ts';
import { asSupplierSees } from '../../domain/dropships/state.ts';
import { rows } from '../activities.ts';
import { refusing } from '../failures.ts';
import { queueDelivery, relay } from './delivery.ts';
import { importDecided, inTurn, type Dropship } from './in-flight.ts';
import {
  correctTracking,
  type ShipmentChange,
  type CorrectTrackingInput,
  type RecordedShipment,
  voidShipment,
  type VoidShipmentInput,
} from '../messages.ts';

export function listenToCorrections(dropship: Dropship): void {
  const { dropshipId, state, inFlight } = dropship;
  setHandler(
    correctTracking,
    async (input) => {
      await recorded(dropship, input);
      const write = () => rows.correctShipment({ ...input, dropshipId });
      return change(dropship, input, { check: () => assertCorrectable(state, input), write });
    },
    { validator: (input: CorrectTrackingInput) => refusing(() => assertCorrectable(asSupplierSees(state), input)) },
  );
  setHandler(
    voidShipment,
    async (input) => {
      // Before it counts as a void on its way: a recording waits for those, and this one waits for its recording.
      await recorded(dropship, input);
      inFlight.voiding += 1;
      try {
        const write = () => rows.voidShipment({ ...input, dropshipId });
        return await change(dropship, input, { check: () => assertVoidable(state, input), write });
      } finally {
        inFlight.voiding -= 1;
      }
    },
    { validator: (input: VoidShipmentInput) => refusing(() => assertVoidable(asSupplierSees(state), input)) },
  );
}

/** The supplier sees its shipment, and may change it, a moment before this workflow has brought it to the merchant. */
async function recorded(dropship: Dropship, { shipmentId }: ShipmentChange): Promise<void> {
  await importDecided(dropship);
  const { recording } = dropship.inFlight;
  if (recording.has(shipmentId)) await condition(() => !recording.has(shipmentId));
}

/**
 * Changes take turns, so that a repeated try finds its row as it left it. The supplier's rows come first, then the
 * merchant's. The push joins the backlog in the order of the supplier's rows.
 */
function change(
  dropship: Dropship,
  { shipmentId, by, revision: sentRevision }: ShipmentChange,
  { check, write }: { check: () => void; write: () => Promise<RecordedShipment> },
): Promise<RecordedShipment> {
  const { dropshipId, state } = dropship;
  return inTurn(dropship, async () => {
    // The change before this one may have voided the shipment.
    refusing(check);
    const now = await write();
    const { revision, trackingNumber, status } = now;
    const isNew = followShipment(state, { shipmentId, revision, trackingNumber, voided: status === 'voided' });
    // A new run may have read this change of a further supplier from the rows already. It still must be relayed.
    if (!isNew && sentRevision === undefined) return now;
    queueDelivery(dropship, { shipmentId, by }, await relay(dropshipId, shipmentId));
    return now;
  });
}
