import type { CallbackEntry } from '../fakes/callback-shop.ts';
import { left, type Run } from './life-commands.ts';
import { lookAt, shelf, type Lane, type Leaf } from './life-world.ts';
import type { Company, OrderAnswer, ShipmentAnswer } from '../trade/trade.ts';

type Line = OrderAnswer['lines'][number];
const live = new Set(['requested', 'imported', 'accepted', 'partially_shipped']);
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/**
 * All faults once no work is under way any more, in words; empty when all is right. It compares with the API's promises
 * and counts units. It does not use the rules of the product's code.
 */
export async function faultsOf(run: Run): Promise<string[]> {
  const { lane } = run;
  const looks = await Promise.all(run.rootIds.map((id) => lookAt(lane, id)));
  const leaves = looks.flatMap((look) => look.leaves);
  // A voided shipment may be on an order that has been split since.
  const orders = looks.flatMap(({ family }) => family);
  const ledger = await lane.shop.ledger();
  const shown = shownInShop(ledger);
  const faults = [
    ...looks.flatMap(({ family }) => family.flatMap((order) => lineFaults(order, family))),
    ...leaves.flatMap((leaf) => sideFaults(run, leaf)),
    ...orders.flatMap((order) => order.shipments.flatMap((shipment) => shopFaults(order, shipment, shown))),
    ...promiseFaults(run, orders),
    ...wordFaults(ledger),
  ];
  if (faults.length > 0) return faults;
  return [...(await stockFaults(lane)), ...(await workflowFaults(run, leaves))];
}

/** No unit appears or is lost: on a line, in its shipments, and by splits. */
function lineFaults(order: OrderAnswer, family: readonly OrderAnswer[]): string[] {
  const children = family.filter(({ parentId }) => parentId === order.id);
  const unitsIn = (orders: readonly OrderAnswer[], remoteLineId: string) =>
    sum(
      orders.flatMap(({ lines }) =>
        lines.filter((line) => line.remoteLineId === remoteLineId).map((line) => line.quantity),
      ),
    );
  return order.lines.flatMap((line) => {
    const name = `${order.number} ${line.sku}`;
    const { quantity, shipped, cancelled } = line;
    const inShipments = sum(shipmentsOf(order).map((shipment) => unitsOf(shipment, line.id)));
    const whole = unitsIn(children, line.remoteLineId);
    return [
      ...(shipped < 0 || cancelled < 0 || shipped + cancelled > quantity ? [`${name}: ${quantity}/${shipped}/${cancelled}`] : []),
      ...(shipped !== inShipments ? [`${name}: shipped ${shipped}, in shipments ${inShipments}`] : []),
      ...(children.length > 0 && whole !== quantity - cancelled ? [`${name}: split into ${whole} of ${quantity - cancelled}`] : []),
    ];
  }).concat(statusFault(order, children)); // prettier-ignore
}

function statusFault(order: OrderAnswer, children: readonly OrderAnswer[]): string[] {
  const { lines, status, number } = order;
  if (children.length > 0) return status === 'split' ? [] : [`${number}: is ${status} and has children`];
  const hasShipped = lines.some(({ shipped }) => shipped > 0);
  const isDropshipped = live.has(order.dropship?.status ?? '');
  const open = hasShipped ? 'partially_shipped' : isDropshipped ? 'dropship_requested' : 'awaiting_fulfillment';
  const due = lines.every((line) => left(line) === 0) ? (hasShipped ? 'shipped' : 'cancelled') : open;
  return status === due ? [] : [`${number}: is ${status}, should be ${due}`];
}

const shipmentsOf = ({ shipments }: OrderAnswer) => shipments.filter((shipment) => shipment.status === 'recorded');
const unitsOf = ({ lines }: ShipmentAnswer, lineId: string) =>
  sum(lines.filter((line) => line.lineId === lineId).map(({ quantity }) => quantity));

/** Both accounts say the same of what they share. */
function sideFaults(run: Run, { order, supplierOrder, supplier }: Leaf): string[] {
  const { dropship, number } = order;
  if (dropship === null) return [];
  const dropshipDue = dueOf(order, dropship.status);
  const own =
    dropshipDue === dropship.status ? [] : [`${number}: its dropship is ${dropship.status}, should be ${dropshipDue}`];
  const isShared = dropship.status !== 'requested' && supplierOrder !== null;
  if (!isShared) return dropship.status === 'requested' || dropship.status === 'cancelled' || dropship.status === 'split' ? own : [...own, `${number}: the supplier has nothing`]; // prettier-ignore
  if (dropship.status === 'rejected' || dropship.status === 'split') return supplierOrder.lines.some((line) => left(line) > 0 && supplierOrder.status !== 'split') ? [`${number}: rejected, open there`] : own; // prettier-ignore
  const mine = (theirs: Line) => order.lines.find(({ id }) => id === theirs.remoteLineId)!;
  const units = supplierOrder.lines.flatMap((theirs) => {
    const line = mine(theirs);
    const [one, other] = [
      `${left(line)} open, ${line.shipped} shipped`,
      `${left(theirs)} open, ${theirs.shipped} shipped`,
    ];
    return one === other ? [] : [`${number} ${line.sku}: here ${one}; there ${other}`];
  });
  const word = (allShipments: readonly ShipmentAnswer[]) =>
    allShipments.map(({ id, trackingNumber, ...rest }) => `${id} ${trackingNumber} ${rest.status}`).sort().join(); // prettier-ignore
  const isThere = ({ id }: ShipmentAnswer) => supplierOrder.shipments.some((shipment) => shipment.id === id);
  // A voided shipment may be older than the dropship, or belong to a rejected one.
  const shared = order.shipments.filter(
    (shipment) =>
      run.shipments.get(shipment.id)?.owner === supplier && (shipment.status === 'recorded' || isThere(shipment)),
  );
  const [here, there] = [word(shared), word(supplierOrder.shipments)];
  return [...own, ...units, ...(here === there ? [] : [`${number}: shipments here ${here}; there ${there}`])];
}

function dueOf({ lines }: OrderAnswer, status: string): string {
  if (!live.has(status) && status !== 'shipped') return status;
  const hasShipped = lines.some(({ shipped }) => shipped > 0);
  if (lines.every((line) => left(line) === 0)) return hasShipped ? 'shipped' : 'cancelled';
  if (hasShipped) return 'partially_shipped';
  return status === 'partially_shipped' || status === 'shipped' ? 'imported or accepted' : status;
}

type Shown = { created: number; trackingNumber: string; isVoided: boolean };

/** Each shipment as the shop knows it: from its ledger, in the order of the revisions. */
function shownInShop(ledger: readonly CallbackEntry[]): Map<string, Shown> {
  const shown = new Map<string, Shown>();
  const done = ledger.filter(({ outcome }) => outcome === 'done');
  const sent = done.flatMap(({ message }) => (message?.['shipmentId'] === undefined ? [] : [message]));
  for (const message of sent.sort((one, other) => Number(one['revision']) - Number(other['revision']))) {
    const id = message['shipmentId'] as string;
    const before = shown.get(id)?.created ?? 0;
    const created = before + (message['type'] === 'shipment.pushed' ? 1 : 0);
    const isVoided = message['type'] === 'shipment.voided';
    shown.set(id, { created, trackingNumber: message['trackingNumber'] as string, isVoided });
  }
  return shown;
}

/** A repeated message has the same content: the shop may have done either of them. */
function wordFaults(ledger: readonly CallbackEntry[]): string[] {
  const words = new Map<string, string>();
  return ledger.flatMap(({ webhookId, message }) => {
    const word = JSON.stringify(message);
    const first = words.get(webhookId) ?? word;
    words.set(webhookId, first);
    return first === word ? [] : [`${webhookId}: sent as ${first}, and as ${word}`];
  });
}

/** The shop has one fulfillment per shipment, with its last tracking; none, or a cancelled one, for a voided shipment. */
function shopFaults({ number }: OrderAnswer, shipment: ShipmentAnswer, shown: ReadonlyMap<string, Shown>): string[] {
  const { id, trackingNumber, confirmedAt } = shipment;
  const known = shown.get(id);
  const isVoid = shipment.status === 'voided';
  if (isVoid) return known && !known.isVoided ? [`${number} ${id}: void here, not in the shop`] : [];
  if (!known || confirmedAt === null) return [`${number} ${id}: not in the shop, or not confirmed`];
  return [
    ...(known.created === 1 ? [] : [`${number} ${id}: ${known.created} fulfillments`]),
    ...(known.isVoided ? [`${number} ${id}: void in the shop`] : []),
    ...(known.trackingNumber === trackingNumber ? [] : [`${number} ${id}: the shop shows ${known.trackingNumber}`]),
  ];
}

/** Each change that the API confirmed is there. */
function promiseFaults({ shipments: allShipments }: Run, orders: readonly OrderAnswer[]): string[] {
  const there = new Map(
    orders.flatMap(({ shipments }) => shipments.map((shipment) => [shipment.id, shipment] as const)),
  );
  const promised = [...allShipments].flatMap(([id, { trackingNumber, voided }]) => {
    const shipment = there.get(id);
    if (!shipment) return [`${id}: lost`];
    const isVoid = shipment.status === 'voided';
    return [
      ...(shipment.trackingNumber === trackingNumber
        ? []
        : [`${id}: has ${shipment.trackingNumber}, not ${trackingNumber}`]),
      ...(isVoid === voided ? [] : [`${id}: ${shipment.status}, against what was said`]),
    ];
  });
  return [
    ...promised,
    ...[...there.keys()].filter((id) => !allShipments.has(id)).map((id) => `${id}: nobody recorded it`),
  ];
}

type Level = { sku: string; physicalOnHand: number; committed: number; warehouseName: string };

/** Over all orders of a supplier: units that left its stock have shipped, and committed units are open. */
async function stockFaults({ suppliers }: Lane): Promise<string[]> {
  const faults = await Promise.all(suppliers.map(async (supplier) => {
    const { data: levels } = await supplier.rest.get<{ data: Level[] }>('/stock?limit=200');
    const lines = (await allOrders(supplier)).filter(({ status }) => status !== 'split').flatMap((order) => order.lines);
    const of = (sku: string, units: (line: Line) => number) => sum(lines.filter((line) => line.sku === sku).map(units));
    return levels.filter(({ warehouseName }) => warehouseName === 'Main').flatMap(({ sku, physicalOnHand, committed }) => {
      const [shipped, open] = [of(sku, (line) => line.shipped), of(sku, left)];
      const isRight = physicalOnHand === shelf - shipped && committed === open;
      return isRight ? [] : [`${sku}: ${physicalOnHand} on hand with ${shipped} shipped, ${committed} committed with ${open} open`];
    });
  })); // prettier-ignore
  return faults.flat();
}

async function allOrders({ rest }: Company): Promise<OrderAnswer[]> {
  const orders: OrderAnswer[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { data: OrderAnswer[]; nextCursor: string | null } = await rest.get(
      `/orders?limit=200${cursor && `&cursor=${cursor}`}`,
    );
    orders.push(...page.data);
    cursor = page.nextCursor;
  }
  return orders;
}

/** A dropship that goes on has a workflow that runs, and no other has one. */
async function workflowFaults({ lane }: Run, leaves: readonly Leaf[]): Promise<string[]> {
  const dropships = leaves.flatMap(({ order }) => (order.dropship ? [order.dropship] : []));
  const faults = dropships.map(async ({ id, status }) => {
    const { status: state } = await lane.client.workflow.getHandle(`dropship/${id}`).describe();
    const due = live.has(status) ? 'RUNNING' : 'COMPLETED';
    return state.name === due ? [] : [`dropship ${id}: ${status}, its workflow ${state.name}`];
  });
  return (await Promise.all(faults)).flat();
}
