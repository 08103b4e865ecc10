import type { SharedField } from '../../domain/connection.ts';
import type { MerchantSide } from '../../domain/dropships/crossing.ts';
import { DomainError } from '../../domain/errors.ts';
import { unitsLeft, type Address, type LineUnits } from '../../domain/orders/order.ts';
import { insertOrderEvents } from '../orders/events.ts';
import { lockOrder } from '../orders/orders.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';
import type { Dropship } from './dropships.ts';

/** An order on its way to the supplier: what crosses, the claim of the import, and what is noted of it. */

type SideRow = {
  id: string;
  number: string;
  placed_at: Date;
  currency: string;
  ship_to: Address;
  bill_to: Address | null;
  customer_note: string | null;
  internal_note: string | null;
  tags: string[];
  shipping_method: string | null;
  via: string[];
  merchant_name: string;
  shared_fields: SharedField[];
  shipping_methods: Record<string, string>;
  default_shipping_method: string | null;
  lines: (Omit<MerchantSide['lines'][number], 'openUnits'> & LineUnits)[];
};

const sides = `
  select d.id, o.number, o.placed_at, o.currency, o.ship_to, o.bill_to, o.customer_note, o.internal_note, o.tags,
         o.shipping_method, o.via, a.name as merchant_name, s.shared_fields, s.shipping_methods, s.default_shipping_method,
         (select json_agg(json_build_object('lineId', l.id, 'productId', l.product_id, 'sku', coalesce(p.sku, l.sku), 'supplierSku', ps.supplier_sku, 'name', l.name,
             'quantity', l.quantity, 'shipped', l.shipped, 'cancelled', l.cancelled,
             'unitPriceMinor', l.unit_price_minor, 'costMinor', ps.cost_minor) order by l.position)
          from order_lines l
          left join products p on p.id = l.product_id
          left join product_suppliers ps on ps.product_id = l.product_id and ps.supplier_id = d.supplier_id
          where l.order_id = o.id and l.requires_shipping) as lines
  from dropships d
  join orders o on o.id = d.order_id
  join suppliers s on s.id = d.supplier_id
  join accounts a on a.account_id = d.account_id`;

/** All of the merchant's data that the crossing list may choose from; it must not leave the activity that reads it. */
export async function readMerchantSide(db: AccountDb, dropshipId: string): Promise<MerchantSide> {
  const { rows } = await db.raw<{ rows: SideRow[] }>(`${sides} where d.id = :dropshipId`, { dropshipId });
  if (!rows[0]) throw new DomainError('dropship_not_found', 'There is no dropship with this id.');
  return toMerchantSide(rows[0], db.accountId);
}

const isNotParked = 'not exists (select from attentions a where a.dropship_id = d.id and a.resolved_at is null)';

/** `claimed`: by this call; `begun`: their imports have begun before, and finish by themselves. `last`: the last id seen. */
type WaitingPage = { claimed: MerchantSide[]; begun: string[]; last: string | null; more: boolean };

/**
 * Claims the import of dropships of a connection that wait for Import Orders, by id; a parked one waits for a person
 * instead. From then on each order is as the supplier gets it. `after`: the last id of the page before.
 */
export async function claimWaiting(
  db: AccountDb,
  connectionId: string,
  page: { after: string | null; limit: number },
): Promise<WaitingPage> {
  const { rows: waiting } = await db.raw<{ rows: { id: string }[] }>(
    `select d.id from dropships d join orders o on o.id = d.order_id
     where d.connection_id = :connectionId and d.status = 'requested' and d.id > :after and ${isNotParked}
     order by d.id limit :limit for no key update of o`,
    { connectionId, after: page.after ?? '', limit: page.limit },
  );
  const ids = waiting.map((row) => row.id);
  // A statement of its own: it sees what others did to the orders while this one waited for their locks.
  const { rows: mine } = await db.raw<{ rows: { id: string }[] }>(
    `update dropships d set import_claimed_at = now()
     where d.id = any(:ids) and d.status = 'requested' and d.import_claimed_at is null and ${isNotParked} returning d.id`,
    { ids },
  );
  const claimed = mine.map((row) => row.id);
  const { rows } = await db.raw<{ rows: SideRow[] }>(`${sides} where d.id = any(:claimed) order by d.id`, { claimed });
  const left = db('dropships as d').whereIn('d.id', ids).where('d.status', 'requested').whereRaw(isNotParked);
  return {
    claimed: rows.map((row) => toMerchantSide(row, db.accountId)),
    begun: (await left.pluck<string[]>('d.id')).filter((id) => !claimed.includes(id)),
    last: ids.at(-1) ?? null,
    more: ids.length === page.limit,
  };
}

/** The ids alone, also of parked dropships. */
export async function listWaiting(
  db: AccountDb,
  connectionId: string,
  { after, limit }: { after: string; limit: number },
): Promise<string[]> {
  const waiting = db('dropships').where({ connection_id: connectionId, status: 'requested' }).where('id', '>', after);
  return waiting.orderBy('id').limit(limit).pluck<string[]>('id');
}

function toMerchantSide(row: SideRow, merchantAccountId: string): MerchantSide {
  return {
    dropshipId: row.id,
    merchantAccountId,
    merchantName: row.merchant_name,
    order: {
      number: row.number,
      placedAt: row.placed_at.toISOString(),
      currency: row.currency,
      shipTo: row.ship_to,
      billTo: row.bill_to ?? undefined,
      customerNote: row.customer_note ?? undefined,
      internalNote: row.internal_note ?? undefined,
      tags: row.tags,
      shippingMethod: row.shipping_method,
      via: row.via,
    },
    lines: row.lines.map((line) => ({ ...line, openUnits: unitsLeft(line) })),
    shared: row.shared_fields,
    shippingMethods: row.shipping_methods,
    defaultShippingMethod: row.default_shipping_method,
  };
}

/**
 * From now on the order is as the supplier gets it: the row lock keeps out a change of the ship-to that the import would
 * miss. Idempotent.
 */
export async function claimImport(db: AccountDb, { id, orderId }: Dropship): Promise<void> {
  await lockOrder(db, orderId);
  await db('dropships').where({ id }).whereNull('import_claimed_at').update({ import_claimed_at: db.fn.now() });
}

/** Dropships of a connection whose import has begun and is not noted here yet. */
export async function listClaimedDropships(db: AccountDb, connectionId: string): Promise<string[]> {
  const rows = await db('dropships')
    .where({ connection_id: connectionId, status: 'requested' })
    .whereNotNull('import_claimed_at')
    .select<{ id: string }[]>('id');
  return rows.map((row) => row.id);
}

/** Longer than an activity may take that claims a page: then the claim is of one that is gone. */
const pageSeconds = 60;

/** Ends a claim that nothing came of, as over a connection that was paused meanwhile. */
export async function freeOldClaim(db: AccountDb, { id, orderId }: Pick<Dropship, 'id' | 'orderId'>): Promise<void> {
  await lockOrder(db, orderId);
  await db('dropships')
    .where({ id, status: 'requested' })
    .whereRaw('import_claimed_at < now() - make_interval(secs => ?)', [pageSeconds])
    .update({ import_claimed_at: null });
}

/** Ends the claim of a parked import: the order may be corrected before the next try reads it. */
export async function freeImport(db: AccountDb, id: string): Promise<void> {
  await db('dropships').where({ id, status: 'requested' }).update({ import_claimed_at: null });
}

/**
 * The claim keeps what it found: the order may not be cancelled or split as if the supplier did not get it. The caller
 * holds the order's row lock. @throws DomainError `dropship_transition_refused`
 */
export async function assertUnclaimed(db: AccountDb, id: string): Promise<void> {
  const row = await db('dropships')
    .where({ id })
    .whereNotNull('import_claimed_at')
    .first<{ id: string } | undefined>('id');
  if (row) throw new DomainError('dropship_transition_refused', 'The supplier has the order, or is getting it now.');
}

/** Notes that the supplier has these orders. Idempotent. */
export async function markImported(
  db: AccountDb,
  imports: readonly { dropshipId: string; orderId: string }[],
): Promise<void> {
  const { rows } = await db.raw<{ rows: { id: string; order_id: string }[] }>(
    `update dropships d set status = 'imported', supplier_order_id = x."orderId"
     from jsonb_to_recordset(:imports::jsonb) as x("dropshipId" text, "orderId" text)
     where d.id = x."dropshipId" and d.status = 'requested' returning d.id, d.order_id`,
    { imports: JSON.stringify(imports) },
  );
  await insertOrderEvents(
    db,
    rows.map(({ id, order_id: orderId }) => ({
      orderId,
      type: 'dropship_imported',
      actor: { kind: 'system', id },
      data: { dropshipId: id },
    })),
  );
}

/** Notes that the workflows know that the supplier has their orders: the sweep need not send it. */
export async function noteSignalled(db: AccountDb, ids: readonly string[]): Promise<void> {
  await db('dropships')
    .whereIn('id', ids)
    .whereNull('import_signalled_at')
    .update({ import_signalled_at: db.fn.now() });
}

/** Imported dropships whose workflow a crash left waiting: claimed `seconds` ago and without its signal. */
export async function listUnsignalledDropships(
  db: SystemDb,
  filter: { seconds: number; limit: number },
): Promise<{ accountId: string; dropshipId: string }[]> {
  const rows = await db('dropships')
    .where({ status: 'imported' })
    .whereNull('import_signalled_at')
    .whereRaw('import_claimed_at < now() - make_interval(secs => ?)', [filter.seconds])
    .orderBy('import_claimed_at')
    .limit(filter.limit)
    .select<{ account_id: string; id: string }[]>('account_id', 'id');
  return rows.map((row) => ({ accountId: row.account_id, dropshipId: row.id }));
}
