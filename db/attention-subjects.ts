import type { Attention } from './attentions.ts';
import type { Counterpart } from './channels/counterparts.ts';
import type { AccountDb, SystemDb } from './engine/with-account.ts';

/** What a parked step is about. `accountName`: only for the operator, who gets no SKU. */
type Subject = {
  accountName: string | null;
  orderNumber: string | null;
  orderSide: 'selling' | 'supplying' | null;
  sku: string | null;
  counterpart: Counterpart | null;
};
/** An attention as a list shows it. */
export type ListedAttention = Attention & { about: Subject };

type Row = Omit<Subject, 'counterpart'> & { id: string; partnerId: string | null; partnerName: string | null };

/** SQL: the order `o` of attention `a`, its channel `c`, and the connection `n` of a portal or else of the dropship. */
const joined = `
  from attentions a
  left join orders o on o.account_id = a.account_id and o.id = a.order_id
  left join channels c on c.account_id = o.account_id and c.id = o.channel_id
  left join dropships d on d.account_id = a.account_id and d.id = a.dropship_id and c.connection_id is null
  left join connections n on n.id = coalesce(c.connection_id, d.connection_id)`;
const side = `case when o.id is null then null when c.connection_id is null then 'selling' else 'supplying' end`;
const partner = `case when c.connection_id is null then n.supplier_account_id else n.merchant_account_id end`;

/** In the account's own words: the names that it has for its merchants and suppliers. */
const ofOwn = `
  select a.id, null as "accountName", o.number as "orderNumber", ${side} as "orderSide",
         coalesce(p.sku, nullif(l.remote_sku, ''), (
           select line.sku from order_lines line where line.order_id = o.id order by line.position limit 1)) as sku,
         ${partner} as "partnerId", case when c.connection_id is null then s.name else c.name end as "partnerName"
  ${joined}
  left join suppliers s on s.id = d.supplier_id
  left join listings l on l.id = a.listing_id
  left join products p on p.id = l.product_id
  where a.id = any(:ids)`;

/** For the operator, in the columns that the system role may read. */
const ofAll = `
  select a.id, owner.name as "accountName", o.number as "orderNumber", ${side} as "orderSide", null as sku,
         ${partner} as "partnerId", other.name as "partnerName"
  ${joined}
  join accounts owner on owner.account_id = a.account_id
  left join accounts other on other.account_id = ${partner}
  where a.id = any(:ids)`;

export const withOwnSubjects = <T extends Attention>(db: AccountDb, attentions: readonly T[]) =>
  withSubjects(db, ofOwn, attentions);

export const withAllSubjects = <T extends Attention>(db: SystemDb, attentions: readonly T[]) =>
  withSubjects(db, ofAll, attentions);

/** One statement for a page. */
async function withSubjects<T extends Attention>(
  db: AccountDb | SystemDb,
  sql: string,
  attentions: readonly T[],
): Promise<(T & { about: Subject })[]> {
  if (attentions.length === 0) return [];
  const { rows } = await db.raw<{ rows: Row[] }>(sql, { ids: attentions.map(({ id }) => id) });
  const subjects = new Map(rows.map((row) => [row.id, toSubject(row)]));
  // An attention that was decided between the two statements is still there: rows are never deleted.
  return attentions.map((one) => ({ ...one, about: subjects.get(one.id)! }));
}

const toSubject = ({ id: _id, partnerId, partnerName, ...row }: Row): Subject => ({
  ...row,
  counterpart: partnerId === null ? null : { accountId: partnerId, name: partnerName ?? partnerId },
});
