import { openStatuses, type OrderSide } from '../../domain/orders/list.ts';
import { isDue } from '../catalogue/due-listings.ts';
import { sells, supplies } from '../accounts/sides.ts';
import type { AccountDb } from '../engine/with-account.ts';
import { hasStatus } from './has-status.ts';
import { isCancelAsked } from './list.ts';

/** Orders of one side, as the filters of a list count them. */
type OrderCounts = {
  toShip: number;
  partlyShipped: number;
  withSuppliers: number;
  accepted: number;
  late: number;
  cancelRequested: number;
  attention: number;
};

/** What is open in an account. A side that it does not have is null. */
type Summary = {
  selling: OrderCounts | null;
  supplying: OrderCounts | null;
  /** Products. */
  needsSync: number;
  oversold: number;
  suspended: number;
  /** All that waits for a decision, of orders and others. */
  attention: number;
  /** Tasks. */
  running: number;
};

const countIf = (condition: string) => `count(*) filter (where ${condition})::int`;

/** One row for each side that has open orders or orders with attention: both sets are read whole, and nothing else. */
const counts = `
  select o.dropship_id is not null as supplies,
         ${countIf(`o.status = 'awaiting_fulfillment'`)} as "toShip",
         ${countIf(`o.status = 'partially_shipped'`)} as "partlyShipped",
         ${countIf(`o.status = 'dropship_requested'`)} as "withSuppliers",
         ${countIf('o.is_open and o.accepted_at is not null')} as accepted,
         ${countIf('o.is_open and o.expected_ship_at < now()')} as late,
         ${countIf('o.is_open and o.is_asked')} as "cancelRequested",
         ${countIf('o.is_asked_about')} as attention
  from (
    select o.dropship_id, o.status, o.accepted_at, o.expected_ship_at, true as is_open, ${isCancelAsked('o')} as is_asked,
           false as is_asked_about
    from orders o where ${hasStatus('o', openStatuses)}
    union all
    select o.dropship_id, '', null, null, false, false, true
    from (select distinct order_id from attentions where resolved_at is null and order_id is not null) a
    cross join lateral (select * from orders where id = a.order_id offset 0) o) o
  group by 1`;

const productsOfListings = (condition: string) => `(
  select count(distinct due.product_id)::int from channels c
  cross join lateral (select l.product_id from listings l where l.channel_id = c.id and ${condition} offset 0) due
  where c.deleted_at is null)`;

/** More is committed than there is: then open orders have lines of the product there. */
const oversold = `(
  select count(distinct s.product_id)::int
  from (select distinct l.product_id, l.warehouse_id from orders o
        cross join lateral (select * from order_lines where order_id = o.id and warehouse_id is not null offset 0) l
        where ${hasStatus('o', openStatuses)}) held
  cross join lateral (select * from stock where product_id = held.product_id and warehouse_id = held.warehouse_id offset 0) s
  join warehouses w on w.id = s.warehouse_id and w.supplier_id is null
  where s.committed > s.physical_on_hand)`;

const theRest = `
  select ${productsOfListings(isDue)} as "needsSync",
         ${productsOfListings('l.suspended_at is not null and l.delisted_at is null')} as suspended,
         ${oversold} as oversold,
         (select count(*)::int from attentions where resolved_at is null) as attention,
         (select count(*)::int from tasks where status = 'running') as running,
         ${sells(':account')} as sells, ${supplies(':account')} as supplies`;

const none: OrderCounts = {
  toShip: 0,
  partlyShipped: 0,
  withSuppliers: 0,
  accepted: 0,
  late: 0,
  cancelRequested: 0,
  attention: 0,
};

/** Counts what is open. @param side the orders of this side alone */
export async function readSummary(db: AccountDb, side: OrderSide | undefined): Promise<Summary> {
  const { rows } = await db.raw<{ rows: (OrderCounts & { supplies: boolean })[] }>(counts);
  type Rest = Omit<Summary, OrderSide> & { sells: boolean; supplies: boolean };
  const { rows: rest } = await db.raw<{ rows: Rest[] }>(theRest, { account: db.accountId });
  const { sells: doesSell, supplies: doesSupply, ...open } = rest[0]!;
  const of = (isSupplying: boolean): OrderCounts => {
    const { supplies: _side, ...found } = rows.find((row) => row.supplies === isSupplying) ?? {
      ...none,
      supplies: false,
    };
    return found;
  };
  return {
    selling: doesSell && side !== 'supplying' ? of(false) : null,
    supplying: doesSupply && side !== 'selling' ? of(true) : null,
    needsSync: open.needsSync,
    oversold: open.oversold,
    suspended: open.suspended,
    attention: open.attention,
    running: open.running,
  };
}
