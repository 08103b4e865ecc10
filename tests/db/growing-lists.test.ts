import { beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { withOwnSubjects } from '../../db/attention-subjects.ts';
import { listAttentions } from '../../db/attentions.ts';
import { listListings } from '../../db/catalogue/listings.ts';
import { listProducts } from '../../db/catalogue/products.ts';
import { listAccountSchedules } from '../../db/channels/account-schedules.ts';
import { finishTask, insertTask, listLastTasks, listTasks } from '../../db/channels/tasks.ts';
import type { Pool } from '../../db/engine/pool.ts';
import { tables } from '../../db/engine/tables.ts';
import { withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { listOrderEvents } from '../../db/orders/events.ts';
import { newestSearched } from '../../db/orders/search.ts';
import { listOrderRows } from '../../db/orders/rows.ts';
import { listOrders, requireOrder } from '../../db/orders/view.ts';
import { pruneBatch } from '../../db/pruning.ts';
import { listLevels } from '../../db/stock/level-rows.ts';
import { listShipments } from '../../db/shipments/shipments.ts';
import { openStatuses, orderSorts, type OrderFilter } from '../../domain/orders/list.ts';
import { noCounts } from '../../domain/task.ts';
import { onDatabase, type ClonedDatabase } from '../support/engine/database.ts';
import { facts } from '../support/engine/facts.ts';
import { atTheEnd } from '../support/engine/for-the-file.ts';
import { storePage, named } from '../support/trade/database-catalogue.ts';
import { aMerchant, anIncomingOrder, aSku, storeOrderFor, type Merchant } from '../support/trade/database-trade.ts';

/** Orders of the account, and rows of each other kind. 1,000,000 take some minutes. */
const many = Number(process.env['GROWING_ORDERS'] ?? 50_000);
const page = { limit: 50 };
/** A page of 50 with all that belongs to it, and some to spare; far below `many`. */
const mostRows = 1_000;

let pool: Pool;
let database: ClonedDatabase;
let merchant: Merchant;
let owner: pg.Client;
const quiet = { channelId: 'chan_quiet' };
const busy = { channelId: 'chan_busy' };

onDatabase(4, (opened, cloned) => {
  pool = opened;
  database = cloned;
});
beforeAll(async () => {
  merchant = await aMerchant(pool);
  await aSku(pool, merchant.accountId, { sku: 'MUG', fulfillmentType: 'in_house' });
  await storeOrderFor(pool, merchant, anIncomingOrder([{ sku: 'MUG' }]));
  await storePage(pool, merchant, [named('1', 'MUG')]);
  const url = new URL(facts().template.superuserUrl);
  url.pathname = new URL(database.ownerUrl).pathname;
  owner = new pg.Client({ connectionString: url.href });
  await owner.connect();
  atTheEnd(() => owner.end());
  await multiply();
}, 1_800_000);

/** Columns that the database makes itself. */
const generated = new Set(['sku_key', 'due_at', 'tracking_key', 'position', 'credentials_key_id']);

/** Copies the rows of a table: `changes` are expressions of `n`, from 1, by column. Foreign keys are not checked. */
async function copies(table: keyof typeof tables, changes: Record<string, string>, count = many): Promise<void> {
  const columns = Object.keys(tables[table]).filter((column) => !generated.has(column));
  const position = 'position' in tables[table] && table !== 'order_events' ? ['position'] : [];
  const all = [...columns, ...position];
  await owner.query(
    `insert into ${table} (${all.join(', ')})
     select ${all.map((column) => changes[column] ?? `t.${column}`).join(', ')}
     from (select * from ${table} limit 1) t, generate_series(1, ${count}) as n`,
  );
}

/** The account has traded for a year: orders have shipped, listings and runs have piled up on one of its channels. */
async function multiply(): Promise<void> {
  await owner.query(`set session_replication_role = replica`);
  const ago = `now() - n * interval '1 minute'`;
  await copies('channels', { id: `case n when 1 then '${quiet.channelId}' else '${busy.channelId}' end` }, 2);
  const ofBusy = { channel_id: `'${busy.channelId}'` };
  const placed = { placed_at: `now() - interval '1 year'`, created_at: ago };
  await copies('orders', { id: `'ord_' || n`, ...ofBusy, remote_id: 'n', number: 'n', status: `'shipped'`, ...placed });
  await copies('order_lines', { id: `'line_' || n`, order_id: `'ord_' || n`, shipped: 't.quantity' });
  await copies('order_events', { id: `'evt_' || n`, order_id: `'ord_' || n`, occurred_at: ago });
  await copies('products', { id: `'prod_' || n`, sku: `'SKU-' || n`, created_at: ago });
  // Some wait for sync.
  const versions = { stock_version: '1', synced_version: 'case when n % 1000 = 0 then 0 else 1 end' };
  const listed = { product_id: `'prod_' || n`, ...versions };
  await copies('listings', { id: `'lst_' || n`, ...ofBusy, remote_id: 'n', created_at: ago, ...listed });
  const { accountId } = merchant;
  await owner.query(
    `insert into stock (account_id, product_id, warehouse_id, physical_on_hand, committed)
     select account_id, 'prod_' || n, id, 10, case when n % 1000 = 0 then 11 else 1 end
     from warehouses, generate_series(1, ${many}) as n where account_id = '${accountId}'`,
  );
  await owner.query(
    `insert into shipments (account_id, id, order_id, method, shipped_at, created_at, push_started_at)
     select '${accountId}', 'shp_' || n, 'ord_' || n, 'untracked', now(), ${ago}, now() from generate_series(1, ${many}) as n`,
  );
  await owner.query(
    `insert into shipment_lines (account_id, shipment_id, line_id, quantity)
     select '${accountId}', 'shp_' || n, 'line_' || n, 1 from generate_series(1, ${many}) as n`,
  );
  await owner.query(
    `insert into tasks (account_id, id, channel_id, type, trigger, status, workflow_id, run_id, started_at, finished_at)
     select '${accountId}', 'task_' || n, '${busy.channelId}', 'import_orders', 'schedule', 'succeeded', 'w', 'run-' || n,
            now() - n * interval '10 seconds', now() from generate_series(1, ${many}) as n`,
  );
  // Decided ones are the past; some thousand are open.
  await owner.query(
    `insert into attentions (account_id, id, order_id, step, code, since, resolved_at)
     select '${accountId}', 'att_' || n, 'ord_' || n, 'route', 'unmapped_sku', ${ago},
            case when n % 25 <> 0 then now() end from generate_series(1, ${many}) as n`,
  );
  await owner.query(
    `insert into inbound_webhooks (account_id, id, channel_id, delivery_id, task, received_at, processed_at)
     select '${accountId}', 'wh_' || n, '${busy.channelId}', n, 'import_orders', now() - n * interval '10 seconds', now()
     from generate_series(1, ${many}) as n`,
  );
  await owner.query(
    `insert into idempotency_keys (account_id, key, fingerprint, status, created_at)
     select '${accountId}', n, 'f', 201, now() - n * interval '10 seconds' from generate_series(1, ${many}) as n`,
  );
  await owner.query('set session_replication_role = origin');
  await owner.query('analyze');
}

type Statement = { sql: string; bindings: readonly unknown[] };
type Work = (db: AccountDb) => Promise<unknown>;

/** The statements that the work sends. */
async function statementsOf(work: Work): Promise<Statement[]> {
  const sent: Statement[] = [];
  const note = ({ sql, bindings }: Statement) => void sent.push({ sql, bindings });
  const { client } = pool.app as unknown as { client: NodeJS.EventEmitter };
  client.on('query', note);
  try {
    await withAccount(pool, merchant.accountId, work);
  } finally {
    client.off('query', note);
  }
  return sent.filter(({ sql }) => !/^(begin|commit|rollback)\b/i.test(sql));
}

type Plan = { Plans?: Plan[] } & Record<string, unknown>;

/** The most rows that a node of the plan looks at, those that it drops included. */
function mostLookedAt(plan: Plan): number {
  const count = (name: string) => Number(plan[name] ?? 0);
  const each = count('Actual Rows') + count('Rows Removed by Filter') + count('Rows Removed by Index Recheck') + count('Rows Removed by Join Filter'); // prettier-ignore
  return Math.max(each * count('Actual Loops'), ...(plan.Plans ?? []).map(mostLookedAt));
}

/** @param mode how Postgres plans a named statement: for its values, or, after some repetitions, for any */
async function rowsLookedAt(work: Work, mode: 'force_custom_plan' | 'force_generic_plan'): Promise<number> {
  const statements = await statementsOf(work);
  expect(statements.length).toBeGreaterThan(0);
  const client = new pg.Client({ connectionString: database.appUrl });
  await client.connect();
  try {
    await client.query(`begin; set local app.account_id = '${merchant.accountId}'`);
    await client.query(`set local plan_cache_mode = ${mode}`);
    let most = 0;
    for (const [index, { sql, bindings }] of statements.entries()) {
      if (sql.startsWith('set ')) {
        await client.query(sql);
        continue;
      }
      await client.query(`prepare s${index} as ${sql}`);
      const values = bindings.map((value) => (value === null ? 'null' : client.escapeLiteral(literal(value))));
      const execute = `execute s${index}${values.length > 0 ? `(${values.join(', ')})` : ''}`;
      const { rows } = await client.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(
        `explain (analyze, timing off, format json) ${execute}`,
      );
      most = Math.max(most, mostLookedAt(rows[0]!['QUERY PLAN'][0]!.Plan));
    }
    return most;
  } finally {
    await client.end();
  }
}

function literal(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? `{${value.join(',')}}` : String(value);
}

const sorts = orderSorts;
const late = new Date(Date.now() - 86_400_000).toISOString();
const filters: [string, OrderFilter][] = [
  ['that are open', { status: openStatuses }],
  ['of a rare and of a common status', { status: ['partially_shipped', 'shipped'] }],
  ['that are leaves', { leaves: true }],
  ['that are no leaves', { parents: true }],
  ['of merchants, where there are none', { side: 'supplying' }],
  ['of own channels', { side: 'selling' }],
  ['of a channel', busy],
  ['of a channel without orders', quiet],
  ['of a channel, that are open', { ...busy, status: openStatuses }],
  ['of a supplier without orders', { supplierId: 'sup_none' }],
  ['placed of late', { placedAfter: late }],
  ['placed before all others', { placedBefore: '2000-01-01T00:00:00Z' }],
  ['that are accepted', { accepted: true }],
  ['that are late', { late: true }],
  ['that are asked to be cancelled', { cancelRequested: true }],
  ['by ids', { ids: ['ord_1', 'ord_2', 'ord_none'] }],
  ['by number', { number: '77' }],
];

const lists: [string, Work][] = [
  ['orders', (db) => listOrders(db, {}, page)],
  ['orders of a rare status', (db) => listOrders(db, { status: ['awaiting_fulfillment'] }, page)],
  ['orders of a status that none has', (db) => listOrders(db, { status: ['cancelled'] }, page)],
  ['orders placed of late', (db) => listOrders(db, { placedAfter: new Date(Date.now() - 86_400_000).toISOString() }, page)], // prettier-ignore
  ['orders by number', (db) => listOrders(db, { number: '77' }, page)],
  ['orders of a channel', (db) => listOrders(db, busy, page)],
  ['orders of a channel without orders', (db) => listOrders(db, quiet, page)],
  ...sorts.map((sort): [string, Work] => [`orders by ${sort}`, (db) => listOrders(db, { sort }, page)]),
  ...sorts.map((sort): [string, Work] => [
    `orders in short by ${sort}, further on`,
    async (db) => {
      const { nextCursor } = await listOrderRows(db, { sort }, page);
      await listOrderRows(db, { sort }, { ...page, cursor: nextCursor! });
    },
  ]),
  ...sorts.flatMap(
    (sort) =>
    filters.map(([name, filter]): [string, Work] => [`orders ${name} by ${sort}`, (db) => listOrderRows(db, { ...filter, sort }, page)]), // prettier-ignore
  ),
  ['one order', (db) => requireOrder(db, 'ord_25')],
  ['the timeline of an order', (db) => listOrderEvents(db, 'ord_25', page)],
  ['shipments', (db) => listShipments(db, {}, page)],
  ['shipments recorded of late', (db) => listShipments(db, { recordedAfter: new Date().toISOString() }, page)],
  ['attentions', async (db) => withOwnSubjects(db, (await listAttentions(db, {}, page)).data)],
  ['products', (db) => listProducts(db, page, {})],
  ['listings', (db) => listListings(db, {}, page)],
  ['listings of a channel', (db) => listListings(db, busy, page)],
  ['listings of a channel without listings', (db) => listListings(db, quiet, page)],
  ['listings of a product', (db) => listListings(db, { productId: 'prod_77' }, page)],
  ['listings of a product that need sync', (db) => listListings(db, { productId: 'prod_77', needsSync: true }, page)],
  ['listings that need sync', (db) => listListings(db, { needsSync: true }, page)],
  ['listings that are suspended', (db) => listListings(db, { suspended: true }, page)],
  ['listings whose SKU changed', (db) => listListings(db, { skuChanged: true }, page)],
  ['stock', (db) => listLevels(db, {}, page)],
  ['stock of a SKU', (db) => listLevels(db, { sku: 'SKU-77' }, page)],
  ['stock that needs sync', (db) => listLevels(db, { view: 'needs_sync' }, page)],
  ['stock that is suspended', (db) => listLevels(db, { view: 'suspended' }, page)],
  ['stock of own warehouses', (db) => listLevels(db, { own: true }, page)],
  ['tasks', (db) => listTasks(db, {}, page)],
  [
    'the last tasks of a channel',
    (db) =>
      listLastTasks(db, [
        { ...busy, task: 'import_orders' },
        { ...busy, task: 'write_inventory' },
      ]),
  ],
  ['schedules', (db) => listAccountSchedules(db, {}, page)],
  ['tasks that failed', (db) => listTasks(db, { status: 'failed' }, page)],
  ['tasks of a channel', (db) => listTasks(db, busy, page)],
  ['tasks of a channel without runs', (db) => listTasks(db, quiet, page)],
];

describe.each(['force_custom_plan', 'force_generic_plan'] as const)('with %s', (mode) => {
  it.each(lists)('a list reads no more rows than a page needs: %s', async (_name, list) => {
    expect(await rowsLookedAt(list, mode)).toBeLessThan(mostRows);
  });

  it('orders that need attention are found among those that are open', async () => {
    const open = many / 25;
    expect(await rowsLookedAt((db) => listOrders(db, { attention: true }, page), mode)).toBeLessThanOrEqual(2 * open);
  });

  it.each(['7', 'zzz', 'Ada', 'mug', '1Z999'])('a search reads a bounded part of the past: %s', async (q) => {
    expect(await rowsLookedAt((db) => listOrderRows(db, { q }, page), mode)).toBeLessThan(
      2 * newestSearched + mostRows,
    );
  });

  it('attentions by order number are found among those that are open', async () => {
    const open = many / 25;
    expect(await rowsLookedAt((db) => listAttentions(db, { q: '77' }, page), mode)).toBeLessThanOrEqual(2 * open);
  });

  it.each([
    ['levels below 0', { view: 'oversold' }],
    ['a part of a name', { q: 'no such name' }],
  ] as const)('stock is read once for %s', async (_name, filter) => {
    expect(await rowsLookedAt((db) => listLevels(db, filter, page), mode)).toBeLessThanOrEqual(many + mostRows);
  });

  it.each([
    ['a supplier', { supplierId: 'sup_none' }],
    ['none that is assigned', { unassigned: true, fulfillmentType: 'dropshippable' }],
  ] as const)('products are read once for %s', async (_name, filter) => {
    expect(await rowsLookedAt((db) => listProducts(db, page, filter), mode)).toBeLessThanOrEqual(many + mostRows);
  });

  it('a run of a task begins and ends without reading the runs before it', async () => {
    const task = {
      ...busy,
      type: 'import_orders',
      trigger: 'schedule',
      workflowId: 'w',
      runId: `anew-${mode}`,
    } as const;
    const work = async (db: AccountDb) => {
      const id = await insertTask(db, task);
      await finishTask(db, { id, counts: noCounts(), failures: [], cause: null, nextRunAt: null });
    };
    expect(await rowsLookedAt(work, mode)).toBeLessThan(mostRows);
  });

  it.each([
    ['none is old', 3_650],
    ['all are old', 0],
  ])('a batch of old rows is found without reading the others: %s', async (_name, days) => {
    expect(
      await rowsLookedAt((db) => pruneBatch(db, { recordDays: days, answerDays: days, limit: 100 }), mode),
    ).toBeLessThan(mostRows);
  });
});

it('a page of orders, and an order, is one statement', async () => {
  expect(await statementsOf((db) => listOrders(db, {}, page))).toHaveLength(1);
  expect(await statementsOf((db) => requireOrder(db, 'ord_25'))).toHaveLength(1);
});
