import { randomUUID } from 'node:crypto';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import type { Caller, TestApi } from '../engine/test-api.ts';

type LevelJson = {
  sku: string;
  productId: string;
  warehouseId: string;
  warehouseName: string;
  physicalOnHand: number;
  committed: number;
  availableOnHand: number;
  appliedVersion?: number;
  version: number;
};

export const levelsOf = async (account: Caller, query: string): Promise<LevelJson[]> =>
  (await account.get(`/v1/stock?${query}`)).json<{ data: LevelJson[] }>().data;

export async function levelOf(account: Caller, sku: string): Promise<LevelJson> {
  const [level] = await levelsOf(account, `sku=${encodeURIComponent(sku)}`);
  return level!;
}

export async function aWarehouse(account: Caller, name: string): Promise<string> {
  return (await account.post('/v1/warehouses', { name })).json<{ id: string }>().id;
}

/** In-house products of these SKUs, a thousand at a time. */
export async function someProducts(account: Caller, skus: readonly string[]): Promise<void> {
  for (let first = 0; first < skus.length; first += 1_000) {
    const items = skus.slice(first, first + 1_000).map((sku) => ({ sku, name: sku }));
    const answer = await account.post('/v1/products/batch', { items });
    if (answer.statusCode !== 200) throw new Error(answer.body);
  }
}

/** `count` SKUs, in their order as texts. */
export const skusFrom = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(6, '0')}`);

/** An account with that many in-house products. */
export async function aCatalogue(api: TestApi, size: number): Promise<{ account: Caller; skus: string[] }> {
  const account = await api.anAccount();
  return { account, skus: await fillCatalogue(api.pool, account.accountId, size) };
}

export async function fillCatalogue(pool: Pool, accountId: string, size: number): Promise<string[]> {
  const skus = skusFrom('BULK', size);
  await withAccount(pool, accountId, (db) =>
    db.raw(
      `insert into products (account_id, id, sku, name)
       select :accountId, 'prod_' || row_number() over (), sku, sku from unnest(:skus::text[]) as x(sku)`,
      { accountId, skus },
    ),
  );
  return skus;
}

/** Sends an adjustment under a key of its own. */
export const adjust = (account: Caller, change: object) =>
  account.post('/v1/stock/adjustments', change, { 'idempotency-key': randomUUID() });

/** Rows of a file: each SKU with the rest of its row. */
export const rowsOf = (skus: readonly string[], rest: (sku: string, index: number) => string): string =>
  skus.map((sku, index) => `${sku},${rest(sku, index)}\n`).join('');

/** What the account's own shelves hold, over all products and warehouses. */
export async function sumOf(
  { pool }: Pick<TestApi, 'pool'>,
  { accountId }: Pick<Caller, 'accountId'>,
): Promise<{ rows: number; units: number }> {
  const { rows } = await withAccount(pool, accountId, (db) =>
    db.raw<{ rows: { rows: number; units: number }[] }>(
      'select count(*)::int as rows, coalesce(sum(physical_on_hand), 0)::int as units from stock',
    ),
  );
  return rows[0]!;
}

/** What the account keeps of changes of a product's stock, the oldest first. */
export const changesOf = (api: TestApi, account: Caller, productId: string): Promise<object[]> =>
  withAccount(api.pool, account.accountId, (db) =>
    db('stock_changes')
      .where({ product_id: productId })
      .orderBy('changed_at')
      .select('warehouse_id', 'before', 'after', 'adjust_by', 'reason'),
  );

type Uploaded = { status: number; headers: Headers; lines: string[]; text: string };
export type Upload = {
  url: string;
  account: Pick<Caller, 'key'>;
  headers?: Record<string, string>;
  /** Of a file of adjustments. */
  path?: string;
};

/** A file, sent over a real connection as it comes, without looking at the answer before all is sent. */
export async function upload(
  { url, account, headers = {}, path = '/v1/stock/batch' }: Upload,
  file: string | AsyncIterable<Uint8Array>,
): Promise<Uploaded> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${account.key}`, 'content-type': 'text/csv', ...headers },
    body: file,
    ...(typeof file !== 'string' && { duplex: 'half' }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, lines: text.trimEnd().split('\n'), text };
}

export const withKey = (key: string) => ({ headers: { 'idempotency-key': key } });
