import { withAccount } from '../../db/with-account.ts';
import type { Caller, TestApi } from './support.ts';

export type LevelJson = {
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

/** What the account's own shelves hold, over all products and warehouses. */
export async function sumOf(api: TestApi, account: Caller): Promise<{ rows: number; units: number }> {
  const { rows } = await withAccount(api.pool, account.accountId, (db) =>
    db.raw<{ rows: { rows: number; units: number }[] }>(
      'select count(*)::int as rows, coalesce(sum(physical_on_hand), 0)::int as units from stock',
    ),
  );
  return rows[0]!;
}
