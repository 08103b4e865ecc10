import { listDropshipStarts, type DropshipStart } from '../../../db/dropships/dropships.ts';
import { findShipment, requireShipment } from '../../../db/shipments/shipments.ts';
import { readInAccount } from '../../../db/engine/with-account.ts';
import { ChannelError, type Push, type Pushed } from '../channel.ts';
import { asMerchant, type MessageOutcome, type PortalTools } from './tools.ts';
import type { RecordShipmentInput } from '../../../workflows/messages.ts';

/**
 * Sends a shipment of a chain one step upstream, as a message to the one writer there (law 3). The answer comes when that
 * merchant has the shipment, not when its shop has it, so that a chain does not wait for its slowest shop.
 */
export async function pushUpstream(tools: PortalTools, push: Push): Promise<Pushed> {
  const { remoteOrderId: dropshipId, shipmentId } = push;
  const answer = await tools.messenger.recordShipment(dropshipId, toMessage(push, tools.accountId));
  assertAccepted(answer);
  if (answer.outcome === 'closed') {
    const known = await asMerchant(tools, (db) => findShipment(db, shipmentId));
    if (!known) throw new ChannelError({ kind: 'gone', what: 'order' });
  }
  return { remoteIds: [shipmentId], found: answer.outcome === 'closed', order: null };
}

/** The supplier's row has the correction already; the message makes the workflow upstream read it. */
export async function correctUpstream(tools: PortalTools, push: Push): Promise<Pushed> {
  const { shipmentId, revision, tracking } = push;
  const start = await startOf(tools, push);
  assertAccepted(
    await tools.messenger.correctTracking(start, {
      shipmentId,
      revision,
      method: tracking.method,
      ...(tracking.carrier !== null && { carrier: tracking.carrier }),
      ...(tracking.number !== null && { trackingNumber: tracking.number }),
      by: tools.accountId,
    }),
  );
  return { remoteIds: [shipmentId], found: true, order: null };
}

export async function voidUpstream(tools: PortalTools, push: Push): Promise<Pushed> {
  const { shipmentId, revision } = push;
  const start = await startOf(tools, push);
  const { voidReason } = await readInAccount(tools.pool, tools.accountId, (db) => requireShipment(db, shipmentId));
  const reason = voidReason ?? 'other';
  assertAccepted(await tools.messenger.voidShipment(start, { shipmentId, revision, reason, by: tools.accountId }));
  return { remoteIds: [shipmentId], found: true, order: null };
}

/** The start of the workflow one step upstream, which reopens it if it has closed. */
async function startOf(tools: PortalTools, { remoteOrderId }: Push): Promise<DropshipStart> {
  const [start] = await asMerchant(tools, (db) => listDropshipStarts(db, [remoteOrderId]));
  if (!start) throw new ChannelError({ kind: 'gone', what: 'order' });
  return start;
}

function assertAccepted(answer: MessageOutcome): void {
  if (answer.outcome !== 'refused') return;
  const isCancelled = answer.code === 'order_cancelled';
  throw new ChannelError({
    kind: 'invalid',
    field: isCancelled ? 'order' : 'shipment',
    code: isCancelled ? 'cancelled' : answer.code,
  });
}

function toMessage(push: Push, by: string): RecordShipmentInput {
  const { shipmentId, units, tracking, shippedAt } = push;
  return {
    shipmentId,
    lines: units.map(({ remoteLineId, quantity }) => ({ lineId: remoteLineId, quantity })),
    method: tracking.method,
    carrier: tracking.carrier,
    trackingNumber: tracking.number,
    shippedAt,
    by,
  };
}
