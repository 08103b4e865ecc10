import type { OrderStatus } from '../../domain/orders/order.ts';
import { endedStatuses } from '../../domain/dropships/dropship.ts';
import type { OrderToPack } from '../../domain/paper/packing.ts';
import type { AccountDb } from '../engine/with-account.ts';
import { isoTime } from '../engine/iso-time.ts';
import { upFrom } from '../orders/family.ts';

/** An order as paper shows it, and whose brand it has. */
export type OrderToPrint = OrderToPack & {
  status: OrderStatus;
  /** The dropship that has not ended: its supplier packs. */
  dropshipId: string | null;
  supplierName: string | null;
  /** Of an order that came by a dropship. */
  merchant: { accountId: string; name: string } | null;
};

const ended = endedStatuses.map((status) => `'${status}'`).join(', ');

const lines = `(
  select coalesce(json_agg(json_build_object(
    'lineId', l.id, 'sku', l.sku, 'name', l.name, 'bin', p.bin, 'quantity', l.quantity, 'shipped', l.shipped,
    'cancelled', l.cancelled, 'requiresShipping', l.requires_shipping, 'unitPriceMinor', l.unit_price_minor)
    order by l.position), '[]')
  from order_lines l left join products p on p.id = l.product_id where l.order_id = root.id)`;

/** Labels that the account bought itself, or with a lent account: a lender's row is about the supplier's parcel. */
const labels = `(
  select coalesce(json_agg(json_build_object(
    'labelId', b.id, 'documentId', stored.id, 'lines', b.content -> 'lines', 'isRecorded', b.status = 'recorded',
    'wasPrinted', exists (select from order_events e where e.order_id = root.id and e.type = 'label_printed'
                          and e.data ->> 'labelId' = b.id and e.data ->> 'readOnly' is null)) order by b.created_at, b.id), '[]')
  from labels b
  left join documents stored on stored.id = b.document_id and (stored.expires_at is null or stored.expires_at > now())
  where b.order_id = root.id and b.status in ('bought', 'recorded') and not b.is_return and b.lent_to is null)`;

const dropship = `
  from orders root left join dropships d on d.order_id = root.id and d.status not in (${ended})
  left join suppliers s on s.id = d.supplier_id`;

const facts = `json_build_object(
  'order', json_build_object(
    'id', root.id, 'number', root.number, 'placedAt', ${isoTime('root.placed_at')}, 'currency', root.currency,
    'merchantNumber', (select above.number from ${upFrom('o.id = root.id')} up join orders above on above.id = up.id
                       where above.parent_id is null),
    'shipTo', root.ship_to, 'shippingMethod', root.shipping_method, 'note', root.customer_note, 'lines', ${lines}),
  'status', root.status, 'dropshipStatus', d.status, 'dropshipId', d.id, 'supplierName', s.name, 'labels', ${labels},
  'merchant', case when root.dropship_id is null then null else json_build_object(
    'accountId', root.via[cardinality(root.via)], 'name', coalesce(root.merchant_name, '')) end)`;

/** Those of the ids that are orders of the account, in the order asked for. */
export async function listOrdersToPrint(db: AccountDb, ids: readonly string[]): Promise<OrderToPrint[]> {
  const { rows } = await db.raw<{ rows: { facts: OrderToPrint }[] }>(
    `select ${facts} as facts ${dropship} where root.id = any(:ids)`,
    { ids },
  );
  const found = new Map(rows.map((row) => [row.facts.order.id, row.facts]));
  return ids.flatMap((id) => found.get(id) ?? []);
}
