import type { AccountDb } from '../engine/with-account.ts';

/** Where an order has e-mails. */
const emails = [
  `o.customer ->> 'email'`,
  `o.ship_to ->> 'email'`,
  `o.bill_to ->> 'email'`,
  `o.shop_facts #>> '{shipTo,email}'`,
  `o.pending_edit #>> '{inShop,shipTo,email}'`,
];
const isOfEmail = emails.map((email) => `lower(${email}) = :email`).join(' or ');

/** Orders that are looked through in one statement: no index may serve a text behind row-level security. */
const ordersAtOnce = 5_000;

type Page = { last: string | null; count: number; found: string[] };

/**
 * A page of the search for the orders of an e-mail, in any of their addresses; orders that came from a merchant are left out.
 * @param page.after the last order of the page before. @returns the topmost orders; `after`: null at the end
 */
export async function findOrdersOfEmail(
  db: AccountDb,
  { email, after }: { email: string; after: string },
): Promise<{ orderIds: string[]; after: string | null }> {
  const { rows } = await db.raw<{ rows: [Page] }>(
    `select max(page.id) as last, count(*)::int as count,
            coalesce(array_agg(distinct top.id) filter (where top.id is not null), '{}') as found
     from (select o.id, o.channel_id, o.remote_id, (${isOfEmail}) and o.dropship_id is null as is_meant
           from orders o where o.id > :after order by o.id limit :limit) page
     left join orders top on page.is_meant and top.channel_id = page.channel_id and top.remote_id = page.remote_id
       and top.parent_id is null`,
    { email, after, limit: ordersAtOnce },
  );
  const { last, count, found } = rows[0];
  return { orderIds: found, after: count < ordersAtOnce ? null : last };
}
