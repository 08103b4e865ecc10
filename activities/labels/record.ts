import { ApplicationFailure } from '@temporalio/common';
import { derivedId } from '../../db/engine/ids.ts';
import { readInAccount, withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { lockLabel, type Label } from '../../db/labels/labels.ts';
import { noteRecorded, noteVoidRequested } from '../../db/labels/voids.ts';
import { lockOrder } from '../../db/orders/orders.ts';
import { requireOrder, type Order } from '../../db/orders/view.ts';
import { requirePushStart, type PushStart } from '../../db/shipments/push-starts.ts';
import { findShipment, insertShipment, type Shipment } from '../../db/shipments/shipments.ts';
import { DomainError, isErrorCode, type ErrorCode } from '../../domain/errors.ts';
import type { LabelStatus } from '../../domain/labels/label.ts';
import { assertTakesShipment } from '../../domain/labels/void.ts';
import { assertTakesShipments, shipmentRoute } from '../../domain/shipments/route.ts';
import { isSameNumber, linesToShip, sameUnits, unitsOfShipment } from '../../domain/shipments/shipment.ts';
import { withoutTexts, type TrackingTexts } from '../../domain/shipments/texts.ts';
import { startOnce } from '../../temporal/starts.ts';
import type { RecordShipmentInput } from '../../workflows/messages.ts';
import { pushStart } from '../../workflows/starts.ts';
import type { Deps } from '../deps.ts';
import { portalMessenger } from '../messenger.ts';
import { inBoth, placeOf, statusNow, type LabelIds, type PlacedLabel } from './place.ts';

/** Derived, so that a label is never shipped twice (law 5). */
const ownShipmentId = ({ id }: Label, accountId: string): string => derivedId('shipment', accountId, id);

/**
 * A label's shipment: the one that its row names; where a crash came before that, its own, or the one of somebody who typed
 * its tracking by hand.
 */
export async function findLabelShipment(db: AccountDb, label: Label): Promise<Shipment | undefined> {
  const { shipmentId, isReturn, orderId, trackingNumber, content } = label;
  const own = await findShipment(db, shipmentId ?? ownShipmentId(label, db.accountId));
  if (own || isReturn) return own;
  const { shipments } = await requireOrder(db, orderId);
  return shipments.find(
    (typed) =>
      typed.status === 'recorded' &&
      isSameNumber(typed.trackingNumber, trackingNumber) &&
      sameUnits(typed.lines, content.lines),
  );
}

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
  // Somebody voids the label meanwhile: that void does the rest.
  if ('refused' in outcome && outcome.refused === 'shipment_voided') return statusNow(deps, ids);
  await inBoth(deps, place, async (db) => {
    if ('shipmentId' in outcome) await noteRecorded(db, label.id, outcome.shipmentId);
    else await noteVoidRequested(db, label.id, outcome.refused);
  });
  return { status: 'shipmentId' in outcome ? 'recorded' : 'void_requested' };
}

/** A message of an earlier try may still wait in the dropship, also when this try is refused. It finds the label void then. */
async function recordOnce(deps: Deps, place: PlacedLabel): Promise<Outcome> {
  const { known, order } = await read(deps, place);
  if (known) return { shipmentId: known.id };
  try {
    return await record(deps, place, order);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { known: typed } = await read(deps, place);
    return typed ? { shipmentId: typed.id } : { refused: error.code };
  }
}

const read = ({ pool }: Deps, { accountId, label }: PlacedLabel) =>
  readInAccount(pool, accountId, async (db) => ({
    known: await findLabelShipment(db, label),
    order: await requireOrder(db, label.orderId),
  }));

/** @throws DomainError the refusal */
async function record(deps: Deps, place: PlacedLabel, order: Order): Promise<Outcome> {
  const { accountId, label } = place;
  const id = ownShipmentId(label, accountId);
  const route = shipmentRoute(order);
  if (route.via === 'own') return recordOwn(deps, place, id);
  assertOpen(order, label);
  const lines = label.content.lines.map(({ lineId, quantity }) => ({
    lineId: order.lines.find((line) => line.lineId === lineId)!.remoteLineId,
    quantity,
  }));
  const named = { shipmentId: id, orderId: order.id, labelId: label.id, lines, by: label.actor.id };
  const input = { ...withoutTexts(shipmentFields(label)), ...named };
  const answer = await portalMessenger(deps).recordShipment(route.dropshipId, input);
  if (answer.outcome === 'recorded') return { shipmentId: id };
  if (answer.outcome === 'closed') return whyClosed(deps, place);
  throw new DomainError(isErrorCode(answer.code) ? answer.code : 'unexpected', 'The dropship refuses the shipment.');
}

/** The dropship may have closed after it took the shipment, whose answer was lost, or with the order's last unit. */
async function whyClosed(deps: Deps, place: PlacedLabel): Promise<Outcome> {
  const { known, order } = await read(deps, place);
  if (known) return { shipmentId: known.id };
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
  assertTakesShipment(await lockLabel(db, label.id));
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
  } satisfies Partial<RecordShipmentInput> & { [T in keyof TrackingTexts]?: string | null };
}
