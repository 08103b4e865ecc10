import { z } from 'zod';
import { ChannelError, type Push, type Pushed, type RemoteOrder, type RemoteShipment, type Units } from '../channel.ts';
import { methodText } from '../tracking-text.ts';
import type { MedusaApi } from './api.ts';
import { noUrl } from './orders.ts';

/** The calls of the shop that shipments need. */
type ShipmentCalls = {
  api: MedusaApi;
  hasCompanion: () => Promise<boolean>;
  readOrder: (remoteId: string) => Promise<RemoteOrder>;
};

/** Creates the fulfillment, or finishes the one that an earlier try left half done. */
export async function pushShipment(calls: ShipmentCalls, push: Push): Promise<Pushed> {
  const order = await calls.readOrder(push.remoteOrderId);
  const ours = findOurs(order, push);
  if (ours?.state === 'voided') throw new ChannelError({ kind: 'gone', what: 'shipment' });
  if (ours) return finish(calls, push, { shipment: ours, found: true });
  assertFits(order, push.units);
  return finish(calls, push, await create(calls, push));
}

/** Corrects in place. Without the companion a shop cannot: core refuses to change or cancel what is shipped. */
export async function correctTracking(calls: ShipmentCalls, push: Push): Promise<Pushed> {
  const order = await calls.readOrder(push.remoteOrderId);
  const ours = findOurs(order, push);
  if (ours?.state === 'voided') throw new ChannelError({ kind: 'gone', what: 'shipment' });
  if (!ours) return pushShipment(calls, push);
  if (!hasTracking(ours, push)) await correctInPlace(calls, ours.remoteId, push);
  return finish(calls, push, { shipment: ours, found: true });
}

/** Cancels the fulfillment while it is not shipped. A shipment that never arrived, or is voided already, is no fault. */
export async function voidShipment(calls: ShipmentCalls, push: Push): Promise<Pushed> {
  const order = await calls.readOrder(push.remoteOrderId);
  const ours = findOurs(order, push);
  if (!ours || ours.state === 'voided') return { remoteIds: ours ? [ours.remoteId] : [], found: !!ours, order };
  if (ours.state === 'shipped') throw refused('shipment', 'shipped');
  const path = `${fulfillmentsOf(push)}/${ours.remoteId}/cancel`;
  await calls.api({ path, body: {}, answer: z.unknown(), missing: 'shipment' }).catch(unless('already_voided'));
  return { remoteIds: [ours.remoteId], found: true, order: await calls.readOrder(push.remoteOrderId) };
}

const fulfillmentsOf = ({ remoteOrderId }: Push) => `/admin/orders/${encodeURIComponent(remoteOrderId)}/fulfillments`;

/** By our reference, else by known ids. Two may have the reference, after a void or two pushes at once: the live one counts. */
function findOurs(order: RemoteOrder, { shipmentId, remoteIds }: Push): RemoteShipment | undefined {
  const referenced = order.shipments.filter((shipment) => shipment.shipmentId === shipmentId);
  const known = order.shipments.filter(({ remoteId }) => remoteIds.includes(remoteId));
  const all = [...referenced, ...known];
  return all.find(({ state }) => state !== 'voided') ?? all.at(-1);
}

function hasTracking({ tracking: [shown] }: RemoteShipment, { tracking }: Push): boolean {
  return (
    shown !== undefined &&
    methodText(shown) === methodText(tracking) &&
    shown.number === tracking.number &&
    shown.url === tracking.url
  );
}

/** The shop itself refuses neither unpaid orders nor a second push of a part; `findOurs` detects the latter. */
function assertFits(order: RemoteOrder, units: Units): void {
  if (order.state === 'cancelled') throw refused('order', 'cancelled');
  if (order.state === 'waiting') throw refused('order', 'not_paid');
  for (const { remoteLineId, quantity } of units) {
    const line = order.lines.find((candidate) => candidate.remoteLineId === remoteLineId);
    if (!line) throw new ChannelError({ kind: 'gone', what: 'line' });
    const taken = order.shipments
      .filter(({ state }) => state !== 'voided')
      .flatMap((shipment) => shipment.units)
      .filter((unit) => unit.remoteLineId === remoteLineId)
      .reduce((sum, unit) => sum + unit.quantity, 0);
    if (quantity > line.ordered - taken) throw refused('units', 'too_many_units');
  }
}

const refused = (field: string, code: string) => new ChannelError({ kind: 'invalid', field, code });

const isRefusal = (error: unknown): error is ChannelError & { fault: { kind: 'invalid'; code: string } } =>
  error instanceof ChannelError && error.fault.kind === 'invalid';

/** A refusal because it is done already is none. */
const unless =
  (code: string) =>
  (error: unknown): void => {
    if (!isRefusal(error) || error.fault.code !== code) throw error;
  };

type Made = { shipment: RemoteShipment; found: boolean };

/**
 * Without a location the shop takes the units from where they are reserved. With another one, the figures of both places would
 * be wrong. @see medusajs/medusa#16338
 */
async function create(calls: ShipmentCalls, push: Push): Promise<Made> {
  const { shipmentId, units, revision, tracking, notifyBuyer } = push;
  const body = {
    items: toItems(units),
    no_notification: !notifyBuyer,
    metadata: { shipmentId, carrier: methodText(tracking), revision },
  };
  const refusal = await calls
    .api({ path: fulfillmentsOf(push), body, answer: z.unknown(), missing: 'line' })
    .then(() => undefined, asRefusal);
  // The answer has the whole order, without the fulfillment's own id apart. After a refusal another push may have taken the units.
  const shipment = findOurs(await calls.readOrder(push.remoteOrderId), push);
  if (shipment && shipment.state !== 'voided') return { shipment, found: refusal !== undefined };
  throw refusal ?? new ChannelError({ kind: 'unknown_outcome' });
}

function asRefusal(error: unknown): ChannelError {
  if (!isRefusal(error)) throw error;
  return refused('units', error.fault.code);
}

const toItems = (units: Units) => units.map(({ remoteLineId, quantity }) => ({ id: remoteLineId, quantity }));

/** A label of the shop has all three texts. Without a number there is no label. */
function labelsOf({ tracking: { number, url } }: Push) {
  return number === null ? [] : [{ tracking_number: number, tracking_url: url ?? noUrl, label_url: noUrl }];
}

async function finish(calls: ShipmentCalls, push: Push, { shipment, found }: Made): Promise<Pushed> {
  if (shipment.state === 'pending') await ship(calls, push, shipment).catch(unless('already_shipped')).catch(begun);
  return { remoteIds: [shipment.remoteId], found, order: await calls.readOrder(push.remoteOrderId) };
}

/** The fulfillment exists, but is not shipped yet: the next try finishes it, or a void cancels it. */
function begun(error: unknown): never {
  throw error instanceof ChannelError ? new ChannelError(error.fault, { isBegun: true }) : error;
}

async function ship({ api }: ShipmentCalls, push: Push, { remoteId, units }: RemoteShipment): Promise<void> {
  const body = { items: toItems(units), labels: labelsOf(push), no_notification: !push.notifyBuyer };
  await api({ path: `${fulfillmentsOf(push)}/${remoteId}/shipments`, body, answer: z.unknown(), missing: 'shipment' });
}

async function correctInPlace({ api, hasCompanion }: ShipmentCalls, id: string, push: Push): Promise<void> {
  if (!(await hasCompanion())) throw refused('tracking', 'no_companion');
  const { shipmentId, revision, tracking } = push;
  const metadata = { shipmentId, carrier: methodText(tracking), revision };
  const path = `/admin/vendor-portals/fulfillments/${encodeURIComponent(id)}`;
  await api({ path, body: { labels: labelsOf(push), metadata }, answer: z.unknown(), missing: 'shipment' });
}
