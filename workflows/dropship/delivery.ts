import { changedBy, type Command, type ShipmentCommand } from '../../domain/dropships/state.ts';
import { rows } from '../activities.ts';
import type { Step } from '../attention.ts';
import type { Dropship } from './in-flight.ts';
import { isFailure } from '../failures.ts';

/**
 * Relays a shipment to the merchant at once, whatever the shop does with an earlier one: a parked push must not hold up
 * a tracking. A relay that is refused for good is repeated by the main loop, where it parks.
 */
export async function relay(dropshipId: string, shipmentId: string): Promise<ShipmentCommand> {
  try {
    const { orderId } = await rows.relayShipment({ dropshipId, shipmentId });
    return { shipmentId, orderId };
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { shipmentId, orderId: null };
  }
}

/**
 * Brings a shipment to the merchant, where it is not there yet, and to the merchant's channel. While it is parked it
 * gives way to a later change of the same shipment.
 */
export async function deliverShipment(
  step: Step,
  { dropshipId, state }: Dropship,
  command: ShipmentCommand & Command,
): Promise<void> {
  const { shipmentId } = command;
  const traits = { givesWayTo: () => changedBy(state, command), about: `shipment \`${shipmentId}\`` };
  const push = (orderId: string) =>
    step('push', (activities) => activities.pushShipment({ orderId, shipmentId }), traits);
  if (command.orderId !== null) return void (await push(command.orderId));
  const relayed = await step('relay', (activities) => activities.relayShipment({ dropshipId, shipmentId }), traits);
  if (relayed.outcome === 'done' && relayed.value.orderId !== null) await push(relayed.value.orderId);
}
