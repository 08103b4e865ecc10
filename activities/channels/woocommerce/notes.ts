import { z } from 'zod';
import type { Push, RemoteShipment } from '../channel.ts';
import { methodText } from '../tracking-text.ts';
import { trackingOf } from './tracking.ts';

// A shop without fulfillments shows a shipment as a note on its order, which its clerk and the buyer read. The last line is
// ours: by it the shipment is recognized.

export const noteSchema = z.object({ id: z.int(), note: z.string() });
type Note = z.infer<typeof noteSchema>;

/** @param nameOf the name of a line, for people */
export function noteOf({ shipmentId, units, tracking }: Push, nameOf: (remoteLineId: string) => string): string {
  return [
    `Shipped: ${units.map(({ remoteLineId, quantity }) => `${quantity} × ${nameOf(remoteLineId)}`).join(', ')}`,
    `Carrier: ${methodText(tracking)}`,
    ...(tracking.number === null ? [] : [`Tracking number: ${tracking.number}`]),
    ...(tracking.url === undefined ? [] : [`Track it: ${tracking.url}`]),
    `Reference: ${[shipmentId, ...units.map(({ remoteLineId, quantity }) => `${remoteLineId}x${quantity}`)].join(' ')}`,
  ].join('\n');
}

/** @returns undefined for a note that is not ours */
export function toNotedShipment({ id, note }: Note): RemoteShipment | undefined {
  const lines = note.split(/\r?\n/);
  const valueOf = (label: string) => lines.find((line) => line.startsWith(`${label}: `))?.slice(label.length + 2) ?? '';
  const [, shipmentId, marks = ''] = /^(\S+)((?: \d+x\d+)+)$/.exec(valueOf('Reference')) ?? [];
  if (shipmentId === undefined) return undefined;
  const url = valueOf('Track it');
  return {
    remoteId: String(id),
    shipmentId,
    state: 'shipped',
    units: marks
      .trim()
      .split(' ')
      .map((mark) => mark.split('x'))
      .map(([remoteLineId, quantity]) => ({ remoteLineId: remoteLineId!, quantity: Number(quantity) })),
    tracking: [{ ...trackingOf(valueOf('Carrier'), valueOf('Tracking number')), ...(url !== '' && { url }) }],
  };
}
