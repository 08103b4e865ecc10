import { changedBy, type Command, type ShipmentCommand } from '../../domain/dropships/state.ts';
import { rows } from '../activities.ts';
import type { Step } from '../attention.ts';
import type { Dropship } from './in-flight.ts';
import { isFailure } from '../failures.ts';

export type Relayed = { orderId: string | null; isShown: boolean };

/**
 * Relays a shipment to the merchant at once, whatever the shop does with an earlier one: a parked push must not hold up
 * a tracking. @returns null for a relay that was refused for good
 */
export async function relay(dropshipId: string, shipmentId: string): Promise<Relayed | null> {
  try {
    return await rows.relayShipment({ dropshipId, shipmentId });
  } catch (error) {
    if (!isFailure(error)) throw error;
    return null;
  }
}

/** What is left to do for a shipment joins the main loop: the push, and a refused relay, which parks there. */
export function queueDelivery(
  { state }: Dropship,
  { by, shipmentId }: Pick<ShipmentCommand, 'by' | 'shipmentId'>,
  relayed: Relayed | null,
): void {
  if (relayed?.isShown) return;
  state.backlog.push({
    kind: 'shipment',
    shipmentId,
    orderId: relayed?.orderId ?? null,
    ...(by !== undefined && { by }),
  });
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
  if (relayed.outcome !== 'done') return;
  const { orderId, isShown } = relayed.value;
  if (orderId !== null && !isShown) await push(orderId);
}
