import type { AccountDb } from '../engine/with-account.ts';
import { upFrom } from '../orders/family.ts';

/** The orders of one account that belong to one order of a shop, and how they go on. Read in that account. */
export type Link = {
  orderIds: string[];
  /** The dropships of these orders, by the account of their supplier. */
  dropships: { supplierAccountId: string; dropshipId: string }[];
};

/** Orders that came from a channel, with all that they were split into. @param topIds the topmost of each */
export async function linkOfOrders(db: AccountDb, topIds: readonly string[]): Promise<Link> {
  return linkOf(
    db,
    `select o.id from orders r join orders o on o.channel_id = r.channel_id and o.remote_id = r.remote_id
     where r.id = any(:topIds)`,
    { topIds },
  );
}

/** The orders that came by these dropships, with all that they were split into. */
export async function linkOfDropships(db: AccountDb, dropshipIds: readonly string[]): Promise<Link> {
  return linkOf(db, `select o.id from orders o where o.dropship_id = any(:dropshipIds)`, { dropshipIds });
}

async function linkOf(
  db: AccountDb,
  which: string,
  bindings: Record<string, string | readonly string[]>,
): Promise<Link> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(`${which} order by o.id`, bindings);
  const orderIds = rows.map(({ id }) => id);
  const { rows: dropships } = await db.raw<{ rows: Link['dropships'] }>(
    `select c.supplier_account_id as "supplierAccountId", d.id as "dropshipId"
     from dropships d join connections c on c.id = d.connection_id where d.order_id = any(:orderIds)`,
    { orderIds },
  );
  return { orderIds, dropships };
}

/** The topmost order of the split, and whether it came from a merchant. `undefined`: there is no such order. */
export async function findTop(
  db: AccountDb,
  orderId: string,
): Promise<{ id: string; originDropshipId: string | null } | undefined> {
  const { rows } = await db.raw<{ rows: { id: string; originDropshipId: string | null }[] }>(
    `select top.id, top.dropship_id as "originDropshipId" from ${upFrom('o.id = :orderId')} up
     join orders top on top.id = up.id where top.parent_id is null`,
    { orderId },
  );
  return rows[0];
}
