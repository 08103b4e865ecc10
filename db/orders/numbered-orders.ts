import { downFrom } from './family.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** A leaf that a number leads to. `root`: the same for all leaves of one order. */
export type NumberedOrder = { name: string; id: string; root: string };

/** Leaves with one of these numbers, and leaves of orders with one. `name`: the number that was asked for. */
export async function listOrdersByNumber(db: AccountDb, numbers: readonly string[]): Promise<NumberedOrder[]> {
  const { rows } = await db.raw<{ rows: NumberedOrder[] }>(
    `select distinct named.number as name, leaf.id, leaf.channel_id || '/' || leaf.remote_id as root
     from ${downFrom('o.number = any(:numbers)')} f
     join orders named on named.id = f.root_id
     join orders leaf on leaf.id = f.id and leaf.status <> 'split' order by leaf.id`,
    { numbers: [...new Set(numbers)] },
  );
  return rows;
}

/** The same for orders that are named by id, split or not. */
export async function listOrdersById(db: AccountDb, ids: readonly string[]): Promise<NumberedOrder[]> {
  const rows = await db('orders')
    .whereIn('id', ids)
    .select<{ id: string; channel_id: string; remote_id: string }[]>('id', 'channel_id', 'remote_id');
  return rows.map((row) => ({ name: row.id, id: row.id, root: `${row.channel_id}/${row.remote_id}` }));
}
