import type { AccountDb } from '../engine/with-account.ts';

/** A leaf that a number leads to. `root`: the same for all leaves of one order. */
export type NumberedOrder = { name: string; id: string; root: string };

/** Leaves that bear one of these numbers, or are split off an order that does. `name`: the number asked for. */
export async function listOrdersByNumber(db: AccountDb, numbers: readonly string[]): Promise<NumberedOrder[]> {
  const { rows } = await db.raw<{ rows: NumberedOrder[] }>(
    `with recursive family as (
       select o.number as name, o.id, o.status, o.channel_id, o.remote_id
       from orders o where o.number = any(:numbers)
       union
       select f.name, o.id, o.status, o.channel_id, o.remote_id
       from family f join orders o on o.parent_id = f.id
     )
     select distinct name, id, channel_id || '/' || remote_id as root from family where status <> 'split' order by id`,
    { numbers: [...new Set(numbers)] },
  );
  return rows;
}

/** The same for orders named by id, split or not. */
export async function listOrdersById(db: AccountDb, ids: readonly string[]): Promise<NumberedOrder[]> {
  const rows = await db('orders')
    .whereIn('id', ids)
    .select<{ id: string; channel_id: string; remote_id: string }[]>('id', 'channel_id', 'remote_id');
  return rows.map((row) => ({ name: row.id, id: row.id, root: `${row.channel_id}/${row.remote_id}` }));
}
