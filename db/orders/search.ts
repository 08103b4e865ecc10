import { bareBeginning, numberBeginnings } from '../../domain/orders/numbers.ts';
import { openStatuses } from '../../domain/orders/list.ts';
import { normalTrackingNumber } from '../../domain/shipments/shipment.ts';
import { hasStatus } from './has-status.ts';

/** The most orders that a beginning of a number finds. */
const mostByNumber = 200;
/** Besides the open orders, so many of the newest are searched for a part of a name or SKU. */
export const newestSearched = 5_000;
/** Above all texts that begin alike. */
const last = '\u{10ffff}';

/** Rows of `table` whose `column` begins with one of an array, by their column `found`. An index serves it behind row-level security. */
const beginsWith = (beginnings: string, { table, column, found }: { table: string; column: string; found: string }) => `
  select hit.id from unnest(${beginnings}::text[]) as b(beginning)
  cross join lateral (
    select ${found} as id from ${table}
    where ${column} ~>=~ b.beginning and ${column} ~<~ (b.beginning || :last)
    order by ${column} using ~>~ limit ${mostByNumber}) hit`;

/**
 * SQL: the ids of the orders that a search finds. A number is found by its beginning, a tracking number likewise. No index
 * finds a part of a text behind row-level security, since LIKE and the operators of pg_trgm may leak rows. So a part
 * of a name or a SKU is looked for among the open and the newest orders alone, and a number there whatever its case: the
 * index knows it in upper or lower case. With EXISTS the planner would hash all lines.
 */
export const searched = `
  ${beginsWith(':numbers', { table: 'orders', column: 'number', found: 'id' })}
  union
  ${beginsWith(':trackings', { table: 'shipments', column: 'tracking_key', found: 'order_id' })}
  union
  select o.id from (
    (select id, number, ship_to from orders where ${hasStatus('orders', openStatuses)})
    union all
    (select id, number, ship_to from orders order by created_at desc, id desc limit ${newestSearched})) o
  where strpos(lower(o.ship_to ->> 'name'), :part) > 0
     or starts_with(ltrim(lower(o.number), '# '), :bare)
     or (select bool_or(strpos(lower(l.sku), :part) > 0) from order_lines l where l.order_id = o.id)`;

/** The bindings of `searched`. */
export function searchBindings(q: string): Record<string, unknown> {
  const tracking = normalTrackingNumber(q);
  return {
    numbers: numberBeginnings(q),
    trackings: tracking === '' ? [] : [tracking],
    bare: bareBeginning(q),
    part: q.trim().toLowerCase(),
    last,
  };
}
