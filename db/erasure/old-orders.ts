import type { AccountDb } from '../engine/with-account.ts';

/** Rows of one statement: those that are erased already lie among them. */
const rowsAtOnce = 1_000;

/** The last row that was looked at. `placedAt`: as Postgres writes it, since a Date has no microseconds. */
type Place = { placedAt: string; id: string };
type Row = Place & { isMeant: boolean };

/**
 * A page of the orders of own shops that were placed so many days ago and are not erased, the oldest first.
 * @returns `after`: null at the end
 */
export async function listOldOrders(
  db: AccountDb,
  { days, after }: { days: number; after: Place | null },
): Promise<{ orderIds: string[]; after: Place | null }> {
  const { rows } = await db.raw<{ rows: Row[] }>(
    `select id, placed_at::text as "placedAt", parent_id is null and dropship_id is null and erased_at is null as "isMeant"
     from orders
     where placed_at < now() - make_interval(days => :days) and (placed_at, id) > (:placedAt::timestamptz, :id)
     order by placed_at, id limit :limit`,
    { days, placedAt: '-infinity', id: '', ...after, limit: rowsAtOnce },
  );
  const last = rows.at(-1);
  return {
    orderIds: rows.filter(({ isMeant }) => isMeant).map(({ id }) => id),
    after: last === undefined || rows.length < rowsAtOnce ? null : { placedAt: last.placedAt, id: last.id },
  };
}

/** The days that this account has set. Null: as the installation has it. */
export async function readOrderDays(db: AccountDb): Promise<number | null> {
  const row = await db('accounts').first('order_retention_days');
  return row?.order_retention_days ?? null;
}

export async function saveOrderDays(db: AccountDb, days: number | null): Promise<void> {
  await db('accounts').where({ account_id: db.accountId }).update({ order_retention_days: days });
}
