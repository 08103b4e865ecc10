import { condition, setHandler } from '@temporalio/workflow';
import {
  asSupplierSees,
  assertReceivable,
  assertShippable,
  isKnown,
  reserve,
  unreserve,
  isRelayAwaited,
} from '../../domain/dropships/state.ts';
import { rows } from '../activities.ts';
import { refusing } from '../failures.ts';
import { recordShipment, type RecordedShipment, type RecordShipmentInput } from '../messages.ts';
import { queueDelivery, relay, type Relayed } from './delivery.ts';
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
  inFlight.recording.add(shipmentId);
  try {
    // A void on its way opens the units at the merchant first, also one whose relay is parked.
    const relays = inFlight.voiding === 0 && !isRelayAwaited(state);
    const recorded = await rows.recordShipment({ ...input, dropshipId, relays });
    await afterVoids(one);
    queueDelivery(one, { shipmentId }, await relayedOrLeft(one, { shipmentId, relays, recorded }));
    return recorded.shipment;
  } catch (error) {
    unreserve(state, shipment);
    throw error;
  } finally {
    inFlight.recording.delete(shipmentId);
  }
}

/** What is not relayed yet goes after an earlier shipment of the backlog that waits for its relay. */
async function relayedOrLeft(
  { dropshipId, state }: Dropship,
  { shipmentId, relays, recorded }: { shipmentId: string; relays: boolean; recorded: { relayed: Relayed | null } },
): Promise<Relayed | null> {
  if (relays || isRelayAwaited(state)) return recorded.relayed;
  return relay(dropshipId, shipmentId);
}

async function afterVoids({ inFlight }: Dropship): Promise<void> {
  if (inFlight.voiding > 0) await condition(() => inFlight.voiding === 0);
}
