import type { Actor } from '../../domain/account.ts';
import { DomainError } from '../../domain/errors.ts';
import type { OrderStatus } from '../../domain/orders/order.ts';
import { readPage, type Page, type PageRequest } from '../engine/paging.ts';
import { routeManually } from './routing.ts';
import { inSavepoint, type AccountDb } from '../engine/with-account.ts';

/** An order that could be dropshipped, with the open units of the lines that would go. */
type Candidate = {
  orderId: string;
  number: string;
  placedAt: string;
  lines: { lineId: string; sku: string; quantity: number }[];
};

type Row = { id: string; number: string; placed_at: Date; lines: Candidate['lines'] };

/** The lines of an order that are assigned to the supplier, as in routing by hand. */
const assigned = `
  cross join lateral (
    select jsonb_agg(jsonb_build_object('lineId', l.id, 'sku', l.sku, 'quantity', l.quantity - l.shipped - l.cancelled)
             order by l.position) as lines
    from order_lines l
    join products p on p.id = l.product_id and p.fulfillment_type <> 'in_house'
    join product_suppliers s on s.product_id = p.id and s.supplier_id = ?
    where l.order_id = o.id and l.requires_shipping and l.quantity > l.shipped + l.cancelled) a`;

/**
 * Existing orders that would cross to a supplier if they were named, newest first: leaves with no shipped unit that never
 * had a dropship to this supplier.
 */
export async function listCandidates(
  db: AccountDb,
  { supplierId, placedFrom }: { supplierId: string; placedFrom?: string | undefined },
  page: PageRequest,
): Promise<Page<Candidate>> {
  const waiting: OrderStatus = 'awaiting_fulfillment';
  const query = db('orders as o')
    .joinRaw(assigned, [supplierId])
    .where('o.status', waiting)
    .whereNotNull('a.lines')
    .whereNotExists(db('dropships as d').whereRaw('d.order_id = o.id').where('d.supplier_id', supplierId))
    .select('o.id', 'o.number', 'o.placed_at', 'a.lines');
  if (placedFrom !== undefined) void query.where('o.placed_at', '>=', placedFrom);
  return readPage<Row, Candidate>(query, { ...page, column: 'o.created_at', idColumn: 'o.id' }, (row) => ({
    orderId: row.id,
    number: row.number,
    placedAt: row.placed_at.toISOString(),
    lines: row.lines,
  }));
}

/**
 * Dropships an order to the supplier as `routeManually` does.
 * @returns the dropship's id, or the refusal: as a value, since the answer is stored
 */
export async function dropshipOrder(
  db: AccountDb,
  wish: { orderId: string; supplierId: string; actor: Actor },
): Promise<{ id: string } | { refused: Refused }> {
  try {
    const { dropshipIds } = await inSavepoint(db, (nested) => routeManually(nested, wish));
    return { id: dropshipIds[0]! };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { refused: { code: error.code, message: error.message, faults: error.faults } };
  }
}

/** A DomainError as JSON. */
type Refused = Pick<DomainError, 'code' | 'message' | 'faults'>;
