import { condition, setHandler } from '@temporalio/workflow';
import {
  asSupplierSees,
  assertReceivable,
  assertShippable,
  isKnown,
  reserve,
  unreserve,
} from '../../domain/dropships/state.ts';
import { rows } from '../activities.ts';
import { refusing } from '../failures.ts';
import { recordShipment, type RecordedShipment, type RecordShipmentInput } from '../messages.ts';
import { queueDelivery, relay } from './delivery.ts';
import { importDecided, type Dropship } from './in-flight.ts';

export function listenToShipments(one: Dropship): void {
  setHandler(recordShipment, (input) => record(one, input), {
    validator: (input: RecordShipmentInput) => refusing(() => assertReceivable(asSupplierSees(one.state), input)),
  });
}

/** A new shipment takes its units before anything is awaited: no other message gets them. */
async function record(one: Dropship, input: RecordShipmentInput): Promise<RecordedShipment> {
  const { dropshipId, state, inFlight } = one;
  await importDecided(one);
  refusing(() => assertShippable(state, input));
  const { shipmentId, trackingNumber, lines } = input;
  if (isKnown(state, shipmentId)) return (await rows.recordShipment({ ...input, dropshipId })).shipment;
  const shipment = { shipmentId, trackingNumber, lines };
  reserve(state, shipment);
  try {
    // A void on its way opens the units at the merchant first.
    const relays = inFlight.voiding === 0;
    const recorded = await rows.recordShipment({ ...input, dropshipId, relays });
    await afterVoids(one);
    queueDelivery(one, { shipmentId }, relays ? recorded.relayed : await relay(dropshipId, shipmentId));
    return recorded.shipment;
  } catch (error) {
    unreserve(state, shipment);
    throw error;
  }
}

async function afterVoids({ inFlight }: Dropship): Promise<void> {
  if (inFlight.voiding > 0) await condition(() => inFlight.voiding === 0);
}
