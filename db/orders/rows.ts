import { badgeOf, type OrderBadge } from '../../domain/orders/badge.ts';
import {
  shipperOf,
  sideOf,
  type OrderFilter,
  type OrderSide,
  type OrderSort,
  type Shipper,
} from '../../domain/orders/list.ts';
import { overallStatusOf, type OrderStatus } from '../../domain/orders/order.ts';
import type { DropshipStatus } from '../../domain/dropships/dropship.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import { isoTime } from '../engine/iso-time.ts';
import type { Page, PageRequest } from '../engine/paging.ts';
import type { AccountDb } from '../engine/with-account.ts';
import { downFrom } from './family.ts';
import { readOrderPage } from './list.ts';
import { channelName, childIds, ifSplit, leafStatuses } from './view-statement.ts';

type Stored = {
  id: string;
  number: string;
  channelId: string;
  channelName: string;
  shipTo: { name: string | null; city: string | null; province: string | null; country: string | null };
  firstLine: { sku: string; name: string; quantity: number };
  lines: number;
  /** Units ordered; of those, units that have neither shipped nor been cancelled; of a parent on its leaves. */
  units: number;
  openUnits: number;
  shippingMethod: string | null;
  placedAt: string;
  createdAt: string;
  expectedShipAt: string | null;
  acceptedAt: string | null;
  printedAt: string | null;
  status: OrderStatus;
  attentionCode: ErrorCode | null;
  hasPendingEdit: boolean;
  hasNote: boolean;
  parentId: string | null;
  childIds: string[];
};

type Facts = Stored & {
  leafStatuses: OrderStatus[];
  originDropshipId: string | null;
  merchantName: string | null;
  cancelRequestedAt: string | null;
  isCancelAsked: boolean;
  dropship: { status: DropshipStatus; supplierId: string; supplierName: string } | null;
};

/** An order in short: what a list shows of it. Times are ISO. */
export type OrderRow = Stored & {
  side: OrderSide;
  /** The merchant of an order that came by a dropship, else the supplier of the last dropship. */
  counterpart: { id?: string; name: string } | null;
  shipsFrom: Shipper | null;
  dropshipStatus: DropshipStatus | null;
  /** While open units are asked to be cancelled. */
  cancelRequestedAt: string | null;
  overallStatus: OrderStatus;
  badge: OrderBadge;
};

const openUnits = (from: string) => `(select coalesce(sum(l.quantity - l.shipped - l.cancelled), 0)::int from ${from})`;

const leafUnits = `${downFrom('o.id = root.id')} f join orders leaf on leaf.id = f.id and leaf.status <> 'split'
  join order_lines l on l.order_id = leaf.id`;

/** Of the lines at once: `sums` of `rowFacts`. */
const lineSums = `
  select count(*)::int as lines, coalesce(sum(l.quantity), 0)::int as units,
         coalesce(bool_or(l.cancel_requested > l.cancelled and l.shipped + l.cancelled < l.quantity), false) as asked,
         (array_agg(json_build_object('sku', l.sku, 'name', l.name, 'quantity', l.quantity) order by l.position))[1] as first
  from order_lines l where l.order_id = root.id`;

const lastDropship = `(
  select json_build_object('status', d.status, 'supplierId', d.supplier_id,
    'supplierName', (select name from suppliers where account_id = d.account_id and id = d.supplier_id))
  from dropships d where d.order_id = root.id order by d.created_at desc, d.id desc limit 1)`;

/** What is stored of an order in short, as one JSON value: `Facts`. About the row `root` of `orders`. */
const rowFacts = `(
  select json_build_object(
    'id', root.id, 'number', root.number, 'channelId', root.channel_id, 'channelName', ${channelName},
    'shipTo', json_build_object('name', root.ship_to ->> 'name', 'city', root.ship_to ->> 'city',
      'province', root.ship_to ->> 'province', 'country', root.ship_to ->> 'country'),
    'firstLine', sums.first, 'lines', sums.lines, 'units', sums.units,
    'openUnits', ${ifSplit(openUnits(leafUnits), openUnits('order_lines l where l.order_id = root.id'))},
    'shippingMethod', root.shipping_method, 'placedAt', ${isoTime('root.placed_at')},
    'createdAt', ${isoTime('root.created_at')}, 'expectedShipAt', ${isoTime('root.expected_ship_at')},
    'acceptedAt', ${isoTime('root.accepted_at')}, 'printedAt', ${isoTime('root.printed_at')}, 'status', root.status,
    'attentionCode', (select a.code from attentions a where a.order_id = root.id and a.resolved_at is null
                      order by a.since, a.id limit 1),
    'hasPendingEdit', root.pending_edit is not null, 'hasNote', root.customer_note is not null,
    'parentId', root.parent_id, 'childIds', ${childIds}, 'leafStatuses', ${leafStatuses},
    'originDropshipId', root.dropship_id, 'merchantName', root.merchant_name,
    'cancelRequestedAt', ${isoTime('root.cancel_requested_at')}, 'isCancelAsked', sums.asked, 'dropship', ${lastDropship})
  from (${lineSums}) sums)`;

/** As `listOrders`, in short. @throws DomainError `invalid_cursor` */
export async function listOrderRows(
  db: AccountDb,
  { sort, ...filter }: OrderFilter & { sort?: OrderSort | undefined },
  page: PageRequest,
): Promise<Page<OrderRow>> {
  const { data, nextCursor } = await readOrderPage<Facts>(db, rowFacts, { filter, sort, page });
  return { data: data.map(toRow), nextCursor };
}

function toRow(facts: Facts): OrderRow {
  const { leafStatuses: leaves, originDropshipId, merchantName, isCancelAsked, dropship, ...stored } = facts;
  const overallStatus = overallStatusOf(leaves);
  const cancelRequestedAt = isCancelAsked ? facts.cancelRequestedAt : null;
  const dropshipStatus = dropship?.status ?? null;
  const supplier = dropship && { id: dropship.supplierId, name: dropship.supplierName };
  return {
    ...stored,
    side: sideOf({ originDropshipId }),
    counterpart: originDropshipId === null ? supplier : { name: merchantName ?? '' },
    shipsFrom: shipperOf({ ...stored, overallStatus, dropshipStatus }),
    dropshipStatus,
    cancelRequestedAt,
    overallStatus,
    badge: badgeOf({ ...stored, overallStatus, cancelRequestedAt }),
  };
}
