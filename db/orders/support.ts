import type { DropshipStatus } from '../../domain/dropships/dropship.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import type { OrderStatus } from '../../domain/orders/order.ts';
import type { SystemDb } from '../engine/with-account.ts';

/** An order of any account. `dropshipId`: by which a supplier ships it, or by which it came to the supplier. */
export type FoundOrder = {
  accountId: string;
  accountName: string;
  orderId: string;
  number: string;
  status: OrderStatus;
  dropshipId: string | null;
  dropshipStatus: DropshipStatus | null;
  attention: ErrorCode | null;
};

/** SQL: orders by their own id, by their dropship, or account by account by number, as the indexes have them. */
const found = `
  select o.account_id, o.id from orders o where o.id = :q
  union
  select d.account_id, d.order_id from dropships d where d.id = :q
  union
  select a.account_id, o.id from accounts a
  cross join lateral (
    select o.id from orders o where o.account_id = a.account_id and o.number = :q
    union all
    select o.id from orders o where o.account_id = a.account_id and o.dropship_id = :q) o`;

/** The orders of all accounts that have this number or id, or this dropship's id, the newest first. */
export async function findOrdersForSupport(
  db: SystemDb,
  { q, limit }: { q: string; limit: number },
): Promise<FoundOrder[]> {
  const { rows } = await db.raw<{ rows: FoundOrder[] }>(
    `with found as materialized (${found})
     select o.account_id as "accountId", a.name as "accountName", o.id as "orderId", o.number, o.status,
            d.id as "dropshipId", d.status as "dropshipStatus",
            (select code from attentions t where t.account_id = o.account_id and t.order_id = o.id and t.resolved_at is null
             order by since limit 1) as attention
     from found f
     join orders o on o.account_id = f.account_id and o.id = f.id
     join accounts a on a.account_id = o.account_id
     left join lateral (
       select id, status from (
         select id, status, created_at from dropships d where d.account_id = o.account_id and d.order_id = o.id
         union all
         select id, status, null from dropships d where d.id = o.dropship_id) known
       order by created_at desc nulls last limit 1) d on true
     order by o.created_at desc, o.id limit :limit`,
    { q, limit },
  );
  return rows;
}
