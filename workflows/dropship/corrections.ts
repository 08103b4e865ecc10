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
    (input) =>
      change(dropship, input, {
        check: () => assertCorrectable(state, input),
        write: () => rows.correctShipment({ ...input, dropshipId }),
      }),
    { validator: (input: CorrectTrackingInput) => refusing(() => assertCorrectable(asSupplierSees(state), input)) },
  );
  setHandler(
    voidShipment,
    async (input) => {
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

/**
 * Changes take turns, so that a repeated try finds its row as it left it. The supplier's rows come first, then the
 * merchant's. The push joins the backlog in the order of the supplier's rows.
 */
async function change(
  dropship: Dropship,
  { shipmentId, by, revision: sentRevision }: ShipmentChange,
  { check, write }: { check: () => void; write: () => Promise<RecordedShipment> },
): Promise<RecordedShipment> {
  const { dropshipId, state } = dropship;
  await importDecided(dropship);
  const { recording } = dropship.inFlight;
  if (recording.has(shipmentId)) await condition(() => !recording.has(shipmentId));
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
