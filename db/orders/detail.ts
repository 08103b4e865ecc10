import { actionsOf, type FamilyLeaf, type PossibleAction } from '../../domain/orders/action.ts';
import { badgeOf, type OrderBadge } from '../../domain/orders/badge.ts';
import { shipperOf, type Shipper } from '../../domain/orders/list.ts';
import { isImported, isLive } from '../../domain/dropships/dropship.ts';
import { endedStatuses } from '../../domain/dropships/dropship.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import { listAttentionsOfOrders, type OrderAttention } from '../attentions.ts';
import { listLabelsOfOrder, type Label } from '../labels/labels.ts';
import { availableAnywhere, availableInWarehouse } from '../stock/availability.ts';
import type { AccountDb } from '../engine/with-account.ts';
import { findEditRefusal } from './apply-edit.ts';
import { isTopOfRemote } from './family.ts';
import { listOrderRows, type OrderRow } from './rows.ts';
import { whyNotRouted } from './routing.ts';
import { requireOrder, type Order } from './view.ts';

/** What a line's product says of it: units that may still be promised, and grams of one unit where they are known. */
type ProductFacts = { available: number; weightGrams: number | null };

/** An order with all that a person needs to decide about it. `products`: by line id. */
export type OrderDetail = {
  order: Order;
  products: ReadonlyMap<string, ProductFacts>;
  badge: OrderBadge;
  shipsFrom: Shipper | null;
  actions: PossibleAction[];
  parent: { id: string; number: string } | null;
  children: OrderRow[];
  labels: Label[];
  /** Of the order, where it has labels. */
  labelAttentions: OrderAttention[];
};

type Facts = {
  products: (ProductFacts & { lineId: string })[];
  parent: { id: string; number: string } | null;
  isWholeOrigin: boolean;
  family: FamilyLeaf[];
};

/** Promised is what may be where the line comes from; of a line that is bound to no warehouse, anywhere. */
const products = `(
  select coalesce(json_agg(json_build_object('lineId', ol.id, 'weightGrams', p.weight_grams, 'available', case
    when ol.warehouse_id is null then ${availableAnywhere}
    else (select ${availableInWarehouse}::float8 from warehouses w
          left join stock s on s.product_id = p.id and s.warehouse_id = w.id where w.id = ol.warehouse_id) end)), '[]')
  from order_lines ol join products p on p.id = ol.product_id where ol.order_id = root.id)`;

const ended = endedStatuses.map((status) => `'${status}'`).join(', ');
/** All leaves of what came by the same dropship, by the supplier's order alone. */
const family = `(
  select coalesce(json_agg(json_build_object(
    'orderId', leaf.id,
    'isDropshipped', exists (select from dropships d where d.order_id = leaf.id and d.status not in (${ended})),
    'lines', (select coalesce(json_agg(json_build_object('quantity', l.quantity, 'shipped', l.shipped,
      'cancelled', l.cancelled, 'cancelRequested', l.cancel_requested)), '[]') from order_lines l where l.order_id = leaf.id))), '[]')
  from orders leaf where leaf.dropship_id = root.dropship_id and leaf.status <> 'split')`;

const facts = `
  select json_build_object(
    'products', ${products},
    'parent', (select json_build_object('id', id, 'number', number) from orders where id = root.parent_id),
    'isWholeOrigin', root.dropship_id is not null and ${isTopOfRemote('root')},
    'family', case when root.dropship_id is null then '[]' else ${family} end) as facts
  from orders root where root.id = :id`;

/** @throws DomainError `order_not_found`: absent and foreign look the same */
export async function readOrderDetail(db: AccountDb, id: string): Promise<OrderDetail> {
  const order = await requireOrder(db, id);
  const { rows } = await db.raw<{ rows: { facts: Facts }[] }>(facts, { id });
  const { products: lines, parent, ...place } = rows[0]!.facts;
  const labels = await listLabelsOfOrder(db, id);
  const [noSupplier, editRefusal] = [await supplierMissing(db, order), await whyEditDoesNotFit(db, order)];
  return {
    order,
    products: new Map(lines.map(({ lineId, ...facts }) => [lineId, facts])),
    badge: badgeOf({ ...order, attentionCode: order.attention?.code ?? null }),
    shipsFrom: shipperOf({ ...order, dropshipStatus: order.dropship?.status ?? null }),
    actions: actionsOf({ ...order, ...place, noSupplier, editRefusal }),
    parent,
    children: await childrenOf(db, order),
    labels,
    labelAttentions: labels.length > 0 && order.attention ? await listAttentionsOfOrders(db, [id]) : [],
  };
}

/** Asked only where the order could go to a supplier at all. */
async function supplierMissing(db: AccountDb, { id, status, dropship }: Order): Promise<ErrorCode | null> {
  if (status !== 'awaiting_fulfillment' || (dropship && isLive(dropship.status))) return null;
  return whyNotRouted(db, id);
}

async function whyEditDoesNotFit(db: AccountDb, order: Order): Promise<ErrorCode | null> {
  const waits = order.dropship !== null && isLive(order.dropship.status) && !isImported(order);
  return order.pendingEdit && waits ? findEditRefusal(db, order) : null;
}

async function childrenOf(db: AccountDb, { childIds }: Order): Promise<OrderRow[]> {
  if (childIds.length === 0) return [];
  const { data } = await listOrderRows(db, { ids: childIds }, { limit: childIds.length });
  return childIds.flatMap((id) => data.find((row) => row.id === id) ?? []);
}
