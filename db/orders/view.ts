import { unitsAsked, type DeclineReason } from '../../domain/orders/cancel.ts';
import type { PendingEdit } from '../../domain/orders/edit.ts';
import { overallStatusOf, type Address, type Customer, type OrderStatus } from '../../domain/orders/order.ts';
import type { DropshipStatus } from '../../domain/dropships/dropship.ts';
import { attentionOfShipment, listAttentionsOfOrders, type Attention } from '../attentions.ts';
import { downFrom } from './family.ts';
import { orderNotFound } from './orders.ts';
import { readPage, type Page, type PageRequest } from '../engine/paging.ts';
import { listShipmentsOfOrders, type Shipment } from '../shipments/shipments.ts';
import { withLines } from './unmapped-lines.ts';
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
  channelId: string;
  remoteId: string;
  parentId: string | null;
  childIds: string[];
  status: OrderStatus;
  /** Of a parent: from its leaves. */
  overallStatus: OrderStatus;
  placedAt: string;
  createdAt: string;
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
  /** When the account accepted the order of that merchant, and when it expects to ship; ISO times. */
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
    supplierOrderId: string | null;
    /** The supplier is getting it right now, or has it. */
    isImporting: boolean;
    acceptedAt: string | null;
    expectedShipAt: string | null;
  } | null;
  shipments: (Shipment & { attention: Attention | null })[];
};

type OrderRow = {
  id: string;
  number: string;
  channel_id: string;
  remote_id: string;
  parent_id: string | null;
  status: OrderStatus;
  placed_at: Date;
  created_at: Date;
  currency: string;
  ship_to: Address;
  bill_to: Address | null;
  customer: Customer | null;
  customer_note: string | null;
  internal_note: string | null;
  tags: string[];
  shipping_method: string | null;
  refunded_minor: string;
  cancel_requested_at: Date | null;
  cancel_declined_at: Date | null;
  cancel_declined_for: DeclineReason | null;
  dropship_id: string | null;
  merchant_name: string | null;
  accepted_at: Date | null;
  expected_ship_at: Date | null;
  via: string[];
  pending_edit: PendingEdit | null;
};
const orderColumns = [
  'id', 'number', 'channel_id', 'remote_id', 'parent_id', 'status', 'placed_at', 'created_at', 'currency', 'ship_to',
  'bill_to', 'customer', 'customer_note', 'internal_note', 'tags', 'shipping_method', 'refunded_minor', 'cancel_requested_at',
  'cancel_declined_at', 'cancel_declined_for',
  'dropship_id', 'merchant_name', 'accepted_at', 'expected_ship_at', 'via', 'pending_edit',
]; // prettier-ignore

type LineRow = {
  id: string;
  order_id: string;
  remote_line_id: string;
  product_id: string | null;
  sku: string;
  name: string;
  quantity: number;
  shipped: number;
  cancelled: number;
  cancel_requested: number;
  requires_shipping: boolean;
  unit_price_minor: string | null;
};

/** @throws DomainError `order_not_found`: absent and foreign look the same */
export async function requireOrder(db: AccountDb, id: string): Promise<Order> {
  const row = await db('orders').where({ id }).first<OrderRow | undefined>(orderColumns);
  if (!row) throw orderNotFound();
  const [order] = await complete(db, [row]);
  return order!;
}

type OrderFilter = {
  status?: OrderStatus | undefined;
  channelId?: string | undefined;
  number?: string | undefined;
  placedAfter?: string | undefined;
  attention?: boolean | undefined;
  remoteId?: string | undefined;
};

export async function listOrders(db: AccountDb, filter: OrderFilter, page: PageRequest): Promise<Page<Order>> {
  const query = db('orders').select(orderColumns);
  if (filter.status !== undefined) void query.where({ status: filter.status });
  if (filter.channelId !== undefined) void query.where({ channel_id: filter.channelId });
  if (filter.number !== undefined) void query.where({ number: filter.number });
  if (filter.remoteId !== undefined) void query.where({ remote_id: filter.remoteId });
  if (filter.placedAfter !== undefined) void query.where('placed_at', '>', filter.placedAfter);
  if (filter.attention === true) {
    void query.whereIn('id', db('attentions').whereNull('resolved_at').select('order_id'));
  }
  const rows = await readPage<OrderRow, OrderRow>(
    query,
    { ...page, column: 'created_at', idColumn: 'id' },
    (row) => row,
  );
  return { data: await complete(db, rows.data), nextCursor: rows.nextCursor };
}

/** Orders by id, complete, in the order asked for. */
export async function listOrdersByIds(db: AccountDb, ids: readonly string[]): Promise<Order[]> {
  const rows = await db('orders').whereIn('id', ids).select<OrderRow[]>(orderColumns);
  const orders = await complete(db, rows);
  return ids.flatMap((id) => orders.find((order) => order.id === id) ?? []);
}

async function complete(db: AccountDb, rows: readonly OrderRow[]): Promise<Order[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const lines = await db('order_lines').whereIn('order_id', ids).orderBy('position').select<LineRow[]>(
    'id', 'order_id', 'remote_line_id', 'product_id', 'sku', 'name', 'quantity', 'shipped', 'cancelled', 'cancel_requested',
    'requires_shipping', 'unit_price_minor',
  ); // prettier-ignore
  const children = await db('orders')
    .whereIn('parent_id', ids)
    .orderByRaw('length(number), number')
    .select<{ id: string; parent_id: string }[]>('id', 'parent_id');
  const leaves = await listLeaves(db, ids);
  const dropships = await db('dropships')
    .whereIn('order_id', ids)
    .orderBy('created_at')
    .select<DropshipRow[]>(dropshipColumns);
  const shipments = await listShipmentsOfOrders(db, ids);
  const attentions = await withLines(db, await listAttentionsOfOrders(db, ids));
  return rows.map((row) => {
    const ownLines = lines.filter((line) => line.order_id === row.id).map(toLine);
    return {
      ...toOrder(row),
      cancelRequestedAt: ownLines.some((line) => unitsAsked(line) > 0) ? toIso(row.cancel_requested_at) : null,
      childIds: children.filter((child) => child.parent_id === row.id).map((child) => child.id),
      overallStatus: overallStatusOf(leaves.filter((leaf) => leaf.root_id === row.id).map((leaf) => leaf.status)),
      attention: attentions.find((attention) => attention.orderId === row.id) ?? null,
      lines: ownLines,
      dropship: toDropship(dropships.filter((dropship) => dropship.order_id === row.id).at(-1)),
      shipments: shipments
        .filter((shipment) => shipment.orderId === row.id)
        .map((shipment) => ({ ...shipment, attention: attentionOfShipment(attentions, shipment) })),
    };
  });
}

/** The leaves of orders: of an order that is not split, itself. */
async function listLeaves(
  db: AccountDb,
  rootIds: readonly string[],
): Promise<{ root_id: string; status: OrderStatus }[]> {
  const { rows } = await db.raw<{ rows: { root_id: string; status: OrderStatus }[] }>(
    `select f.root_id, leaf.status from ${downFrom('o.id = any(:rootIds)')} f
     join orders leaf on leaf.id = f.id and leaf.status <> 'split'`,
    { rootIds },
  );
  return rows;
}

type DropshipRow = {
  id: string;
  order_id: string;
  status: DropshipStatus;
  supplier_id: string;
  supplier_order_id: string | null;
  import_claimed_at: Date | null;
  accepted_at: Date | null;
  expected_ship_at: Date | null;
};
const dropshipColumns = [
  'id', 'order_id', 'status', 'supplier_id', 'supplier_order_id', 'import_claimed_at', 'accepted_at', 'expected_ship_at',
]; // prettier-ignore

function toDropship(row: DropshipRow | undefined): Order['dropship'] {
  if (!row) return null;
  return {
    id: row.id,
    status: row.status,
    supplierId: row.supplier_id,
    supplierOrderId: row.supplier_order_id,
    isImporting: row.import_claimed_at !== null,
    acceptedAt: toIso(row.accepted_at),
    expectedShipAt: toIso(row.expected_ship_at),
  };
}

type Added = 'childIds' | 'overallStatus' | 'attention' | 'lines' | 'dropship' | 'shipments' | 'cancelRequestedAt';
type BareOrder = Omit<Order, Added>;

const toIso = (time: Date | null): string | null => time?.toISOString() ?? null;

/** A newer request takes its place. */
function declinedOf(row: OrderRow): Order['cancelDeclined'] {
  const { cancel_requested_at: requestedAt, cancel_declined_at: at, cancel_declined_for: reason } = row;
  return at && reason && !(requestedAt && requestedAt > at) ? { at: at.toISOString(), reason } : null;
}

function toOrder(row: OrderRow): BareOrder {
  return {
    id: row.id,
    number: row.number,
    channelId: row.channel_id,
    remoteId: row.remote_id,
    parentId: row.parent_id,
    status: row.status,
    placedAt: row.placed_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    currency: row.currency,
    shipTo: row.ship_to,
    billTo: row.bill_to,
    customer: row.customer,
    customerNote: row.customer_note,
    internalNote: row.internal_note,
    tags: row.tags,
    shippingMethod: row.shipping_method,
    refundedMinor: Number(row.refunded_minor),
    cancelDeclined: declinedOf(row),
    originDropshipId: row.dropship_id,
    merchantName: row.merchant_name,
    acceptedAt: toIso(row.accepted_at),
    expectedShipAt: toIso(row.expected_ship_at),
    via: row.via,
    pendingEdit: toPendingEdit(row.pending_edit),
  };
}

const toPendingEdit = (edit: PendingEdit | null): Order['pendingEdit'] =>
  edit && { id: edit.id, seenAt: edit.seenAt, changes: edit.changes };

const toLine = (row: LineRow): OrderLine => ({
  lineId: row.id,
  remoteLineId: row.remote_line_id,
  productId: row.product_id,
  sku: row.sku,
  name: row.name,
  quantity: row.quantity,
  shipped: row.shipped,
  cancelled: row.cancelled,
  cancelRequested: row.cancel_requested,
  requiresShipping: row.requires_shipping,
  unitPriceMinor: row.unit_price_minor === null ? null : Number(row.unit_price_minor),
});
