import { queryOptions } from '@tanstack/react-query';
import type { Product } from '../../../../clients/typescript/src/index.ts';
import { api, got } from '../client.ts';
import { pagesOf } from './pages.ts';

interface ProductFilter {
  readonly q?: string | undefined;
  readonly supplierId?: string | undefined;
  readonly fulfillmentType?: Product['fulfillmentType'] | undefined;
  readonly unassigned?: true | undefined;
}

export const productsQuery = (account: string, filter: ProductFilter) => {
  const { q, supplierId, fulfillmentType, unassigned } = filter;
  const query = {
    ...(q && { q }),
    ...(supplierId && { supplierId }),
    ...(fulfillmentType && { fulfillmentType }),
    ...(unassigned && { unassigned }),
  };
  return pagesOf([account, 'products', 'list', query], ({ page, signal }) =>
    api(account).GET('/v1/products', { params: { query: { ...query, ...page } }, signal }),
  );
};

export const productQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: [account, 'products', id],
    queryFn: ({ signal }) => got(api(account).GET('/v1/products/{id}', { params: { path: { id } }, signal })),
  });

const fewFound = 8;

/** The first products that have the text in their SKU or name. */
export const productSearchQuery = (account: string, q: string) =>
  queryOptions({
    queryKey: [account, 'products', 'search', q],
    queryFn: ({ signal }) =>
      got(api(account).GET('/v1/products', { params: { query: { ...(q !== '' && { q }), limit: fewFound } }, signal })),
  });
