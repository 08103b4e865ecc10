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
import { orderNotFound } from './orders.ts';
import { orderFacts } from './view-statement.ts';
import { toOrder, type Order, type OrderFacts } from './view.ts';

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

type Place = {
  products: (ProductFacts & { lineId: string })[];
  parent: { id: string; number: string } | null;
  isWholeOrigin: boolean;
  family: FamilyLeaf[];
  /** A product of the order is assigned to a supplier. */
  isAssigned: boolean;
  hasLabels: boolean;
};

/** An order with what one statement reads about its place. */
type PlacedOrder = { order: Order; place: Place };

/** What some orders have besides. */
type More = Pick<OrderDetail, 'children' | 'labels' | 'labelAttentions'> & {
  noSupplier: ErrorCode | null;
  editRefusal: ErrorCode | null;
};

/** Promised is what may be where the line comes from; of a line that is bound to no warehouse, anywhere. */
const productFacts = `(
  select coalesce(json_agg(json_build_object('lineId', ol.id, 'weightGrams', p.weight_grams, 'available', case
    when ol.warehouse_id is null then ${availableAnywhere}
    else (select ${availableInWarehouse}::float8 from warehouses w
          left join stock s on s.product_id = p.id and s.warehouse_id = w.id where w.id = ol.warehouse_id) end)), '[]')
  from order_lines ol join products p on p.id = ol.product_id where ol.order_id = root.id)`;

const ended = endedStatuses.map((status) => `'${status}'`).join(', ');
/** All leaves of what came by the same dropship, by the supplier's order alone. */
const familyFacts = `(
  select coalesce(json_agg(json_build_object(
    'orderId', leaf.id,
    'isDropshipped', exists (select from dropships d where d.order_id = leaf.id and d.status not in (${ended})),
    'lines', (select coalesce(json_agg(json_build_object('quantity', l.quantity, 'shipped', l.shipped,
      'cancelled', l.cancelled, 'cancelRequested', l.cancel_requested)), '[]') from order_lines l where l.order_id = leaf.id))), '[]')
  from orders leaf where leaf.dropship_id = root.dropship_id and leaf.status <> 'split')`;

/** No other product goes to a supplier by hand: see planManual. */
const isAssigned = `exists (
  select from order_lines ol join products p on p.id = ol.product_id and p.fulfillment_type <> 'in_house'
  join product_suppliers ps on ps.product_id = p.id where ol.order_id = root.id)`;

/** What is read of an order's place besides `orderFacts`, as one JSON value: `Place`. About the row `root` of `orders`. */
export const placeFacts = `json_build_object(
  'products', ${productFacts},
  'parent', (select json_build_object('id', id, 'number', number) from orders where id = root.parent_id),
  'isWholeOrigin', root.dropship_id is not null and ${isTopOfRemote('root')},
  'family', case when root.dropship_id is null then '[]' else ${familyFacts} end,
  'isAssigned', ${isAssigned},
  'hasLabels', exists (select from labels where order_id = root.id))`;

const statement = `select ${orderFacts} as facts, ${placeFacts} as place from orders root where root.id = ?`;

/** In one statement. @throws DomainError `order_not_found`: absent and foreign look the same */
export async function readPlacedOrder(db: AccountDb, id: string): Promise<PlacedOrder> {
  const { rows } = await db.raw<{ rows: { facts: OrderFacts; place: Place }[] }>(statement, [id]);
  if (!rows[0]) throw orderNotFound();
  return { order: toOrder(rows[0].facts), place: rows[0].place };
}

/** Whether `readMore` would find anything. Most orders have nothing more. */
export const hasMore = ({ order, place }: PlacedOrder): boolean =>
  place.hasLabels || order.childIds.length > 0 || isToAssign({ order, place }) || hasEditToCheck(order);

/** What is not read of all orders: labels, leaves, and why a supplier or an edit is refused. */
export async function readMore(db: AccountDb, { order, place }: PlacedOrder): Promise<More> {
  const labels = place.hasLabels ? await listLabelsOfOrder(db, order.id) : [];
  return {
    labels,
    labelAttentions: labels.length > 0 && order.attention ? await listAttentionsOfOrders(db, [order.id]) : [],
    children: await childrenOf(db, order),
    noSupplier: isToAssign({ order, place }) ? await whyNotRouted(db, order.id) : null,
    editRefusal: hasEditToCheck(order) ? await findEditRefusal(db, order) : null,
  };
}

/** @param more left out where the order has nothing more */
export function toDetail({ order, place }: PlacedOrder, more?: More): OrderDetail {
  const { products, parent, isWholeOrigin, family } = place;
  const { id, status, overallStatus, parentId, originDropshipId, dropship, lines, pendingEdit } = order;
  const { cancelRequestedAt, acceptedAt } = order;
  const known = { id, status, parentId, originDropshipId, dropship, lines, pendingEdit };
  const { children = [], labels = [], labelAttentions = [], editRefusal = null } = more ?? {};
  const noSupplier = more?.noSupplier ?? (isOpenForSuppliers(order) && !place.isAssigned ? 'lines_not_assigned' : null);
  return {
    order,
    products: new Map(products.map((facts) => [facts.lineId, facts])),
    badge: badgeOf({ overallStatus, attentionCode: order.attention?.code ?? null, cancelRequestedAt, acceptedAt }),
    shipsFrom: shipperOf({ status, overallStatus, dropshipStatus: dropship?.status ?? null }),
    actions: withoutStacks(() => actionsOf({ ...known, isWholeOrigin, family, noSupplier, editRefusal })),
    parent,
    children,
    labels,
    labelAttentions,
  };
}

/** Most actions are refused. The stack of an error that is only read for its code costs more than all else here. */
function withoutStacks<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } catch {
    // A bug, which gets its stack.
    Error.stackTraceLimit = stackTraceLimit;
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const isOpenForSuppliers = ({ status, dropship }: Order): boolean =>
  status === 'awaiting_fulfillment' && !(dropship && isLive(dropship.status));

/** Only then a supplier could get the order, or be refused. */
const isToAssign = ({ order, place: { isAssigned: some } }: PlacedOrder): boolean => some && isOpenForSuppliers(order);

/** The edit of an order whose supplier is to import it, and has not yet. */
const hasEditToCheck = (order: Order): boolean =>
  order.pendingEdit !== null && order.dropship !== null && isLive(order.dropship.status) && !isImported(order);

async function childrenOf(db: AccountDb, { childIds }: Order): Promise<OrderRow[]> {
  if (childIds.length === 0) return [];
  const { data } = await listOrderRows(db, { ids: childIds }, { limit: childIds.length });
  return childIds.flatMap((id) => data.find((row) => row.id === id) ?? []);
}
