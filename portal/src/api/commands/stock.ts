import type { NewAdjustment, Warehouse, WarehouseChange } from '../../../../clients/typescript/src/index.ts';
import { api, sent } from '../client.ts';
import type { Level } from '../queries/stock.ts';

interface Counted {
  readonly sku: string;
  readonly warehouseId: string;
  readonly physicalOnHand: number;
}

/** The units that were counted; repeated, they change nothing. @throws ApiError `stock_of_supplier` */
export const setLevel = (account: string, level: Counted): Promise<Level> =>
  sent(() => api(account).PUT('/v1/stock', { body: { ...level, reason: 'count' } }));

export type AdjustReason = NewAdjustment['reason'];

interface Adjustment {
  readonly sku: string;
  readonly warehouseId: string;
  readonly adjustBy: number;
  readonly reason: AdjustReason;
  readonly key: string;
}

/** Units that came or went. @throws ApiError `below_zero` */
export const adjustLevel = (account: string, { key, ...body }: Adjustment): Promise<Level> =>
  sent(() => api(account).POST('/v1/stock/adjustments', { params: { header: { 'idempotency-key': key } }, body }));

/** Its name and its address. @throws ApiError with `errors` by the fields of the body, such as `/address/country` */
export const changeWarehouse = (
  account: string,
  { id, change }: { readonly id: string; readonly change: WarehouseChange },
): Promise<Warehouse> =>
  sent(() => api(account).PATCH('/v1/warehouses/{id}', { params: { path: { id } }, body: change }));
