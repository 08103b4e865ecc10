import { openStatuses, statusesListed, type OrderFilter, type OrderSort } from '../../domain/orders/list.ts';
import { endedStatuses } from '../../domain/dropships/dropship.ts';
import { orderStatuses, type OrderStatus } from '../../domain/orders/order.ts';
import {
  decodeCursor,
  decodeSorted,
  encodeCursor,
  encodeSorted,
  planForValues,
  type Page,
  type PageRequest,
} from '../engine/paging.ts';
import type { AccountDb } from '../engine/with-account.ts';
import { hasStatus } from './has-status.ts';
import { searchBindings, searched } from './search.ts';

type Sorted = { column: string; direction: 'asc' | 'desc' };
const usual: OrderSort = '-createdAt';
const sorts: Record<OrderSort, Sorted> = {
  '-createdAt': { column: 'created_at', direction: 'desc' },
  placedAt: { column: 'placed_at', direction: 'asc' },
  '-placedAt': { column: 'placed_at', direction: 'desc' },
  shipBy: { column: 'due_at', direction: 'asc' },
  '-shipBy': { column: 'due_at', direction: 'desc' },
};

type Row<T> = { facts: T; page_at: string; page_id: string };
/** `sort` left out: the newest first. */
type OrderListRequest = { filter: OrderFilter; sort?: OrderSort | undefined; page: PageRequest };

/**
 * A page of orders, in one statement; where it is filtered by a side whose orders are not all open, in two.
 * @param facts SQL of a JSON value about the row `root` of `orders`; it is made for the rows of the page alone
 * @throws DomainError `invalid_cursor`
 */
export async function readOrderPage<T>(db: AccountDb, facts: string, request: OrderListRequest): Promise<Page<T>> {
  const { filter, sort = usual, page } = request;
  const { column, direction } = sorts[sort];
  const { conditions, bindings } = await conditionsOf(db, filter);
  if (page.cursor !== undefined) {
    const { at, id } = sort === usual ? decodeCursor(page.cursor) : decodeSorted(sort, page.cursor);
    conditions.push(`(root.${column}, root.id) ${direction === 'asc' ? '>' : '<'} (:pageAt::timestamptz, :pageId)`);
    Object.assign(bindings, { pageAt: at, pageId: id });
  }
  const { q: _searched, ...filters } = filter;
  await planForValues(db, Object.values(filters));
  const branches = statusBranches(filter, sort).map((status) => allOf([...conditions, ...status]));
  const statement = { facts, column, direction, branches, isSearch: filter.q !== undefined };
  const sql = branches.length === 1 && filter.q === undefined ? ofOneIndex(statement) : ofSeveral(statement);
  const { rows } = await db.raw<{ rows: Row<T>[] }>(sql, { ...bindings, limit: page.limit + 1 });
  const data = rows.slice(0, page.limit);
  const end = data.at(-1);
  const position = end && { at: end.page_at, id: end.page_id };
  const more = rows.length > page.limit && position;
  return {
    data: data.map((row) => row.facts),
    nextCursor: more ? (sort === usual ? encodeCursor(position) : encodeSorted(sort, position)) : null,
  };
}

/** The ids of the first orders of a list, the newest first. */
export async function listOrderIds(db: AccountDb, filter: OrderFilter, limit: number): Promise<string[]> {
  const { data } = await readOrderPage<string>(db, 'to_json(root.id)', { filter, page: { limit } });
  return data;
}

/** `branches`: conditions on `root`; each order of the list meets one of them. */
type Statement = Sorted & { facts: string; branches: readonly string[]; isSearch: boolean };

const inOrder = (table: string, key: string, direction: string) =>
  `order by ${table}.${key} ${direction}, ${table}.id ${direction}`;

/** The list has one condition, with an index in its order. */
const ofOneIndex = ({ facts, column, direction, branches }: Statement): string =>
  `select ${facts} as facts, root.${column}::text as page_at, root.id as page_id
   from orders root where ${branches[0]!} ${inOrder('root', column, direction)} limit :limit`;

/** What a search found is few; the planner would not know. */
const ofFound = 'found cross join lateral (select * from orders where id = found.id offset 0) root';

/** Takes the beginning of each branch, and the page of these. */
function ofSeveral({ facts, column, direction, branches, isSearch }: Statement): string {
  const parts = branches.map(
    (branch) =>
      `(select root.id, root.${column} as at from ${isSearch ? ofFound : 'orders root'}
        where ${branch} ${inOrder('root', column, direction)} limit :limit)`,
  );
  return `with ${isSearch ? `found as materialized (${searched}),` : ''}
    page as materialized (
      select * from (${parts.join(' union all ')}) part ${inOrder('part', 'at', direction)} limit :limit)
    select ${facts} as facts, page.at::text as page_at, page.id as page_id
    from page cross join lateral (select * from orders where id = page.id offset 0) root
    ${inOrder('page', 'at', direction)}`;
}

/**
 * Conditions that divide the list into parts, each of which an index has in the list's order. The usual sort has an index
 * of its own for orders of all statuses.
 */
function statusBranches(filter: OrderFilter, sort: OrderSort): string[][] {
  const listed = statusesListed(filter);
  if (listed.length === 0) return [['false']];
  if (filter.q !== undefined || filter.ids || filter.number !== undefined) return [[hasStatus('root', listed)]];
  const isNearlyAll = orderStatuses.every((status) => listed.includes(status) || status === 'split');
  if (sort === usual && isNearlyAll) return [listed.length === orderStatuses.length ? [] : [`root.status <> 'split'`]];
  return listed.map((status) => [`root.status = '${status}'`]);
}

const allOf = (conditions: readonly string[]): string => ['true', ...conditions].join(' and ');

const ended = endedStatuses.map((status) => `'${status}'`).join(', ');
/** SQL: open units of the order are asked to be cancelled. @param o the table or its alias */
export const isCancelAsked = (o: string): string => `(${o}.cancel_requested_at is not null and exists (
  select from order_lines l where l.order_id = ${o}.id and l.cancel_requested > l.cancelled and l.shipped + l.cancelled < l.quantity))`;

/** By the name of the filter; a binding has the same name. */
const written: Partial<Record<keyof OrderFilter, string>> = {
  channelId: 'root.channel_id = :channelId',
  number: 'root.number = :number',
  remoteId: 'root.remote_id = :remoteId',
  placedAfter: 'root.placed_at > :placedAfter',
  placedBefore: 'root.placed_at < :placedBefore',
  ids: 'root.id = any(:ids)',
  supplierId: `root.id in (select order_id from dropships where supplier_id = :supplierId and status not in (${ended}))`,
  attention: 'root.id in (select order_id from attentions where resolved_at is null)',
  accepted: 'root.accepted_at is not null',
  cancelRequested: isCancelAsked('root'),
  late: 'root.expected_ship_at < now()',
  parents: 'root.parent_id is null',
};

async function conditionsOf(db: AccountDb, filter: OrderFilter) {
  const given = (Object.keys(written) as (keyof OrderFilter)[]).filter((name) => filter[name] !== undefined);
  const conditions = given.map((name) => written[name]!);
  const bindings: Record<string, unknown> = Object.fromEntries(given.map((name) => [name, filter[name]]));
  if (filter.q !== undefined) Object.assign(bindings, searchBindings(filter.q));
  if (filter.side !== undefined) {
    conditions.push(`root.dropship_id is ${filter.side === 'selling' ? '' : 'not '}null`);
    if (!isOneStatement(filter)) {
      conditions.push('root.channel_id = any(:sideChannels)');
      bindings['sideChannels'] = await channelsOf(db, filter.side);
    }
  }
  return { conditions, bindings };
}

/** Whether a page of this list is one statement. */
export const isOneStatement = (filter: OrderFilter): boolean => filter.side === undefined || isBounded(filter);

/** Only few orders are looked at, whatever their side. */
const isBounded = (filter: OrderFilter): boolean =>
  [filter.q, filter.ids, filter.number, filter.channelId].some((given) => given !== undefined) ||
  statusesListed(filter).every((status) => (openStatuses as readonly OrderStatus[]).includes(status));

/** An account that supplies a lot may have sold next to nothing: the planner knows how many orders a channel has. */
const channelsOf = (db: AccountDb, side: NonNullable<OrderFilter['side']>): Promise<string[]> =>
  side === 'selling'
    ? db('channels').whereNull('connection_id').pluck<string[]>('id')
    : db('channels').whereNotNull('connection_id').pluck<string[]>('id');
