import type { AccountDb } from '../engine/with-account.ts';

const rowsAtOnce = 1_000;

/** The last row that was looked at. `placedAt`: as Postgres writes it, since a Date has no microseconds. */
type Place = { placedAt: string; id: string };

/**
 * A page of the orders of own shops that were placed so many days ago and are not erased, the oldest first.
 * @returns `after`: null at the end
 */
export async function listOldOrders(
  db: AccountDb,
  { days, after }: { days: number; after: Place | null },
): Promise<{ orderIds: string[]; after: Place | null }> {
  const { rows } = await db.raw<{ rows: Place[] }>(
    `select id, placed_at::text as "placedAt" from orders
     where erased_at is null and parent_id is null and dropship_id is null
       and placed_at < now() - make_interval(days => :days) and (placed_at, id) > (:placedAt::timestamptz, :id)
     order by placed_at, id limit :limit`,
    { days, placedAt: '-infinity', id: '', ...after, limit: rowsAtOnce },
  );
  return { orderIds: rows.map(({ id }) => id), after: rows.length < rowsAtOnce ? null : rows.at(-1)! };
}

/** The days that this account has set. Null: as the installation has it. */
export async function readOrderDays(db: AccountDb): Promise<number | null> {
  const row = await db('accounts').first('order_retention_days');
  return row?.order_retention_days ?? null;
}

export async function saveOrderDays(db: AccountDb, days: number | null): Promise<void> {
  await db('accounts').where({ account_id: db.accountId }).update({ order_retention_days: days });
}
