import { z } from 'zod';
import { isSameNumber, type Tracking } from '../../../domain/shipments/shipment.ts';
import { ChannelError, type Push, type Pushed, type RemoteOrder, type RemoteShipment, type Units } from '../channel.ts';
import { documents } from './documents.ts';
import { heldBy, planOf, readOpenOrders } from './open-units.ts';
import { refused } from './parse.ts';
import { getOrder, type OrderCalls } from './read-orders.ts';
import { companyOf } from './tracking.ts';

const errorsSchema = z.array(z.object({}));
const resultSchema = z.object({ result: z.object({ userErrors: errorsSchema }) });
const createdSchema = z.object({
  result: z.object({ fulfillment: z.object({ id: z.string() }).nullable(), userErrors: errorsSchema }),
});

/**
 * Ships the units from all locations that have them, by one fulfillment each. Idempotent: what an earlier try made is found,
 * and only the rest is made.
 */
export async function pushShipment(calls: OrderCalls, push: Push): Promise<Pushed> {
  const order = await getOrder(calls, push.remoteOrderId);
  const { ours, missing } = findOurs(order, push);
  if (missing.length === 0) return { remoteIds: idsOf(ours), found: true, order };
  const isVoided = order.shipments.some((one) => !isLive(one) && push.remoteIds.includes(one.remoteId));
  if (isVoided) throw new ChannelError({ kind: 'gone', what: 'shipment' });
  assertFits(order, missing);
  return create(calls, push, { ours, missing });
}

/** Corrects each fulfillment of the shipment in place. */
export async function correctTracking(calls: OrderCalls, push: Push): Promise<Pushed> {
  const order = await getOrder(calls, push.remoteOrderId);
  const { ours } = findOurs(order, push);
  if (ours.length === 0 && push.remoteIds.length > 0) throw new ChannelError({ kind: 'gone', what: 'shipment' });
  if (ours.length === 0) return pushShipment(calls, push);
  const tracking = toTrackingInput(push.tracking);
  for (const { remoteId } of ours.filter((one) => !hasTracking(one, push.tracking))) {
    const variables = { id: remoteId, tracking, notify: push.notifyBuyer };
    const { result } = await calls.call({ document: documents.correctTracking, variables, answer: resultSchema });
    if (result.userErrors.length > 0) throw refused('shipment', 'refused');
  }
  return readBack(calls, push, { remoteIds: idsOf(ours), found: true });
}

/** Cancels each fulfillment of the shipment. A shipment that never arrived, or is voided already, is no fault. */
export async function voidShipment(calls: OrderCalls, push: Push): Promise<Pushed> {
  const order = await getOrder(calls, push.remoteOrderId);
  const { ours } = findOurs(order, push);
  const known = idsOf(order.shipments.filter(({ remoteId }) => push.remoteIds.includes(remoteId)));
  if (ours.length === 0) return { remoteIds: known, found: known.length > 0, order };
  for (const { remoteId } of ours) {
    const request = { document: documents.cancelFulfillment, variables: { id: remoteId }, answer: resultSchema };
    const { result } = await calls.call(request);
    if (result.userErrors.length > 0) await assertVoided(calls, push.remoteOrderId, remoteId);
  }
  return readBack(calls, push, { remoteIds: idsOf(ours), found: true });
}

const isLive = ({ state }: RemoteShipment): boolean => state !== 'voided';
const idsOf = (shipments: readonly RemoteShipment[]): string[] => shipments.map(({ remoteId }) => remoteId);

const unitsOf = (units: Units, lineId: string): number =>
  units.filter(({ remoteLineId }) => remoteLineId === lineId).reduce((sum, { quantity }) => sum + quantity, 0);

/**
 * Shopify stores no reference of ours, and a shipment from two locations is two fulfillments. So ours are those that we know,
 * and those with our number whose units are a part of ours.
 */
function findOurs(order: RemoteOrder, push: Push): { ours: RemoteShipment[]; missing: Units } {
  const isKnown = ({ remoteId }: RemoteShipment) => push.remoteIds.includes(remoteId);
  const live = order.shipments.filter(isLive);
  const ours = live.filter(isKnown);
  let missing = ours.reduce((left, { units }) => without(left, units), push.units);
  for (const one of live) {
    if (isKnown(one) || push.taken.includes(one.remoteId) || one.units.length === 0) continue;
    const isPart = one.units.every(({ remoteLineId, quantity }) => quantity <= unitsOf(missing, remoteLineId));
    if (!isPart || !one.tracking.some((shown) => isMatch(shown, push.tracking))) continue;
    ours.push(one);
    missing = without(missing, one.units);
  }
  return { ours, missing };
}

const without = (units: Units, taken: Units): Units =>
  units
    .map(({ remoteLineId, quantity }) => ({ remoteLineId, quantity: quantity - unitsOf(taken, remoteLineId) }))
    .filter(({ quantity }) => quantity > 0);

/** Without a number the company must be ours, so that a clerk's own fulfillment is not taken for it. */
const isMatch = (shown: Tracking, sent: Tracking): boolean =>
  sent.number === null
    ? shown.number === null && companyOf(shown) === companyOf(sent)
    : isSameNumber(shown.number, sent.number);

/** Shopify adds an address where we send none. */
const hasTracking = ({ tracking }: RemoteShipment, sent: Tracking): boolean =>
  tracking.some(
    (shown) =>
      shown.number === sent.number &&
      companyOf({ ...shown, ...addressOf(sent) }) === companyOf(sent) &&
      (sent.url === undefined || shown.url === sent.url),
  );

const addressOf = ({ url }: Tracking): { url?: string } => (url === undefined ? {} : { url });

function toTrackingInput(tracking: Tracking) {
  const { number, url } = tracking;
  return { company: companyOf(tracking), ...(number !== null && { number }), ...(url !== undefined && { url }) };
}

/** Refuses more units than are open. This does not detect repeats; `findOurs` does. */
function assertFits(order: RemoteOrder, units: Units): void {
  if (order.state === 'cancelled') throw refused('order', 'cancelled');
  if (order.state === 'waiting') throw refused('order', 'not_paid');
  const live = order.shipments.filter(isLive);
  for (const { remoteLineId, quantity } of units) {
    const line = order.lines.find((candidate) => candidate.remoteLineId === remoteLineId);
    if (!line) throw new ChannelError({ kind: 'gone', what: 'line' });
    const taken = live.reduce((sum, one) => sum + unitsOf(one.units, remoteLineId), 0);
    if (quantity > line.ordered - taken) throw refused('units', 'too_many_units');
    if (quantity > line.ordered - line.cancelled - taken) throw refused('order', 'cancelled');
  }
}

/** One call for each location. The shop may have done a part when a later call fails. */
async function create(
  calls: OrderCalls,
  push: Push,
  { ours, missing }: { ours: RemoteShipment[]; missing: Units },
): Promise<Pushed> {
  const open = await readOpenOrders(calls.call, push.remoteOrderId);
  const plan = planOf(open, missing);
  if (plan.left.length > 0) return madeMeanwhile(calls, push, () => heldBy(open, plan.left));
  const made: string[] = [];
  for (const lineItemsByFulfillmentOrder of plan.calls) {
    const fulfillment = {
      lineItemsByFulfillmentOrder,
      notifyCustomer: push.notifyBuyer,
      trackingInfo: toTrackingInput(push.tracking),
    };
    const request = { document: documents.createFulfillment, variables: { fulfillment }, answer: createdSchema };
    const isBegun = ours.length + made.length > 0;
    const { result } = await calls.call(request).catch((error: unknown) => fail(error, isBegun));
    if (!result.fulfillment)
      return madeMeanwhile(calls, push, () => refused('units', 'refused')).catch((error: unknown) =>
        fail(error, isBegun),
      );
    made.push(result.fulfillment.id);
  }
  return readBack(calls, push, { remoteIds: [...idsOf(ours), ...made], found: false });
}

function fail(error: unknown, isBegun: boolean): never {
  throw error instanceof ChannelError && isBegun ? new ChannelError(error.fault, { isBegun }) : error;
}

/**
 * The units were open when we looked, and are not any more. The same shipment, sent at the same time, may have shipped them;
 * then its fulfillments are ours.
 */
async function madeMeanwhile(calls: OrderCalls, push: Push, otherwise: () => ChannelError): Promise<Pushed> {
  const order = await getOrder(calls, push.remoteOrderId);
  const { ours, missing } = findOurs(order, push);
  if (missing.length === 0) return { remoteIds: idsOf(ours), found: true, order };
  assertFits(order, missing);
  throw otherwise();
}

/** The refusals of fulfillments have no code: whether one is void shows by reading it. */
async function assertVoided(calls: OrderCalls, orderId: string, remoteId: string): Promise<void> {
  const { shipments } = await getOrder(calls, orderId);
  if (shipments.some((one) => one.remoteId === remoteId && isLive(one))) throw refused('shipment', 'refused');
}

const readBack = async (calls: OrderCalls, push: Push, done: Omit<Pushed, 'order'>): Promise<Pushed> => ({
  ...done,
  order: await getOrder(calls, push.remoteOrderId),
});
