import { derivedId } from '../../db/engine/ids.ts';
import { readInAccount, withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import type { Label } from '../../db/labels/labels.ts';
import { noteRecorded, noteVoidRequested } from '../../db/labels/voids.ts';
import { lockOrder } from '../../db/orders/orders.ts';
import { requireOrder, type Order } from '../../db/orders/view.ts';
import { requirePushStart, type PushStart } from '../../db/shipments/push-starts.ts';
import { findShipment, insertShipment } from '../../db/shipments/shipments.ts';
import { ApplicationFailure } from '@temporalio/common';
import { DomainError, isErrorCode, type ErrorCode } from '../../domain/errors.ts';
import type { LabelStatus } from '../../domain/labels/label.ts';
import { assertTakesShipments, shipmentRoute } from '../../domain/shipments/route.ts';
import { isSameNumber, linesToShip, sameUnits, unitsOfShipment } from '../../domain/shipments/shipment.ts';
import { startOnce } from '../../temporal/starts.ts';
import type { RecordShipmentInput } from '../../workflows/messages.ts';
import { pushStart } from '../../workflows/starts.ts';
import type { Deps } from '../deps.ts';
import { portalMessenger } from '../messenger.ts';
import { inBoth, placeOf, type LabelIds, type PlacedLabel } from './place.ts';

/** Derived, so that a label is never shipped twice (law 5). A shipment that somebody typed is noted in the row. */
export const shipmentOf = ({ id, shipmentId }: Pick<Label, 'id' | 'shipmentId'>, accountId: string): string =>
  shipmentId ?? derivedId('shipment', accountId, id);

type Outcome = { shipmentId: string } | { refused: ErrorCode };

/**
 * Records the label's shipment: the dropship's workflow does, or, of an order of the account's own, one transaction. Refused, as
 * the order was cancelled or shipped meanwhile, the label is to be taken back. Idempotent.
 */
export async function recordLabel(deps: Deps, ids: LabelIds): Promise<{ status: LabelStatus }> {
  const place = await placeOf(deps, ids);
  const { label } = place;
  if (label.isReturn || label.status !== 'bought') return { status: label.status };
  const outcome = await recordOnce(deps, place);
  deps.crashPoint('label.shipment-recorded');
  const { shipmentId } = outcome as { shipmentId?: string };
  await inBoth(deps, place, async (db) => {
    if (shipmentId !== undefined) await noteRecorded(db, label.id, shipmentId);
    else await noteVoidRequested(db, label.id, (outcome as { refused: ErrorCode }).refused);
  });
  return { status: shipmentId === undefined ? 'void_requested' : 'recorded' };
}

async function recordOnce(deps: Deps, place: PlacedLabel): Promise<Outcome> {
  const id = shipmentOf(place.label, place.accountId);
  const { known, order } = await read(deps, place, id);
  if (known) return { shipmentId: id };
  try {
    return await record(deps, { id, place, order });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return recordedByHand(deps, place, { refused: error.code });
  }
}

const read = ({ pool }: Deps, { accountId, label }: PlacedLabel, id: string) =>
  readInAccount(pool, accountId, async (db) => ({
    known: await findShipment(db, id),
    order: await requireOrder(db, label.orderId),
  }));

type Recording = { id: string; place: PlacedLabel; order: Order };

/** @throws DomainError the refusal */
async function record(deps: Deps, { id, place, order }: Recording): Promise<Outcome> {
  const { label } = place;
  const route = shipmentRoute(order);
  if (route.via === 'own') return recordOwn(deps, place, id);
  assertOpen(order, label);
  const lines = label.content.lines.map(({ lineId, quantity }) => ({
    lineId: order.lines.find((line) => line.lineId === lineId)!.remoteLineId,
    quantity,
  }));
  const input = { ...shipmentFields(label), shipmentId: id, orderId: order.id, lines, by: label.actor.id };
  const answer = await portalMessenger(deps).recordShipment(route.dropshipId, input);
  if (answer.outcome === 'recorded') return { shipmentId: id };
  if (answer.outcome === 'closed') return whyClosed(deps, place, id);
  throw new DomainError(isErrorCode(answer.code) ? answer.code : 'unexpected', 'The dropship refuses the shipment.');
}

/** The dropship may have closed after it took the shipment, whose answer was lost, or with the order's last unit. */
async function whyClosed(deps: Deps, place: PlacedLabel, id: string): Promise<Outcome> {
  const { known, order } = await read(deps, place, id);
  if (known) return { shipmentId: id };
  assertOpen(order, place.label);
  // Its workflow was ended by hand: the paid label waits for a person.
  throw ApplicationFailure.nonRetryable('The dropship has ended, and its order is open.', 'dropship_not_open');
}

function assertOpen(order: Order, { content }: Label): void {
  assertTakesShipments(order);
  linesToShip(order.lines, content.lines);
}

async function recordOwn(deps: Deps, place: PlacedLabel, id: string): Promise<Outcome> {
  const { accountId, label } = place;
  const start = await withAccount(deps.pool, accountId, (db) => insertOwn(db, id, label));
  await startOnce(deps.client, 'pushShipment', pushStart(start, deps.queues));
  return { shipmentId: id };
}

async function insertOwn(db: AccountDb, id: string, label: Label): Promise<PushStart> {
  const { orderId, content, trackingNumber, actor } = label;
  await lockOrder(db, orderId);
  const order = await requireOrder(db, orderId);
  assertTakesShipments(order);
  const known = order.shipments
    .filter(({ status }) => status === 'recorded')
    .map((shipment) => ({ ...shipment, shipmentId: shipment.id }));
  const lines = unitsOfShipment(order.lines, known, { trackingNumber, requested: content.lines });
  await insertShipment(db, { ...shipmentFields(label), id, orderId, dropshipId: null, lines }, actor);
  return requirePushStart(db, id);
}

function shipmentFields(label: Label) {
  const { carrier, carrierName, trackingNumber, trackingUrl, service, boughtAt, cost } = label;
  return {
    method: 'tracked',
    carrier,
    carrierName,
    trackingNumber,
    shippedAt: boughtAt!,
    ...(trackingUrl !== null && { trackingUrl }),
    ...(service !== null && { service }),
    ...(cost && { labelCost: cost }),
  } satisfies Partial<RecordShipmentInput>;
}

/** Somebody may have typed the tracking of this label: that is its shipment. */
async function recordedByHand(deps: Deps, place: PlacedLabel, refused: Outcome): Promise<Outcome> {
  const { trackingNumber, content } = place.label;
  const { order } = await read(deps, place, shipmentOf(place.label, place.accountId));
  const same = order.shipments.find(
    (shipment) =>
      shipment.status === 'recorded' &&
      isSameNumber(shipment.trackingNumber, trackingNumber) &&
      sameUnits(shipment.lines, content.lines),
  );
  return same ? { shipmentId: same.id } : refused;
}
