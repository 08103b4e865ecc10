import { restClient, type Rest } from '../tests/support/engine/rest.ts';
import type { Market } from './inventory-seed.ts';
import { until } from './measure.ts';
import type { Service } from './service.ts';

/** The supplier's API client, and the ids of its rows. */
export type Trade = { supplier: Rest; market: Market };
type Named = { id: string };
type Task = {
  id: string;
  status: string;
  cause: string | null;
  counts: { written: number };
  finishedAt: string | null;
};

/** A run that takes longer counts as failed. */
const longestRunSeconds = 900;

/** Makes a merchant with a shop, and a supplier, connected. All their Schedules are paused. */
export async function openTrade({ url, operatorKey }: Service): Promise<Trade> {
  const operator = restClient(url, operatorKey);
  const side = async (name: string) => {
    const { id } = await operator.post<Named>('/accounts', { name });
    const { key } = await operator.post<{ key: string }>('/keys', { accountId: id, name, scopes: ['admin'] });
    return { id, rest: restClient(url, key) };
  };
  const [merchant, supplier] = [await side('Merchant'), await side('Supplier')];
  await operator.post('/connections', { merchantAccountId: merchant.id, supplierAccountId: supplier.id });
  const first = <T extends Named>(rest: Rest, path: string) =>
    until(async () => (await rest.get<{ data: T[] }>(path)).data[0]);
  const entry = await first<Named & { warehouse: Named }>(merchant.rest, '/suppliers');
  const portal = await first(supplier.rest, '/channels');
  const shelf = await first(supplier.rest, '/warehouses');
  const shop = await merchant.rest.post<Named>('/channels', { kind: 'api', name: 'Shop', settings: {} });
  await pauseAll(supplier.rest, portal.id);
  await pauseAll(merchant.rest, shop.id);
  const ids = { merchantId: merchant.id, supplierId: supplier.id, portalId: portal.id, shopId: shop.id };
  return {
    supplier: supplier.rest,
    market: { ...ids, entryId: entry.id, warehouseId: entry.warehouse.id, shelfId: shelf.id },
  };
}

async function pauseAll(rest: Rest, channelId: string): Promise<void> {
  const path = `/channels/${channelId}/schedules`;
  const schedules = await until(async () => {
    const { data } = await rest.get<{ data: { task: string }[] }>(path);
    return data.length === 4 && data;
  });
  for (const { task } of schedules) await rest.patch(`${path}/${task}`, { paused: true });
}

/**
 * Runs Write Inventory Back by Sync, to the end of its task.
 * @returns seconds since the Sync request. @throws Error when it did not write all expected listings
 */
export async function writeBack({ supplier, market }: Trade, expected: number): Promise<number> {
  const began = Date.now();
  const wanted = { tasks: ['write_inventory'] };
  const { tasks } = await supplier.post<{ tasks: Task[] }>(`/channels/${market.portalId}/sync`, wanted);
  const path = `/tasks?channelId=${market.portalId}&type=write_inventory&limit=1`;
  const look = async () => {
    const [task] = (await supplier.get<{ data: Task[] }>(path)).data;
    return task?.id === tasks[0]!.id && task.finishedAt !== null && task;
  };
  const ended = await until(look, { seconds: longestRunSeconds });
  if (ended.status !== 'succeeded' || ended.counts.written !== expected) {
    throw new Error(`Of ${expected} listings ${ended.counts.written} were written: ${ended.status} ${ended.cause}.`);
  }
  return (Date.parse(ended.finishedAt!) - began) / 1000;
}

/** Reads pages of Needs Sync in order, and starts again after the last. @returns milliseconds of each page */
export async function readPages({ supplier, market }: Trade, pages: number): Promise<number[]> {
  const path = `/listings?channelId=${market.portalId}&needsSync=true`;
  const spent: number[] = [];
  for (let cursor: string | null = null; spent.length < pages;) {
    const began = performance.now();
    const page: { nextCursor: string | null } = await supplier.get(cursor === null ? path : `${path}&cursor=${cursor}`);
    spent.push(performance.now() - began);
    cursor = page.nextCursor;
  }
  return spent;
}
