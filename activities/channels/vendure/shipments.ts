import { z } from 'zod';
import { isSameNumber, sameUnits, type Tracking } from '../../../domain/shipments/shipment.ts';
import { ChannelError, type Push, type Pushed, type RemoteOrder, type RemoteShipment, type Units } from '../channel.ts';
import { methodText } from '../tracking-text.ts';
import type { VendureApi } from './api.ts';

/** The calls of the shop that shipments need. */
type ShipmentCalls = {
  api: VendureApi;
  hasCompanion: () => Promise<boolean>;
  readOrder: (remoteId: string) => Promise<RemoteOrder>;
};

const refusalFields = '... on ErrorResult { errorCode }';
const resultSchema = z.object({ id: z.string().optional(), errorCode: z.string().optional() });
const createDocument = `mutation ($input: FulfillOrderInput!) {
  result: addFulfillmentToOrder(input: $input) { __typename ... on Fulfillment { id } ${refusalFields} } }`;
const transitionDocument = `mutation ($id: ID!, $state: String!) {
  result: transitionFulfillmentToState(id: $id, state: $state) {
    __typename ... on Fulfillment { id } ... on FulfillmentStateTransitionError { errorCode fromState } } }`;
const transitionSchema = resultSchema.extend({ fromState: z.string().optional() });
const correctDocument = `mutation ($input: CorrectFulfillmentTrackingInput!) {
  result: correctFulfillmentTracking(input: $input) { id } }`;

/** Creates the fulfillment, or finishes the one that an earlier try left half done. */
export async function pushShipment(calls: ShipmentCalls, push: Push): Promise<Pushed> {
  const order = await calls.readOrder(push.remoteOrderId);
  const ours = findOurs(order, push, await calls.hasCompanion());
  if (ours?.state === 'voided') throw new ChannelError({ kind: 'gone', what: 'shipment' });
  if (ours) return finish(calls, push, { shipment: ours, found: true });
  assertFits(order, push.units);
  return finish(calls, push, await create(calls, push));
}

/** Corrects in place if the shop has the companion; else cancels the old fulfillment and creates a new one. */
export async function correctTracking(calls: ShipmentCalls, push: Push): Promise<Pushed> {
  const order = await calls.readOrder(push.remoteOrderId);
  const hasCompanion = await calls.hasCompanion();
  const ours = findOurs(order, push, hasCompanion);
  if (hasCompanion && ours?.state === 'voided') throw new ChannelError({ kind: 'gone', what: 'shipment' });
  if (!hasCompanion) return replace(calls, push, order);
  if (!ours) return pushShipment(calls, push);
  if (!hasTracking(ours, push)) await correctInPlace(calls, ours.remoteId, push);
  return finish(calls, push, { shipment: ours, found: true });
}

/** Cancels the fulfillment. A shipment that never arrived, or is voided already, is no fault. */
export async function voidShipment(calls: ShipmentCalls, push: Push): Promise<Pushed> {
  const order = await calls.readOrder(push.remoteOrderId);
  const ours = findOurs(order, push, await calls.hasCompanion());
  if (!ours || ours.state === 'voided') return { remoteIds: ours ? [ours.remoteId] : [], found: !!ours, order };
  await transition(calls.api, ours.remoteId, 'Cancelled');
  return { remoteIds: [ours.remoteId], found: true, order: await calls.readOrder(push.remoteOrderId) };
}

/** Finds the shipment by our reference, else by known ids. Only in a shop without references, by number (or method) and units. */
function findOurs(order: RemoteOrder, push: Push, hasCompanion: boolean): RemoteShipment | undefined {
  const referenced = order.shipments.find(({ shipmentId }) => shipmentId === push.shipmentId);
  if (referenced) return referenced;
  const known = order.shipments.filter(({ remoteId }) => push.remoteIds.includes(remoteId));
  const live = known.find(({ state }) => state !== 'voided');
  if (live) return live;
  return (hasCompanion ? undefined : findMatch(order, push)) ?? known.at(-1);
}

function findMatch(order: RemoteOrder, push: Push): RemoteShipment | undefined {
  return order.shipments.find(
    (shipment) =>
      shipment.state !== 'voided' &&
      !push.taken.includes(shipment.remoteId) &&
      shipment.tracking.some((tracking) => isMatch(tracking, push.tracking)) &&
      sameUnits(toLines(shipment.units), toLines(push.units)),
  );
}

/** Without a number the method's text must be ours, so that a clerk's own fulfillment is not taken for it. */
const isMatch = (shown: Tracking, sent: Tracking): boolean =>
  sent.number === null
    ? shown.number === null && methodText(shown) === methodText(sent)
    : isSameNumber(shown.number, sent.number);
const toLines = (units: Units) => units.map(({ remoteLineId, quantity }) => ({ lineId: remoteLineId, quantity }));

function hasTracking(shipment: RemoteShipment, { tracking }: Push): boolean {
  return shipment.tracking.some(
    (shown) =>
      methodText(shown) === methodText(tracking) && shown.number === tracking.number && shown.url === tracking.url,
  );
}

/** Refuses more units than are open. This does not detect repeats; `findOurs` does. */
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
    if (quantity > line.ordered - line.cancelled - taken) throw refused('order', 'cancelled');
  }
}

const refused = (field: string, code: string) => new ChannelError({ kind: 'invalid', field, code });

type Created = { shipment: Pick<RemoteShipment, 'remoteId' | 'state'>; found: boolean };

async function create({ api, ...calls }: ShipmentCalls, push: Push): Promise<Created> {
  const hasCompanion = await calls.hasCompanion();
  const request = { document: createDocument, variables: { input: toInput(push, hasCompanion) } };
  const attempt = await api.attempt({ ...request, answer: z.object({ result: resultSchema }), missing: 'line' });
  const id = 'data' in attempt ? attempt.data.result.id : undefined;
  if (id) return { shipment: { remoteId: id, state: 'pending' }, found: false };
  // The same shipment, sent at the same time, may have taken the reference or the units, so the shop refused this call.
  // Then the fulfillment that is there is ours.
  const existing = findOurs(await calls.readOrder(push.remoteOrderId), push, hasCompanion);
  if (existing && existing.state !== 'voided') return { shipment: existing, found: true };
  if ('fault' in attempt) throw new ChannelError(attempt.fault);
  throw refused('units', refusalCode(attempt.data.result.errorCode));
}

function toInput({ tracking, units, shipmentId }: Push, hasCompanion: boolean) {
  const given = { method: methodText(tracking), trackingCode: tracking.number ?? '' };
  const all = hasCompanion ? { ...given, trackingUrl: tracking.url ?? '', shipmentId } : given;
  return {
    lines: units.map(({ remoteLineId, quantity }) => ({ orderLineId: remoteLineId, quantity })),
    handler: {
      code: hasCompanion ? 'vendor-portals' : 'manual-fulfillment',
      arguments: Object.entries(all).map(([name, value]) => ({ name, value })),
    },
  };
}

/** Vendure answers `ITEMS_ALREADY_FULFILLED_ERROR` to more units than are open, whatever the cause. */
function refusalCode(errorCode = 'unknown'): string {
  if (errorCode === 'ITEMS_ALREADY_FULFILLED_ERROR') return 'too_many_units';
  return errorCode.toLowerCase().replace(/_error$/, '');
}

async function finish(calls: ShipmentCalls, push: Push, { shipment, found }: Created): Promise<Pushed> {
  if (shipment.state === 'pending') await transition(calls.api, shipment.remoteId, 'Shipped').catch(begun);
  return { remoteIds: [shipment.remoteId], found, order: await calls.readOrder(push.remoteOrderId) };
}

/** The fulfillment exists, but is not shipped yet: the next try finishes it, or a void cancels it. */
function begun(error: unknown): never {
  throw error instanceof ChannelError ? new ChannelError(error.fault, { isBegun: true }) : error;
}

async function transition(api: VendureApi, id: string, state: 'Shipped' | 'Cancelled'): Promise<void> {
  const answer = z.object({ result: transitionSchema });
  const variables = { id, state };
  const { result } = await api.call({ document: transitionDocument, variables, answer, missing: 'shipment' });
  const isThere = result.fromState === state || (state === 'Shipped' && result.fromState === 'Delivered');
  if (result.errorCode && !isThere) throw refused('shipment', 'transition_refused');
}

async function correctInPlace({ api }: ShipmentCalls, id: string, { tracking }: Push): Promise<void> {
  const fields = {
    method: methodText(tracking),
    trackingCode: tracking.number ?? '',
    trackingUrl: tracking.url ?? null,
  };
  const variables = { input: { id, ...fields } };
  await api.call({ document: correctDocument, variables, answer: z.unknown(), missing: 'shipment' });
}

/** Idempotent: recognizes the new fulfillment by its number and units, and cancels what is left of the old one first. */
async function replace(calls: ShipmentCalls, push: Push, order: RemoteOrder): Promise<Pushed> {
  const renewed = findMatch(order, push);
  const old = order.shipments.filter(
    ({ remoteId, state }) => push.remoteIds.includes(remoteId) && state !== 'voided' && remoteId !== renewed?.remoteId,
  );
  for (const { remoteId } of old) await transition(calls.api, remoteId, 'Cancelled');
  if (renewed) return finish(calls, push, { shipment: renewed, found: true });
  assertFits(await calls.readOrder(push.remoteOrderId), push.units);
  return finish(calls, push, await create(calls, { ...push, remoteIds: [] }));
}
