import type {
  BatchResults,
  NewProduct,
  Product,
  ProductBatch,
  ProductChange,
} from '../../../../clients/typescript/src/index.ts';
import { api, sent } from '../client.ts';

/** @throws ApiError `sku_taken`, `two_default_suppliers`, `default_supplier_missing` */
export const updateProduct = (
  account: string,
  { id, change }: { readonly id: string; readonly change: ProductChange },
): Promise<Product> => sent(() => api(account).PATCH('/v1/products/{id}', { params: { path: { id } }, body: change }));

interface Keyed<T> {
  readonly body: T;
  readonly key: string;
}

/** @throws ApiError `sku_taken` */
export const createProduct = (account: string, { body, key }: Keyed<NewProduct>): Promise<Product> =>
  sent(() => api(account).POST('/v1/products', { params: { header: { 'idempotency-key': key } }, body }));

/** Each item has its own outcome, in their order. @throws ApiError */
export const writeProducts = (account: string, { body, key }: Keyed<ProductBatch>): Promise<BatchResults> =>
  sent(() => api(account).POST('/v1/products/batch', { params: { header: { 'idempotency-key': key } }, body }));
