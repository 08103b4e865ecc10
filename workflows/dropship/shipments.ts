import { condition, setHandler } from '@temporalio/workflow';
import { assertReceivable, assertShippable, isKnown, reserve, unreserve } from '../../domain/dropships/state.ts';
import { rows } from '../activities.ts';
import { refusing } from '../failures.ts';
import { recordShipment, type RecordedShipment, type RecordShipmentInput } from '../messages.ts';
import { relay } from './delivery.ts';
import { importDecided, type Dropship } from './in-flight.ts';

export function listenToShipments(one: Dropship): void {
  setHandler(recordShipment, (input) => record(one, input), {
    validator: (input: RecordShipmentInput) => refusing(() => assertReceivable(one.state, input)),
  });
}

/** A new shipment takes its units before anything is awaited: no other message gets them. */
async function record(one: Dropship, input: RecordShipmentInput): Promise<RecordedShipment> {
  const { dropshipId, state } = one;
  await importDecided(one);
  refusing(() => assertShippable(state, input));
  const { shipmentId, trackingNumber, lines } = input;
  if (isKnown(state, shipmentId)) return rows.recordShipment({ ...input, dropshipId });
  const shipment = { shipmentId, trackingNumber, lines };
  reserve(state, shipment);
  try {
    const recorded = await rows.recordShipment({ ...input, dropshipId });
    await afterVoids(one);
    state.backlog.push({ kind: 'shipment', ...(await relay(dropshipId, shipmentId)) });
    return recorded;
  } catch (error) {
    unreserve(state, shipment);
    throw error;
  }
}

async function afterVoids({ inFlight }: Dropship): Promise<void> {
  if (inFlight.voiding > 0) await condition(() => inFlight.voiding === 0);
}
