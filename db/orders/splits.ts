import type { Actor } from '../../domain/account.ts';
import { assertDropshipMayBecome } from '../../domain/dropships/dropship.ts';
import { leafNumber, type SplitGroup } from '../../domain/orders/order.ts';
import { merged } from '../../domain/shipments/shipment.ts';
import { requireDropship } from '../dropships/dropships.ts';
import { derivedId, newId } from '../engine/ids.ts';
import { closeStepAttention } from '../attentions.ts';
import { insertOrderEvent } from './events.ts';
import { findReceivedOrder, forgetPromise, refreshStatus } from './orders.ts';
import { refreshShopCancel } from './shop-cancel-attention.ts';
import type { AccountDb } from '../engine/with-account.ts';

/**
 * Units of a line of the parent. `id`: of the new line; `remoteLineId`: the channel's id of the new line, where it is not
 * the remote id of the parent's line.
 */
type LeafLine = { id: string; lineId: string; quantity: number; remoteLineId?: string };
/** `dropshipId`: set where the leaf comes by another dropship than its parent. To the portal it is then another order. */
type NewLeaf = { id: string; number: string; dropshipId?: string; lines: readonly LeafLine[] };

const copiedOfOrders =
  'channel_id, placed_at, currency, ship_to, bill_to, customer, customer_note, internal_note, tags, shipping_method, content_hash, merchant_name, via, cancel_requested_at, accepted_at, expected_ship_at';
const copiedOfLines =
  'product_id, remote_product_id, sku, name, requires_shipping, unit_price_minor, unit_cost_minor, warehouse_id, reserved_version, supplier_reserved_version';

/**
 * A leaf copies its parent's facts and remote ids: trackings find their way back by them. Its lines hold their units in
 * the same warehouse as the parent's lines, which `becomeParent` releases, so that no stock changes. Units of a line that
 * are asked to be cancelled go to the leaf; the caller does not divide such lines. Units that the shop cancelled go to the
 * first leaves that have units of their line.
 */
export async function insertLeaf(db: AccountDb, parentId: string, leaf: NewLeaf): Promise<void> {
  const { id, number, dropshipId = null, lines } = leaf;
  await db.raw(
    `insert into orders (account_id, id, number, parent_id, status, remote_id, dropship_id, ${copiedOfOrders})
     select account_id, :id, :number, id, 'awaiting_fulfillment', coalesce(:dropshipId::text, remote_id),
            coalesce(:dropshipId::text, dropship_id), ${copiedOfOrders} from orders where id = :parentId`,
    { id, number, dropshipId, parentId },
  );
  await db.raw(
    `with leaf as (
       select * from jsonb_to_recordset(:lines::jsonb) as x("newId" text, "lineId" text, units int, "newRemoteLineId" text)),
     taken as (
       update order_lines l set cancelled_in_shop = greatest(l.cancelled, l.cancelled_in_shop - leaf.units),
              let_ship = greatest(0, l.let_ship - leaf.units)
       from leaf where l.id = leaf."lineId" and l.order_id = :parentId)
     insert into order_lines (account_id, id, order_id, position, quantity, cancel_requested, cancelled_in_shop, let_ship,
                              remote_line_id, ${copiedOfLines})
     select account_id, leaf."newId", :id, position, leaf.units, greatest(0, least(leaf.units, cancel_requested - cancelled)),
            greatest(0, least(leaf.units, cancelled_in_shop - cancelled)), least(leaf.units, let_ship),
            coalesce(leaf."newRemoteLineId", remote_line_id), ${copiedOfLines}
     from leaf join order_lines l on l.id = leaf."lineId" and l.order_id = :parentId`,
    {
      id,
      parentId,
      lines: JSON.stringify(
        lines.map((line) => ({
          newId: line.id,
          lineId: line.lineId,
          units: line.quantity,
          newRemoteLineId: line.remoteLineId,
        })),
      ),
    },
  );
}

/** From now on the order is only shown; its leaves hold the units. */
export async function becomeParent(
  db: AccountDb,
  split: { orderId: string; leafIds: readonly string[]; actor: Actor; dropshipId?: string },
): Promise<void> {
  const { orderId, leafIds, actor, dropshipId } = split;
  await db('orders').where({ id: orderId }).update({ status: 'split' });
  // Its leaves have it now, and each may lose it by itself.
  await forgetPromise(db, orderId);
  await db('order_lines').where({ order_id: orderId }).update({ warehouse_id: null });
  // Its leaves raise it again.
  await closeStepAttention(db, { orderId, step: 'cancel', action: 'retry', actor });
  const data = { orderIds: leafIds, ...(dropshipId !== undefined && { dropshipId }) };
  await insertOrderEvent(db, { orderId, type: 'order_split', actor, data });
}

/**
 * Splits a leaf that no supplier has. The caller holds its row lock and has checked the groups.
 * @returns the leaves, in the order of the groups
 */
export async function splitInHouse(
  db: AccountDb,
  split: { order: { id: string; number: string }; groups: readonly SplitGroup[]; actor: Actor },
): Promise<string[]> {
  const { order, groups, actor } = split;
  const leaves = groups.map((group, index) => ({
    id: newId('order'),
    number: leafNumber(order.number, index + 1),
    lines: merged(group).map((line) => ({ ...line, id: newId('line') })),
  }));
  for (const leaf of leaves) {
    await insertLeaf(db, order.id, leaf);
    await refreshStatus(db, leaf.id);
  }
  const leafIds = leaves.map(({ id }) => id);
  await becomeParent(db, { orderId: order.id, leafIds, actor });
  return leafIds;
}

/** The split of a dropship makes pairs of orders, one in each account. Each pair has a dropship of its own. */
export type SplitChild = { dropshipId: string; merchantOrderId: string; supplierOrderId: string };

/** The ids of the n-th child: derived, so that both accounts' halves agree and are found again (law 5). */
export function childOf(dropshipId: string, position: number): SplitChild {
  const part = `${position}`;
  return {
    dropshipId: derivedId('dropship', dropshipId, part),
    merchantOrderId: derivedId('order', dropshipId, part, 'merchant'),
    supplierOrderId: derivedId('order', dropshipId, part, 'supplier'),
  };
}

/** The id of a line of the child's order, derived from the merchant's line. */
export const lineOfChild = (child: SplitChild, side: 'merchant' | 'supplier', lineId: string): string =>
  derivedId('line', child.dropshipId, side, lineId);

/** Leaves of a supplier's order which came by dropships of their own, by number; `units` by remote line id. */
export type SplitLeaf = { orderId: string; dropshipId: string; units: { lineId: string; quantity: number }[] };

/** The leaves that the supplier's half of a split made; none where it was not made. */
export async function listSplitLeaves(db: AccountDb, dropshipId: string): Promise<SplitLeaf[]> {
  const orderId = await findReceivedOrder(db, dropshipId);
  if (orderId === undefined) return [];
  const { rows } = await db.raw<{ rows: SplitLeaf[] }>(
    `select o.id as "orderId", o.dropship_id as "dropshipId",
            (select json_agg(json_build_object('lineId', l.remote_line_id, 'quantity', l.quantity) order by l.position)
             from order_lines l where l.order_id = o.id) as units
     from orders o where o.parent_id = :orderId and o.dropship_id <> :dropshipId
     order by length(o.number), o.number`,
    { orderId, dropshipId },
  );
  return rows;
}

/** A split of the dropship's order gives each leaf a dropship with the same supplier and status. */
export async function insertChildDropship(
  db: AccountDb,
  child: { id: string; ofDropshipId: string; orderId: string; supplierOrderId: string | null },
): Promise<void> {
  const { id, ofDropshipId, orderId, supplierOrderId } = child;
  await db.raw(
    `insert into dropships (account_id, id, order_id, supplier_id, connection_id, status, supplier_order_id, import_claimed_at,
                            import_signalled_at, accepted_at, expected_ship_at)
     select account_id, :id, :orderId, supplier_id, connection_id, status, :supplierOrderId,
            case when status <> 'requested' then import_claimed_at end, case when status <> 'requested' then now() end, accepted_at, expected_ship_at
     from dropships where id = :ofDropshipId`,
    { id, orderId, supplierOrderId, ofDropshipId },
  );
  await refreshStatus(db, orderId);
  await refreshShopCancel(db, { orderId, action: 'skip', actor: { kind: 'system', id } });
}

/** Ends the dropship; its children have its units. @throws DomainError `dropship_transition_refused` */
export async function endAsSplit(db: AccountDb, dropshipId: string): Promise<void> {
  const { status } = await requireDropship(db, dropshipId);
  assertDropshipMayBecome('split', status);
  await db('dropships').where({ id: dropshipId }).update({ status: 'split', ended_at: db.fn.now() });
}
