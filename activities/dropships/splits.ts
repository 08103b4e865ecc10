import type { Actor } from '../../domain/account.ts';
import { assertDivisible, assertInHouse } from '../../domain/dropships/splits.ts';
import { DomainError } from '../../domain/errors.ts';
import { leafNumber, type SplitGroup } from '../../domain/orders/order.ts';
import { merged, type ShipmentLine } from '../../domain/shipments/shipment.ts';
import { requireDropship } from '../../db/dropships/dropships.ts';
import { assertUnclaimed } from '../../db/dropships/imports.ts';
import { storeAnswer } from '../../db/engine/idempotency.ts';
import { insertOrderEvent } from '../../db/orders/events.ts';
import { listOrdersByIds, requireOrder, type Order } from '../../db/orders/view.ts';
import { findReceivedOrder, lockOrder } from '../../db/orders/orders.ts';
import {
  becomeParent,
  childOf,
  endAsSplit,
  insertChildDropship,
  insertLeaf,
  lineOfChild,
  listSplitLeaves,
  type SplitChild,
  type SplitLeaf,
} from '../../db/orders/splits.ts';
import { readInAccount, withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import type { Deps } from '../deps.ts';
import { assertNotReceived } from './import.ts';
import { partiesOf, type Parties } from '../owners.ts';
import { startDropships } from './start.ts';
import type { SplitOrderInput } from '../../workflows/messages.ts';

type DropshipId = { dropshipId: string };
/** `groups` by the merchant's line ids: all open units, each in one group. */
export type DropshipSplit = DropshipId & { groups: readonly SplitGroup[]; actor: Actor };
/** More work in the transaction that makes one side's half of the split. It runs once, after the leaves are inserted. */
export type AtHalf = (db: AccountDb, children: readonly SplitChild[]) => Promise<void>;

export const createSplitActivities = (deps: Deps) => ({
  splitBeforeImport: (input: SplitOrderInput & DropshipId) => splitBeforeImport(deps, input),
  splitAtSupplier: async (input: SplitOrderInput & DropshipId) => {
    await splitAtSupplier(deps, input, (db, children) =>
      storeAnswerOfSplit(db, children.map(({ supplierOrderId }) => supplierOrderId), input.key),
    ); // prettier-ignore
  },
  relaySplit: (input: DropshipId) => relaySplit(deps, input),
});

/**
 * The supplier's half: its order becomes the parent of leaves that have dropships of their own. Idempotent.
 * @throws DomainError `order_is_split`, `order_cancelled`, `order_shipped`, `order_dropshipped`, `cancel_pending`,
 *   `split_refused`, `line_not_found`, `dropship_not_open`
 */
export async function splitAtSupplier(
  deps: Deps,
  { dropshipId, groups, actor }: DropshipSplit,
  besides: AtHalf = noMore,
): Promise<SplitChild[]> {
  const { pool } = deps;
  const parties = await partiesOf(pool, dropshipId);
  const { supplierId } = parties;
  const children = groups.map((_, index) => childOf(dropshipId, index + 1));
  const made = await readInAccount(pool, supplierId, (db) => listSplitLeaves(db, dropshipId));
  if (made.length > 0) return children;
  await assertMerchantAgrees(deps, parties, groups);
  await withAccount(pool, supplierId, async (db) => {
    const order = await lockReceived(db, dropshipId);
    if ((await listSplitLeaves(db, dropshipId)).length > 0) return;
    assertInHouse(order);
    const lineOf = (lineId: string) => order.lines.find((line) => line.remoteLineId === lineId)?.lineId ?? lineId;
    const own = groups.map((group) => group.map((part) => ({ ...part, lineId: lineOf(part.lineId) })));
    assertDivisible(order, own);
    for (const [index, child] of children.entries())
      await insertSupplierLeaf(db, { order, child, position: index + 1, units: merged(own[index]!) });
    const leafIds = children.map(({ supplierOrderId }) => supplierOrderId);
    await becomeParent(db, { orderId: order.id, leafIds, actor, dropshipId });
    await besides(db, children);
  });
  deps.crashPoint('split.supplier-committed');
  return children;
}

const noMore: AtHalf = () => Promise.resolve();

/**
 * Refuses a split that the merchant's leaf does not allow, before the supplier is written. Only this workflow writes the
 * leaf (law 3), so the answer still holds when the merchant's half is made. Units that the shop shipped itself fit into
 * no leaf; a void that is not relayed yet makes the split wait.
 */
async function assertMerchantAgrees(
  { pool }: Deps,
  { dropship, merchantId }: Parties,
  groups: readonly SplitGroup[],
): Promise<void> {
  assertDivisible(await readInAccount(pool, merchantId, (db) => requireOrder(db, dropship.orderId)), groups);
}

async function lockReceived(db: AccountDb, dropshipId: string): Promise<Order> {
  const orderId = await findReceivedOrder(db, dropshipId);
  if (orderId === undefined) throw new DomainError('dropship_not_open', 'The supplier does not have the order.');
  await lockOrder(db, orderId);
  return requireOrder(db, orderId);
}

async function insertSupplierLeaf(
  db: AccountDb,
  leaf: { order: Order; child: SplitChild; position: number; units: readonly ShipmentLine[] },
): Promise<void> {
  const { order, child, position, units } = leaf;
  const { supplierOrderId: id, dropshipId } = child;
  const lines = units.map(({ lineId, quantity }) => {
    const { remoteLineId } = order.lines.find((line) => line.lineId === lineId)!;
    return {
      id: lineOfChild(child, 'supplier', remoteLineId),
      lineId,
      quantity,
      remoteLineId: lineOfChild(child, 'merchant', remoteLineId),
    };
  });
  await insertLeaf(db, order.id, { id, number: leafNumber(order.number, position), dropshipId, lines });
}

/**
 * The merchant's half: its leaf becomes a parent of the same leaves as the supplier has now. Then it starts the dropship
 * of each pair. Idempotent.
 */
export async function relaySplit(deps: Deps, { dropshipId }: DropshipId, besides: AtHalf = noMore): Promise<void> {
  const { pool } = deps;
  const { dropship, merchantId, supplierId } = await partiesOf(pool, dropshipId);
  const leaves = await readInAccount(pool, supplierId, (db) => listSplitLeaves(db, dropshipId));
  const children = leaves.map((_, index) => childOf(dropshipId, index + 1));
  await withAccount(pool, merchantId, async (db) => {
    await lockOrder(db, dropship.orderId);
    if ((await requireDropship(db, dropshipId)).status === 'split') return;
    const order = await requireOrder(db, dropship.orderId);
    const pairs = children.map((child, index) => ({ child, units: unitsOfPair(order, child, leaves[index]!) }));
    assertDivisible(order, pairs.map(({ units }) => units)); // prettier-ignore
    await divide(db, { order, dropshipId, pairs, actor: { kind: 'supplier', id: dropship.supplierId } });
    await besides(db, children);
  });
  deps.crashPoint('split.merchant-committed');
  await startDropships(deps, merchantId, children.map((child) => child.dropshipId)); // prettier-ignore
}

/** A supplier's leaf by the merchant's line ids. Its remote line ids are those that the merchant's leaf will have. */
const unitsOfPair = ({ lines }: Order, child: SplitChild, leaf: SplitLeaf): ShipmentLine[] =>
  leaf.units.map(({ lineId, quantity }) => {
    const line = lines.find((own) => lineOfChild(child, 'merchant', own.lineId) === lineId);
    return { lineId: line?.lineId ?? lineId, quantity };
  });

type Division = DropshipId & { order: Order; pairs: { child: SplitChild; units: readonly ShipmentLine[] }[]; actor: Actor }; // prettier-ignore

/** Makes the merchant's leaves, each with a dropship in the status of the old one. */
async function divide(db: AccountDb, { dropshipId, order, pairs, actor }: Division): Promise<void> {
  const { supplierOrderId } = await requireDropship(db, dropshipId);
  for (const [index, { child, units }] of pairs.entries()) {
    const orderId = child.merchantOrderId;
    const lines = units.map((unit) => ({ ...unit, id: lineOfChild(child, 'merchant', unit.lineId) }));
    await insertLeaf(db, order.id, { id: orderId, number: leafNumber(order.number, index + 1), lines });
    await insertChildDropship(db, {
      id: child.dropshipId,
      ofDropshipId: dropshipId,
      orderId,
      supplierOrderId: supplierOrderId === null ? null : child.supplierOrderId,
    });
  }
  const leafIds = pairs.map(({ child }) => child.merchantOrderId);
  await becomeParent(db, { orderId: order.id, leafIds, actor, dropshipId });
  await endAsSplit(db, dropshipId);
}

/**
 * Splits the merchant's leaf before the supplier has the order: each part gets a new dropship. Idempotent.
 * @throws DomainError `dropship_transition_refused` when the supplier has the order, and as `splitAtSupplier`
 */
async function splitBeforeImport(deps: Deps, input: SplitOrderInput & DropshipId): Promise<void> {
  const { pool } = deps;
  const { dropshipId, groups, actor, key } = input;
  const { dropship, merchantId, supplierId } = await partiesOf(pool, dropshipId);
  const children = groups.map((_, index) => childOf(dropshipId, index + 1));
  await assertNotReceived(deps, supplierId, dropshipId);
  await withAccount(pool, merchantId, async (db) => {
    await lockOrder(db, dropship.orderId);
    if ((await requireDropship(db, dropshipId)).status === 'split') return;
    await assertUnclaimed(db, dropshipId);
    const order = await requireOrder(db, dropship.orderId);
    assertOwnWaiting(order, dropshipId);
    assertDivisible(order, groups);
    const pairs = children.map((child, index) => ({ child, units: merged(groups[index]!) }));
    await divide(db, { order, dropshipId, pairs, actor });
    for (const child of children) await noteRequested(db, child, { supplierId: dropship.supplierId, actor });
    await storeAnswerOfSplit(db, children.map(({ merchantOrderId }) => merchantOrderId), key); // prettier-ignore
  });
  deps.crashPoint('split.merchant-committed');
  await startDropships(deps, merchantId, children.map((child) => child.dropshipId)); // prettier-ignore
}

/** The order waits for its import by this dropship. One that came through a portal is split by its own supplier only. */
function assertOwnWaiting(order: Order, dropshipId: string): void {
  const { dropship } = order;
  if (order.originDropshipId !== null) assertInHouse(order);
  if (dropship?.id === dropshipId && dropship.status === 'requested') return;
  throw new DomainError('dropship_not_open', 'The dropship does not wait for its import any more.');
}

const noteRequested = (
  db: AccountDb,
  { merchantOrderId: orderId, dropshipId }: SplitChild,
  { supplierId, actor }: { supplierId: string; actor: Actor },
) => insertOrderEvent(db, { orderId, type: 'dropship_requested', actor, data: { dropshipId, supplierId } });

/** Stores the request's answer, the new orders, in the transaction of its effect (law 1). */
async function storeAnswerOfSplit(
  db: AccountDb,
  orderIds: readonly string[],
  key: SplitOrderInput['key'],
): Promise<void> {
  if (key) await storeAnswer(db, { ...key, status: 201, answer: await listOrdersByIds(db, orderIds) });
}
