import { ProblemError } from '../engine/rest.ts';
import type { CallbackHold } from '../fakes/callback-shop.ts';
import { lookAt, type Lane, type Leaf, type Sku } from './life-world.ts';
import { persistently } from '../trade/stage.ts';
import { anOrderBody, type Company, type OrderAnswer, type ShipmentAnswer } from '../trade/trade.ts';
import { waitUntil } from '../engine/wait-until.ts';

/** What the API has promised in its answers. All of it must be there at the end. */
export type Run = {
  lane: Lane;
  /** Keys of this run's requests begin with it. */
  id: string;
  requests: number;
  rootIds: string[];
  /** The last change of each shipment, and who made it. */
  shipments: Map<string, { owner: Company; trackingNumber: string; voided: boolean }>;
  /** Refused requests with their codes, for the report of a failure. */
  story: string[];
};

/** Refusals that a race, or a state that was read a moment ago, may cause. */
const fair = new Set([
  'nothing_left_to_ship', 'quantity_exceeds_open', 'order_is_split', 'order_cancelled', 'order_shipped',
  'order_dropshipped', 'order_already_imported', 'dropship_not_open', 'dropship_transition_refused', 'no_cancel_requested',
  'tracking_already_recorded', 'split_refused', 'attention_not_found', 'nothing_parked', 'shipment_voided', 'line_not_found',
  'cancel_pending', 'resolution_not_possible', 'lines_not_assigned', 'shipment_not_found', 'cancel_requested',
]); // prettier-ignore

/**
 * Sends a request; with `twice`, two at the same time, which must get the same answer.
 * @returns undefined when it was refused for a reason that a race may cause
 */
async function sent<T>(
  run: Run,
  { what, twice }: { what: string; twice: boolean },
  send: (key: string) => Promise<T>,
): Promise<T | undefined> {
  run.requests += 1;
  const key = `${run.id}-${run.requests}`;
  const ask = () => persistently(() => send(key)).then((value) => ({ value }), (error: unknown) => ({ error })); // prettier-ignore
  const answers = await Promise.all(Array.from({ length: twice ? 2 : 1 }, ask));
  const done = answers.filter((answer): answer is { value: Awaited<T> } => 'value' in answer);
  const [refused] = answers.filter((answer): answer is { error: unknown } => 'error' in answer);
  if (refused && !(refused.error instanceof ProblemError && fair.has(refused.error.problem.code))) throw refused.error;
  if (refused && done.length > 0) throw new Error(`${what}: one of two alike was refused`, { cause: refused.error });
  if (done.length === 2 && idOf(done[0]!.value) !== idOf(done[1]!.value)) throw new Error(`${what}: two answers`);
  run.story.push(refused ? `${what}: ${(refused.error as ProblemError).problem.code}` : what);
  return done[0]?.value;
}

const idOf = (answer: unknown) => (answer as { id?: string } | undefined)?.id;

export type Wish = { twice: boolean; whole: boolean; units: number };
type LinePart = { lineId: string; quantity: number };
type Line = OrderAnswer['lines'][number];

export const left = ({ quantity, shipped, cancelled }: Line) => quantity - shipped - cancelled;
const isOpen = (order: OrderAnswer) => order.status !== 'split' && order.lines.some((line) => left(line) > 0);
const isLiving = ({ order }: Leaf) => order.dropship !== null && !ended.has(order.dropship.status);
const ended = new Set(['cancelled', 'rejected', 'split']);

/** Some open units, or all: `undefined` says so by itself. */
function someOf(order: OrderAnswer, { whole, units }: Wish): LinePart[] | undefined {
  if (whole) return undefined;
  const [line] = order.lines.filter((candidate) => left(candidate) > 0);
  return [{ lineId: line!.id, quantity: Math.min(left(line!), units) }];
}

/** The leaves of one of its orders. */
export async function leavesOf(run: Run, pick: number): Promise<Leaf[]> {
  const rootId = run.rootIds[pick % run.rootIds.length];
  return rootId === undefined ? [] : (await lookAt(run.lane, rootId)).leaves;
}

export async function place(run: Run, lines: { sku: Sku; quantity: number }[], twice: boolean): Promise<void> {
  const { channelId, merchant, skus } = run.lane;
  const body = anOrderBody({ channelId, lines: lines.map(({ sku, quantity }) => ({ sku: skus[sku], quantity })) });
  const order = await sent(run, { what: 'place', twice }, (key) =>
    merchant.rest.post<OrderAnswer>('/orders', body, key),
  );
  run.rootIds.push(order!.id);
}

/** The instant portal imports by itself; that of the second supplier when someone presses Sync. */
export async function release(run: Run): Promise<void> {
  const { suppliers, trades } = run.lane;
  await persistently(() =>
    suppliers[1].rest.post(`/channels/${trades[1].portalId}/sync`, { tasks: ['import_orders'] }),
  );
  run.story.push('release');
}

/** Who has the goods of a leaf: its supplier once it has the order, or the merchant. */
export const holders = (leaves: readonly Leaf[], merchant: Company): { owner: Company; order: OrderAnswer }[] =>
  leaves.flatMap((leaf) => {
    if (!isLiving(leaf)) return isOpen(leaf.order) ? [{ owner: merchant, order: leaf.order }] : [];
    return leaf.supplierOrder && isOpen(leaf.supplierOrder)
      ? [{ owner: leaf.supplier!, order: leaf.supplierOrder }]
      : [];
  });

export async function ship(run: Run, { owner, order }: { owner: Company; order: OrderAnswer }, wish: Wish) {
  const lines = someOf(order, wish);
  const trackingNumber = `1Z${run.id}${run.requests}`;
  const body = { carrier: 'ups', trackingNumber, ...(lines && { lines }) };
  const send = (key: string) => owner.rest.post<ShipmentAnswer>(`/orders/${order.id}/shipments`, body, key);
  const shipment = await sent(run, { what: `ship ${order.number}`, twice: wish.twice }, send);
  if (shipment) run.shipments.set(shipment.id, { owner, trackingNumber, voided: false });
  return shipment?.id;
}

export const recorded = (run: Run) => [...run.shipments].filter(([, { voided }]) => !voided);

export async function correct(run: Run, shipmentId: string, { twice }: Wish): Promise<void> {
  const shipped = run.shipments.get(shipmentId)!;
  const trackingNumber = `1Y${run.id}${run.requests}`;
  const send = (key: string) => shipped.owner.rest.patch(`/shipments/${shipmentId}`, { trackingNumber }, key);
  if (await sent(run, { what: `correct ${shipmentId}`, twice }, send)) shipped.trackingNumber = trackingNumber;
}

export async function voidShipment(run: Run, shipmentId: string, { twice }: Wish): Promise<void> {
  const shipped = run.shipments.get(shipmentId)!;
  const send = (key: string) => shipped.owner.rest.post(`/shipments/${shipmentId}/void`, { reason: 'not_sent' }, key);
  if (await sent(run, { what: `void ${shipmentId}`, twice }, send)) shipped.voided = true;
}

/** One unit apart, the rest together; whoever may split it: the merchant before its supplier has it, then that. */
export async function split(run: Run, leaf: Leaf, { twice }: Wish): Promise<void> {
  const isSuppliers = isLiving(leaf) && leaf.supplierOrder !== null;
  const order = isSuppliers ? leaf.supplierOrder! : leaf.order;
  const owner = isSuppliers ? leaf.supplier! : run.lane.merchant;
  const open = order.lines.filter((line) => left(line) > 0);
  const rest = open.map((line, index) => ({ lineId: line.id, quantity: left(line) - (index === 0 ? 1 : 0) }));
  const groups = [
    { lines: [{ lineId: open[0]!.id, quantity: 1 }] },
    { lines: rest.filter(({ quantity }) => quantity > 0) },
  ];
  const send = (key: string) => owner.rest.post(`/orders/${order.id}/split`, { groups }, key);
  await sent(run, { what: `split ${order.number}`, twice }, send);
}

export const splittable = ({ order }: Leaf): boolean =>
  order.lines.every(({ shipped }) => shipped === 0) && order.lines.reduce((sum, line) => sum + left(line), 0) > 1;

const post = (run: Run, what: string, { owner, path, body, twice }: { owner: Company; path: string; body: object; twice: boolean }) =>
  sent(run, { what, twice }, (key) => owner.rest.post(path, body, key)); // prettier-ignore

export async function cancel(run: Run, { order }: Leaf, wish: Wish): Promise<void> {
  const lines = someOf(order, wish);
  const body = { reason: 'customer_request', ...(lines && { lines }) };
  const path = `/orders/${order.id}/cancel`;
  await post(run, `cancel ${order.number}`, { owner: run.lane.merchant, path, body, twice: wish.twice });
}

type Received = { owner: Company; order: OrderAnswer };
export const received = (leaves: readonly Leaf[]): Received[] =>
  leaves.filter(isLiving).flatMap((leaf) => {
    const { supplier, supplierOrder } = leaf;
    return supplier && supplierOrder && isOpen(supplierOrder) ? [{ owner: supplier, order: supplierOrder }] : [];
  });

export const giveUp = (run: Run, { owner, order }: Received, { twice }: Wish) =>
  post(run, `give up ${order.number}`, { owner, path: `/orders/${order.id}/cancel/accept`, body: { reason: 'customer_request' }, twice }); // prettier-ignore

export const accept = (run: Run, { owner, order }: Received, { twice }: Wish) =>
  post(run, `accept ${order.number}`, { owner, path: `/orders/${order.id}/accept`, body: {}, twice });

export async function reject(run: Run, { owner, order }: Received, wish: Wish): Promise<void> {
  const lines = someOf(order, wish);
  const body = { reason: 'out_of_stock', ...(lines && { lines }) };
  await post(run, `reject ${order.number}`, { owner, path: `/orders/${order.id}/reject`, body, twice: wish.twice });
}

/** To either supplier, also after an earlier dropship of the leaf ended. */
export async function dropshipByHand(run: Run, { order }: Leaf, { twice, whole }: Wish): Promise<void> {
  const { merchant, trades } = run.lane;
  const { supplierId } = trades[whole ? 0 : 1];
  await post(run, `dropship ${order.number}`, { owner: merchant, path: `/orders/${order.id}/dropship`, body: { supplierId }, twice }); // prettier-ignore
}

export const atHome = (leaf: Leaf): boolean =>
  !isLiving(leaf) && leaf.order.status === 'awaiting_fulfillment' && isOpen(leaf.order);

export async function resolve(run: Run, attentionId: string, { twice }: Wish): Promise<void> {
  const body = { action: 'skip', reason: 'handled_by_hand' };
  await post(run, 'resolve', { owner: run.lane.merchant, path: `/attentions/${attentionId}/resolve`, body, twice });
}

/** Until `letGo`, the shop holds its messages back; its answer may say so or not. */
export async function hold({ lane, story }: Run, how: CallbackHold): Promise<void> {
  await lane.shop.hold(lane.callbackUrl, how);
  story.push(`hold ${how}`);
}

/** Changes a shipment while the shop holds the message about it. */
export async function overtake(run: Run, holder: { owner: Company; order: OrderAnswer }, wish: Wish): Promise<void> {
  const { shop, callbackUrl } = run.lane;
  await hold(run, (['lost', 'queued', 'waiting'] as const)[wish.units - 1]!);
  const shipmentId = await ship(run, holder, wish);
  if (shipmentId === undefined) return;
  await waitUntil(async () => (await shop.held(callbackUrl)) > 0, { timeoutMs: 40_000, what: run.story.join(', ') });
  await (wish.whole ? correct : voidShipment)(run, shipmentId, wish);
}

/** Lets the newest held message overtake the earlier ones, or does all of them, the newest first. */
export async function letGo({ lane, story }: Run, { whole }: Pick<Wish, 'whole'>): Promise<void> {
  await lane.shop.letGo(lane.callbackUrl, whole ? 'all' : 'newest');
  story.push(`let go ${whole ? 'all' : 'the newest'}`);
}

/** Lets all dropships reach their supplier, so that the end can be checked. */
export async function allReceived(run: Run): Promise<void> {
  const waiting = async () => {
    const looks = await Promise.all(run.rootIds.map((id) => lookAt(run.lane, id)));
    return looks.flatMap(({ leaves }) => leaves).filter(({ order }) => order.dropship?.status === 'requested');
  };
  await waitUntil(
    async () => {
      const open = await waiting();
      if (open.length > 0) await release(run);
      return open.length === 0;
    },
    { timeoutMs: 40_000, everyMs: 400, what: `no dropship waits for its import: ${run.story.join(', ')}` },
  );
}
