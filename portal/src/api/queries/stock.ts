import { queryOptions, type InfiniteData } from '@tanstack/react-query';
import type {
  StockLevel,
  StockLevelPage,
  Warehouse as ApiWarehouse,
} from '../../../../clients/typescript/src/index.ts';
import { api, got } from '../client.ts';
import { pagesOf } from './pages.ts';

export type Warehouse = ApiWarehouse;
export type Level = StockLevel;
export type LevelPages = InfiniteData<StockLevelPage>;

interface StockFilter {
  readonly view?: 'needs_sync' | 'oversold' | 'suspended';
  readonly q?: string;
  readonly own?: true;
  readonly warehouseId?: string;
}

export const stockQuery = (account: string, filter: StockFilter) =>
  pagesOf([account, 'stock', filter], ({ page, signal }) =>
    api(account).GET('/v1/stock', { params: { query: { ...filter, ...page } }, signal }),
  );

/** More than any account shows in a list to choose from. */
const most = 200;
const freshMs = 5 * 60_000;

/** Own warehouses, and those that stand for suppliers. */
export const warehousesQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'warehouses'],
    queryFn: ({ signal }) => got(api(account).GET('/v1/warehouses', { params: { query: { limit: most } }, signal })),
    staleTime: freshMs,
  });
