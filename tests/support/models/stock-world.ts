import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { StockWrite } from '../../../activities/channels/channel.ts';
import { writeInventory } from '../../../activities/channels/portal/stock.ts';
import type { Messenger } from '../../../activities/channels/portal/tools.ts';
import { availableInWarehouse } from '../../../db/stock/availability.ts';
import { storeListings } from '../../../db/catalogue/listing-page.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { upsertProducts } from '../../../db/catalogue/products.ts';
import { setLevels, type StockWish } from '../../../db/stock/levels.ts';
import { ensureMirrorProducts } from '../../../db/catalogue/mirror-products.ts';
import { withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import { listDue, recordSyncResults } from '../../../db/catalogue/write-back.ts';
import type { FulfillmentType } from '../../../domain/orders/routing.ts';
import { atTheEnd } from '../engine/for-the-file.ts';
import { aLink, aMerchant, type Link, type Merchant } from '../trade/database-trade.ts';
import type { Index } from './stock-truth.ts';

/** Two merchants, two suppliers, each connected with each, on a real database. */

export type AccountName = 'm0' | 'm1' | 's0' | 's1';
export const merchantName = (index: Index): AccountName => `m${index}`;
export const supplierName = (index: Index): AccountName => `s${index}`;
export type Pair = { merchant: Index; supplier: Index };

export type StockWorld = {
  pool: Pool;
  accounts: Record<AccountName, Merchant>;
  link: (pair: Pair) => Link;
  /** Reads the figures as the service does: as each account, by the formula for shops. */
  look: (skus: readonly string[]) => Promise<Cell[]>;
  /** Removes half-done work, which would disturb a later run. */
  forget: () => Promise<unknown>;
};

export async function aStockWorld(pool: Pool, appUrl: string): Promise<StockWorld> {
  const [m0, m1, s0, s1] = await Promise.all([aMerchant(pool), aMerchant(pool), aMerchant(pool), aMerchant(pool)]);
  const accounts = { m0, m1, s0, s1 };
  const links = await Promise.all(
    [m0, m1].map((merchant) =>
      Promise.all([s0, s1].map((supplier) => aLink(pool, merchant.accountId, supplier.accountId))),
    ),
  );
  const client = new pg.Client({ connectionString: appUrl });
  await client.connect();
  atTheEnd(() => client.end());
  const names = await namesOf(pool, accounts, links);
  return {
    pool,
    accounts,
    link: ({ merchant, supplier }) => links[merchant]![supplier]!,
    look: (skus) => look(client, { accounts, names, skus }),
    forget: () => client.query(Object.values(accounts).map(forgetting).join(';')),
  };
}

export const inside = <T>({ pool, accounts }: StockWorld, name: AccountName, work: (db: AccountDb) => Promise<T>) =>
  withAccount(pool, accounts[name].accountId, work);

/**
 * The products of one run, new in each account. `first` and `second` are dropshipped automatically to that supplier;
 * `either` is dropshipped by hand. All are assigned to both suppliers, which have them by the same SKU.
 */
export const kinds = ['first', 'second', 'either'] as const;
export type Kind = (typeof kinds)[number];
export type Skus = Record<Kind, string>;

const both = [0, 1] as const;

/** Makes the products of many runs in a few statements. Made per run, they would take longer than the run itself. */
export async function newProducts(world: StockWorld, count = 1): Promise<Skus[]> {
  const runs = Array.from({ length: count }, (): Skus => {
    const run = randomBytes(5).toString('hex');
    return { first: `first-${run}`, second: `second-${run}`, either: `either-${run}` };
  });
  const ids = await Promise.all(both.map((merchant) => assign(world, merchant, runs)));
  for (const supplier of both) {
    await inside(world, supplierName(supplier), async (db) => {
      for (const merchant of both) await list(db, world.link({ merchant, supplier }).portalId, ids[merchant]!);
    });
  }
  return runs;
}

/** @returns the merchant's product ids, by SKU */
async function assign(world: StockWorld, merchant: Index, runs: readonly Skus[]): Promise<Map<string, string>> {
  const content = (sku: string, fulfillmentType: FulfillmentType, home?: Index) => ({
    sku,
    name: sku,
    fulfillmentType,
    suppliers: both.map((supplier) => ({
      supplierId: world.link({ merchant, supplier }).supplierId,
      supplierSku: null,
      costMinor: null,
      costCurrency: null,
      isDefault: supplier === home,
    })),
  });
  const contents = runs.flatMap(({ first, second, either }) => [
    content(first, 'automatically_dropshipped', 0),
    content(second, 'automatically_dropshipped', 1),
    content(either, 'dropshippable'),
  ]);
  return inside(world, merchantName(merchant), async (db) => {
    const ids = await upsertProducts(db, contents);
    await list(db, world.accounts[merchantName(merchant)].channelId, ids);
    return ids;
  });
}

async function list(db: AccountDb, channelId: string, ids: ReadonlyMap<string, string>): Promise<void> {
  const named = [...ids].map(([sku, remoteId]) => ({ sku, remoteId, name: sku }));
  await ensureMirrorProducts(db, channelId, named);
  await storeListings(db, channelId, named);
}

/** Sets the stock of each product at both suppliers and writes it back to each merchant. */
export async function countAll(world: StockWorld, runs: readonly Skus[], units: number): Promise<void> {
  const wishes = runs.flatMap((skus) => kinds.map((kind) => ({ sku: skus[kind], level: { physicalOnHand: units } })));
  for (const supplier of both) {
    await inside(world, supplierName(supplier), (db) => setLevels(db, wishes));
    for (const merchant of both) {
      const pair = { merchant, supplier };
      await writeStock(world, pair, { batch: await readDue(world, pair), isRecorded: true });
    }
  }
}

export const setStock = (world: StockWorld, name: AccountName, wish: StockWish) =>
  inside(world, name, async (db) => (await setLevels(db, [wish]))[0]!);

const readDue = (world: StockWorld, pair: Pair): Promise<StockWrite[]> =>
  inside(world, supplierName(pair.supplier), (db) =>
    listDue(db, world.link(pair).portalId, { after: null, limit: 10_000, of: 'own' }),
  );

/** Figures that a write-back has read from a supplier for one merchant, and may write at any time. */
export async function readStock(world: StockWorld, pair: Pair, skus: Skus): Promise<StockWrite[]> {
  const due = await readDue(world, pair);
  return due.filter(({ sku }) => kinds.some((kind) => skus[kind] === sku));
}

/** @param isRecorded whether the result is recorded at the supplier; else it is written again */
export async function writeStock(
  world: StockWorld,
  pair: Pair,
  { batch, isRecorded }: { batch: StockWrite[]; isRecorded: boolean },
): Promise<string[]> {
  const { connectionId, supplierAccountId } = world.link(pair);
  const outcomes = await writeInventory(
    { pool: world.pool, accountId: supplierAccountId, connectionId, messenger: silent },
    batch,
  );
  const results = batch.map(({ listingId, version }) => ({ listingId, version, cause: null, permanent: false }));
  if (isRecorded) await inside(world, supplierName(pair.supplier), (db) => recordSyncResults(db, results));
  return outcomes.map(({ outcome }) => outcome);
}

const unasked = () => Promise.reject(new Error('Stock does not go upstream as a message.'));
const silent: Messenger = { recordShipment: unasked, correctTracking: unasked, voidShipment: unasked };

/**
 * One product in one warehouse. `sent`: every listing knows of the product's version, once its stock is counted;
 * `behind`: the merchants whose listing of it needs sync.
 */
export type Cell = {
  account: AccountName;
  sku: string;
  warehouse: Index | 'here';
  onHand: number;
  committed: number;
  available: number;
  applied: number | null;
  version: number;
  sent: boolean;
  behind: Index[];
};

type Row = Omit<Cell, 'account' | 'warehouse' | 'behind'> & { warehouse: string; behind: string[] };
/** Warehouses by their supplier, portals by their merchant. */
type Names = { warehouses: ReadonlyMap<string, Index | 'here'>; portals: ReadonlyMap<string, Index> };

async function namesOf(pool: Pool, accounts: StockWorld['accounts'], links: readonly Link[][]): Promise<Names> {
  const portals = new Map(links.flatMap((each, merchant) => each.map((link) => [link.portalId, merchant as Index])));
  const suppliers = new Map(
    links.flatMap((each) => each.map((link, supplier) => [link.supplierId, supplier as Index])),
  );
  const warehouses = new Map<string, Index | 'here'>();
  for (const { accountId } of Object.values(accounts)) {
    const rows = await withAccount(pool, accountId, (db) =>
      db('warehouses').select<{ id: string; supplier_id: string | null }[]>('id', 'supplier_id'),
    );
    for (const row of rows) warehouses.set(row.id, suppliers.get(row.supplier_id ?? '') ?? 'here');
  }
  return { warehouses, portals };
}

const asAccount = ({ accountId }: Merchant) =>
  `select set_config('app.account_id', ${pg.escapeLiteral(accountId)}, true)`;

const forgetting = (account: Merchant) => `${asAccount(account)};
  update listings set synced_version = stock_version where stock_version > synced_version;
  update dropships set status = 'cancelled' where status = 'requested'`;

/** All accounts in one exchange with the database, one transaction: this is done after every command. */
async function look(
  client: pg.Client,
  { accounts, names, skus }: Pick<StockWorld, 'accounts'> & { names: Names; skus: readonly string[] },
): Promise<Cell[]> {
  const everybody = Object.keys(accounts) as AccountName[];
  const list = skus.map((sku) => pg.escapeLiteral(sku)).join(', ');
  const statements = everybody.map(
    (name) => `
      ${asAccount(accounts[name])};
      select p.sku, w.id as warehouse, coalesce(s.physical_on_hand, 0) as "onHand", coalesce(s.committed, 0) as committed,
             (${availableInWarehouse})::int as available, s.applied_version as applied, p.stock_version as version,
             p.stock_set_at is null or not exists (select from listings l where l.product_id = p.id and l.stock_version <> p.stock_version) as sent,
             array(select l.channel_id from listings l where l.product_id = p.id and l.stock_version > l.synced_version) as behind
      from products p cross join warehouses w
      left join stock s on s.product_id = p.id and s.warehouse_id = w.id
      where p.sku in (${list})`,
  );
  const results = (await client.query<Row>(statements.join(';'))) as unknown as pg.QueryResult<Row>[];
  return everybody.flatMap((account, index) =>
    results[2 * index + 1]!.rows.map((row) => ({
      ...row,
      account,
      warehouse: names.warehouses.get(row.warehouse)!,
      behind: row.behind.flatMap((channelId) => names.portals.get(channelId) ?? []),
    })),
  );
}
