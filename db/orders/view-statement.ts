import { isoTime } from '../engine/iso-time.ts';
import { downFrom } from './family.ts';
import { isUnmapped } from './unmapped-lines.ts';

/** Rows as an array of JSON. @param from all that follows FROM */
const listOf = (object: string, { from, orderBy }: { from: string; orderBy: string }) =>
  `(select coalesce(json_agg(${object} order by ${orderBy}), '[]') from ${from})`;

/** Only an order that was split has a family: the walk is left out for all others. */
export const ifSplit = (sql: string, otherwise: string) =>
  `case when root.status = 'split' then ${sql} else ${otherwise} end`;

export const childIds = ifSplit(
  listOf('child.id', {
    from: 'orders child where child.parent_id = root.id',
    orderBy: 'length(child.number), child.number',
  }),
  `'[]'`,
);

export const leafStatuses = ifSplit(
  `(select coalesce(json_agg(leaf.status), '[]') from ${downFrom('o.id = root.id')} f
    join orders leaf on leaf.id = f.id and leaf.status <> 'split')`,
  'json_build_array(root.status)',
);

const lines = listOf(
  `json_build_object(
    'lineId', l.id, 'remoteLineId', l.remote_line_id, 'productId', l.product_id, 'sku', l.sku, 'name', l.name,
    'quantity', l.quantity, 'shipped', l.shipped, 'cancelled', l.cancelled, 'cancelRequested', l.cancel_requested,
    'requiresShipping', l.requires_shipping, 'unitPriceMinor', l.unit_price_minor)`,
  { from: 'order_lines l where l.order_id = root.id', orderBy: 'l.position' },
);

const lastDropship = `(
  select json_build_object(
    'id', d.id, 'status', d.status, 'supplierId', d.supplier_id,
    'supplierName', (select name from suppliers where account_id = d.account_id and id = d.supplier_id), 'supplierOrderId', d.supplier_order_id,
    'isImporting', d.import_claimed_at is not null, 'acceptedAt', ${isoTime('d.accepted_at')},
    'expectedShipAt', ${isoTime('d.expected_ship_at')})
  from dropships d where d.order_id = root.id order by d.created_at desc, d.id desc limit 1)`;

const shipmentLines = listOf(`json_build_object('lineId', sl.line_id, 'quantity', sl.quantity)`, {
  from: 'shipment_lines sl where sl.shipment_id = s.id',
  orderBy: 'sl.line_id',
});

const shipments = listOf(
  `json_build_object(
    'id', s.id, 'orderId', s.order_id, 'dropshipId', s.dropship_id, 'method', s.method, 'carrier', s.carrier,
    'carrierName', s.carrier_name, 'trackingNumber', s.tracking_number, 'trackingUrl', s.tracking_url,
    'service', s.service, 'shippedAt', ${isoTime('s.shipped_at')}, 'lines', ${shipmentLines}, 'status', s.status,
    'labelCost', case when s.label_cost_minor is not null
      then json_build_object('amount', s.label_cost_minor, 'currency', s.label_cost_currency) end,
    'revision', s.revision, 'voidReason', s.void_reason, 'remoteIds', s.remote_ids,
    'relayedAt', ${isoTime('s.relayed_at')}, 'pushedAt', ${isoTime('s.pushed_at')},
    'confirmedAt', ${isoTime('s.confirmed_at')}, 'createdAt', ${isoTime('s.created_at')})`,
  { from: 'shipments s where s.order_id = root.id', orderBy: 's.created_at, s.id' },
);

/** @see listUnmappedLines */
const unmappedLines = `(
  select json_agg(json_build_object(
    'orderId', l.order_id, 'lineId', l.id, 'remoteLineId', l.remote_line_id, 'remoteProductId', l.remote_product_id,
    'sku', l.sku, 'name', l.name) order by length(leaf.number), leaf.number, l.position)
  from ${downFrom('o.id = a.order_id')} f
  join orders leaf on leaf.id = f.id and leaf.status <> 'split'
  join order_lines l on l.order_id = leaf.id and ${isUnmapped('l')})`;

const attentions = listOf(
  `json_build_object(
    'id', a.id, 'accountId', a.account_id, 'orderId', a.order_id, 'listingId', a.listing_id,
    'dropshipId', a.dropship_id, 'channelId', a.channel_id, 'workflowId', a.workflow_id, 'step', a.step,
    'code', a.code, 'since', ${isoTime('a.since')}, 'shipmentId', a.shipment_id,
    'lines', case when a.code = 'unmapped_sku' then ${unmappedLines} end)`,
  { from: 'attentions a where a.order_id = root.id and a.resolved_at is null', orderBy: 'a.since, a.id' },
);

export const channelName = `(select name from channels where account_id = root.account_id and id = root.channel_id)`;

const ownColumns = `json_build_object(
  'id', root.id, 'number', root.number, 'channelId', root.channel_id, 'channelName', ${channelName},
  'remoteId', root.remote_id,
  'parentId', root.parent_id, 'childIds', ${childIds}, 'status', root.status,
  'placedAt', ${isoTime('root.placed_at')}, 'createdAt', ${isoTime('root.created_at')},
  'printedAt', ${isoTime('root.printed_at')}, 'erasedAt', ${isoTime('root.erased_at')}, 'currency', root.currency,
  'shipTo', root.ship_to, 'billTo', root.bill_to, 'customer', root.customer, 'customerNote', root.customer_note,
  'internalNote', root.internal_note, 'tags', root.tags, 'shippingMethod', root.shipping_method,
  'refundedMinor', root.refunded_minor, 'cancelRequestedAt', ${isoTime('root.cancel_requested_at')},
  'originDropshipId', root.dropship_id, 'merchantName', root.merchant_name,
  'acceptedAt', ${isoTime('root.accepted_at')}, 'expectedShipAt', ${isoTime('root.expected_ship_at')},
  'via', root.via, 'pendingEdit', root.pending_edit, 'lines', ${lines}, 'dropship', ${lastDropship})`;

/**
 * All that is stored of an order, as one JSON value: `OrderFacts` of db/orders/view.ts. So a page of orders is one
 * statement. It is about the row `root` of `orders`.
 */
export const orderFacts = `json_build_object(
  'order', ${ownColumns}, 'leafStatuses', ${leafStatuses},
  'cancelDeclinedAt', ${isoTime('root.cancel_declined_at')}, 'cancelDeclinedFor', root.cancel_declined_for,
  'shipments', ${shipments}, 'attentions', ${attentions})`;
