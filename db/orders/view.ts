import { unitsAsked, type DeclineReason } from '../../domain/orders/cancel.ts';
import type { PendingEdit } from '../../domain/orders/edit.ts';
import { sideOf, type OrderFilter, type OrderSide, type OrderSort } from '../../domain/orders/list.ts';
import { overallStatusOf, type Address, type Customer, type OrderStatus } from '../../domain/orders/order.ts';
import type { DropshipStatus } from '../../domain/dropships/dropship.ts';
import { attentionOfShipment, type Attention, type OrderAttention } from '../attentions.ts';
import { orderNotFound } from './orders.ts';
import type { Page, PageRequest } from '../engine/paging.ts';
import { readOrderPage } from './list.ts';
import type { Shipment } from '../shipments/shipments.ts';
import type { UnmappedLine } from './unmapped-lines.ts';
import { orderFacts } from './view-statement.ts';
import type { AccountDb } from '../engine/with-account.ts';

type OrderLine = {
  lineId: string;
  remoteLineId: string;
  productId: string | null;
  sku: string;
  name: string;
  quantity: number;
  shipped: number;
  cancelled: number;
  /** Units that are to be cancelled in all, as far as they do not ship first. */
  cancelRequested: number;
  requiresShipping: boolean;
  /** Minor units of the order's currency; null where the channel gave no price, or the merchant does not share it. */
  unitPriceMinor: number | null;
};

/** An order of an account, with everything that is known of it there. */
export type Order = {
  id: string;
  number: string;
  side: OrderSide;
  channelId: string;
  channelName: string;
  /** The merchant of an order that came by a dropship, else the supplier of the last dropship. */
  counterpart: { id?: string; name: string } | null;
  remoteId: string;
  parentId: string | null;
  childIds: string[];
  status: OrderStatus;
  /** Of a parent: from its leaves. */
  overallStatus: OrderStatus;
  placedAt: string;
  createdAt: string;
  /** The promised date. */
  shipBy: string | null;
  printedAt: string | null;
  /** When its personal data were erased. */
  erasedAt: string | null;
  currency: string;
  shipTo: Address;
  billTo: Address | null;
  customer: Customer | null;
  customerNote: string | null;
  internalNote: string | null;
  tags: string[];
  shippingMethod: string | null;
  /** What the shop has paid back so far; on the order that came from the shop, not on its leaves. */
  refundedMinor: number;
  /** While units are asked to be cancelled and have neither shipped nor been cancelled. */
  cancelRequestedAt: string | null;
  /** Of the last request, if the supplier declined it. */
  cancelDeclined: { at: string; reason: DeclineReason } | null;
  /** The dropship an order of a supplier came by. */
  originDropshipId: string | null;
  merchantName: string | null;
  /** When the account accepted the order of that merchant, else its supplier the order; ISO times. */
  acceptedAt: string | null;
  expectedShipAt: string | null;
  via: string[];
  attention: Attention | null;
  /** An edit in its shop since the order was imported, which waits for a decision. */
  pendingEdit: Pick<PendingEdit, 'id' | 'seenAt' | 'changes'> | null;
  lines: OrderLine[];
  /** The order's dropship: the last of them, also after it ended. */
  dropship: {
    id: string;
    status: DropshipStatus;
    supplierId: string;
    supplierName: string;
    supplierOrderId: string | null;
    /** The supplier is getting it right now, or has it. */
    isImporting: boolean;
    acceptedAt: string | null;
    expectedShipAt: string | null;
  } | null;
  shipments: (Shipment & { attention: Attention | null })[];
};

type Derived = 'side' | 'counterpart' | 'shipBy' | 'overallStatus' | 'cancelDeclined' | 'attention' | 'shipments';

/** The stored facts of an order, as `orderFacts` selects them; `toOrder` derives the rest by the rules of domain/. */
export type OrderFacts = {
  order: Omit<Order, Derived | 'pendingEdit'> & { pendingEdit: PendingEdit | null };
  /** Of the leaves of an order that was split; else its own. */
  leafStatuses: OrderStatus[];
  cancelDeclinedAt: string | null;
  cancelDeclinedFor: DeclineReason | null;
  shipments: Shipment[];
  attentions: (OrderAttention & { lines: UnmappedLine[] | null })[];
};

/** @throws DomainError `order_not_found`: absent and foreign look the same */
export async function requireOrder(db: AccountDb, id: string): Promise<Order> {
  const row = await selectFacts(db).where({ 'root.id': id }).first<FactsRow | undefined>();
  if (!row) throw orderNotFound();
  return toOrder(row.facts);
}

type FactsRow = { facts: OrderFacts };
const selectFacts = (db: AccountDb) => db('orders as root').select(db.raw(`${orderFacts} as facts`));

/** @throws DomainError `invalid_cursor` */
export async function listOrders(
  db: AccountDb,
  { sort, ...filter }: OrderFilter & { sort?: OrderSort | undefined },
  page: PageRequest,
): Promise<Page<Order>> {
  const { data, nextCursor } = await readOrderPage<OrderFacts>(db, orderFacts, { filter, sort, page });
  return { data: data.map(toOrder), nextCursor };
}

/** Orders by id, complete, in the order asked for. */
export async function listOrdersByIds(db: AccountDb, ids: readonly string[]): Promise<Order[]> {
  const rows = await selectFacts(db)
    .whereRaw('root.id = any(?)', [ids as string[]])
    .select<FactsRow[]>();
  const orders = new Map(rows.map(({ facts }) => [facts.order.id, toOrder(facts)]));
  return ids.flatMap((id) => orders.get(id) ?? []);
}

export function toOrder(facts: OrderFacts): Order {
  const { order } = facts;
  const { pendingEdit } = order;
  const parked = facts.attentions.map(toAttention);
  const derived: Pick<Order, Derived | 'cancelRequestedAt' | 'pendingEdit'> = {
    side: sideOf(order),
    counterpart: counterpartOf(order),
    shipBy: order.expectedShipAt,
    overallStatus: overallStatusOf(facts.leafStatuses),
    cancelRequestedAt: order.lines.some((line) => unitsAsked(line) > 0) ? order.cancelRequestedAt : null,
    cancelDeclined: declinedOf(facts),
    attention: parked[0] ?? null,
    pendingEdit: pendingEdit && { id: pendingEdit.id, seenAt: pendingEdit.seenAt, changes: pendingEdit.changes },
    shipments: facts.shipments.map((shipment) =>
      Object.assign(shipment, { attention: attentionOfShipment(parked, shipment) }),
    ),
  };
  // The facts are ours alone. A copy of so many fields took a tenth of the whole request.
  return Object.assign(order, derived);
}

function counterpartOf({ originDropshipId, merchantName, dropship }: OrderFacts['order']): Order['counterpart'] {
  if (originDropshipId !== null) return { name: merchantName ?? '' };
  return dropship && { id: dropship.supplierId, name: dropship.supplierName };
}

/** `lines` are absent where there are none. */
const toAttention = ({ lines, ...attention }: OrderFacts['attentions'][number]): OrderAttention =>
  lines === null ? attention : { ...attention, lines };

/** A newer request takes its place. */
function declinedOf(facts: OrderFacts): Order['cancelDeclined'] {
  const { order, cancelDeclinedAt: at, cancelDeclinedFor: reason } = facts;
  const { cancelRequestedAt: requestedAt } = order;
  return at && reason && !(requestedAt && requestedAt > at) ? { at, reason } : null;
}
