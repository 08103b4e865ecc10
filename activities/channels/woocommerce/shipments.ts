import { z } from 'zod';
import { ChannelError, type Push, type Pushed, type RemoteShipment, type Units } from '../channel.ts';
import type { WooCommerceApi } from './api.ts';
import { bodyOf, fulfillmentSchema } from './fulfillments.ts';
import { noteOf, noteSchema } from './notes.ts';
import { orderSchema, stateOf, unitsIn, type Reading } from './orders.ts';
import type { OrderReads, ReadOrder } from './read-orders.ts';
import { isSameTracking } from './tracking.ts';

/** `back`: the status that an order gets again when a shipment of it is voided. */
type ShipmentCalls = { api: WooCommerceApi; reads: OrderReads; reading: Reading; back: string };

/** The shop takes a repeat as another shipment, and checks nothing, so all checks are here. */
export async function pushShipment(calls: ShipmentCalls, push: Push): Promise<Pushed> {
  const seen = await calls.reads.readOrder(push.remoteOrderId);
  const ours = findOurs(seen, push);
  if (ours) return finish(calls, { seen: await endDraft(calls, seen, { ours, push }), remoteId: ours.remoteId, found: true }); // prettier-ignore
  // It was there once: a clerk has deleted it, and the shop does not list it any more.
  if (push.remoteIds.length > 0) throw new ChannelError({ kind: 'gone', what: 'shipment' });
  assertFits(seen, push.units, calls.reading);
  const remoteId = seen.records === null ? await addNote(calls, seen, push) : await create(calls, push);
  return finish(calls, { seen: await readBegun(calls, push), remoteId, found: false });
}

/** In place: the same record gets the new tracking. */
export async function correctTracking(calls: ShipmentCalls, push: Push): Promise<Pushed> {
  const seen = await calls.reads.readOrder(push.remoteOrderId);
  const ours = findOurs(seen, push);
  if (!ours) return pushShipment(calls, push);
  const isShown = ours.state === 'shipped' && ours.tracking.some((tracking) => isSameTracking(tracking, push.tracking));
  const shown = isShown ? seen : await update(calls, seen, { ours, push });
  return finish(calls, { seen: shown, remoteId: ours.remoteId, found: true });
}

/** Deletes the record. A shipment that never arrived, or is deleted already, is no fault. A note stays. */
export async function voidShipment(calls: ShipmentCalls, push: Push): Promise<Pushed> {
  const { reads, api, back } = calls;
  const seen = await reads.readOrder(push.remoteOrderId);
  const ours = findOurs(seen, push);
  if (!ours) return { remoteIds: [], found: false, order: reads.toRemote(seen) };
  if (seen.records === null) throw refused('shipment', 'noted');
  // First the status: a completed order without its record would look shipped for ever.
  if (seen.order.status === 'completed') await setStatus(calls, seen, back);
  const path = `orders/${push.remoteOrderId}/fulfillments/${ours.remoteId}`;
  await api.call({ method: 'DELETE', path, answer: z.unknown(), missing: 'shipment' });
  return { remoteIds: [ours.remoteId], found: true, order: await reads.getOrder(push.remoteOrderId) };
}

function findOurs({ shipments }: ReadOrder, push: Push): RemoteShipment | undefined {
  return (
    shipments.find(({ shipmentId }) => shipmentId === push.shipmentId) ??
    shipments.find(({ remoteId }) => push.remoteIds.includes(remoteId))
  );
}

/** Without records a completed order has shipped: nothing else says so there. */
function assertFits({ order, shipments, refunded, records }: ReadOrder, units: Units, reading: Reading): void {
  const state = stateOf(order, reading);
  if (state === 'cancelled') throw refused('order', 'cancelled');
  if (state === 'waiting') throw refused('order', 'not_paid');
  const isOver = records === null && order.status === 'completed';
  for (const { remoteLineId, quantity } of units) {
    const line = order.line_items.find(({ id }) => String(id) === remoteLineId);
    if (!line) throw new ChannelError({ kind: 'gone', what: 'line' });
    const left = isOver ? 0 : line.quantity - unitsIn(shipments, remoteLineId);
    if (quantity > left) throw refused('units', 'too_many_units');
    if (quantity > left - (refunded.get(remoteLineId) ?? 0)) throw refused('order', 'cancelled');
  }
}

const refused = (field: string, code: string) => new ChannelError({ kind: 'invalid', field, code });

async function create({ api }: ShipmentCalls, push: Push): Promise<string> {
  const path = `orders/${push.remoteOrderId}/fulfillments`;
  const { id } = await api.call({ method: 'POST', path, body: bodyOf(push), answer: fulfillmentSchema, missing: 'order' }); // prettier-ignore
  return String(id);
}

async function addNote({ api }: ShipmentCalls, { order }: ReadOrder, push: Push): Promise<string> {
  const nameOf = (lineId: string) => order.line_items.find(({ id }) => String(id) === lineId)?.name ?? lineId;
  const body = { note: noteOf(push, nameOf), customer_note: push.notifyBuyer };
  const path = `orders/${push.remoteOrderId}/notes`;
  return String((await api.call({ method: 'POST', path, body, answer: noteSchema, missing: 'order' })).id);
}

type Update = { ours: RemoteShipment; push: Push };

/** The record with the push's tracking, as shipped. */
async function update(calls: ShipmentCalls, { records }: ReadOrder, { ours, push }: Update): Promise<ReadOrder> {
  if (records === null) throw refused('shipment', 'noted');
  const current = records.find(({ id }) => String(id) === ours.remoteId);
  const path = `orders/${push.remoteOrderId}/fulfillments/${ours.remoteId}`;
  const body = bodyOf(push, current);
  await calls.api.call({ method: 'PUT', path, body, answer: fulfillmentSchema, missing: 'shipment' });
  return readBegun(calls, push);
}

/** A clerk may have made a draft of it again. */
const endDraft = async (calls: ShipmentCalls, seen: ReadOrder, given: Update): Promise<ReadOrder> =>
  given.ours.state === 'pending' ? update(calls, seen, given) : seen;

async function setStatus({ api }: ShipmentCalls, { order }: ReadOrder, status: string) {
  const path = `orders/${order.id}`;
  return api.call({ method: 'PUT', path, body: { status }, answer: orderSchema, missing: 'order' });
}

/** The shipment is there; what comes after it may be done by the next try. */
function begun(error: unknown): never {
  throw error instanceof ChannelError ? new ChannelError(error.fault, { isBegun: true }) : error;
}

const readBegun = ({ reads }: ShipmentCalls, push: Push) => reads.readOrder(push.remoteOrderId).catch(begun);

type Made = { seen: ReadOrder; remoteId: string; found: boolean };

/** The shop leaves an order as it is when the last unit ships. Completing it is what its owner would do next. */
async function finish(calls: ShipmentCalls, { seen, remoteId, found }: Made): Promise<Pushed> {
  const isDone = seen.order.status === 'completed' || !isAllShipped(seen, calls.reading);
  const order = isDone ? seen.order : await setStatus(calls, seen, 'completed').catch(begun);
  return { remoteIds: [remoteId], found, order: calls.reads.toRemote({ ...seen, order }) };
}

function isAllShipped(seen: ReadOrder, reading: Reading): boolean {
  if (stateOf(seen.order, reading) !== 'ready') return false;
  const sent = seen.shipments.filter(({ state }) => state === 'shipped');
  return seen.order.line_items.every(
    ({ id, quantity }) => unitsIn(sent, String(id)) >= quantity - (seen.refunded.get(String(id)) ?? 0),
  );
}
