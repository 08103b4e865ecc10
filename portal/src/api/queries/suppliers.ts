import { queryOptions } from '@tanstack/react-query';
import { api, got } from '../client.ts';
import { pagesOf } from './pages.ts';

/** An account has few suppliers: one page is all of them. */
const all = { limit: 200 };

export const suppliersQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'suppliers'],
    queryFn: ({ signal }) => got(api(account).GET('/v1/suppliers', { params: { query: all }, signal })),
  });

export const supplierQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: [account, 'suppliers', id],
    queryFn: ({ signal }) => got(api(account).GET('/v1/suppliers/{id}', { params: { path: { id } }, signal })),
  });

/** Both sides of the account; also those that are proposed, declined or ended. */
export const connectionsQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'connections'],
    queryFn: ({ signal }) => got(api(account).GET('/v1/connections', { params: { query: all }, signal })),
  });

export const connectionQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: [account, 'connections', id],
    queryFn: ({ signal }) => got(api(account).GET('/v1/connections/{id}', { params: { path: { id } }, signal })),
  });

/** Only an admin may ask. */
export const invitationsQuery = (account: string) =>
  queryOptions({
    queryKey: [account, 'invitations'],
    queryFn: ({ signal }) => got(api(account).GET('/v1/invitations', { params: { query: all }, signal })),
  });

/** The existing orders that the supplier could get; a dry run. @param placedFrom a time, or undefined for all */
export const goLiveQuery = (account: string, id: string, placedFrom: string | undefined) =>
  pagesOf([account, 'suppliers', id, 'go-live', placedFrom], ({ page, signal }) =>
    api(account).GET('/v1/suppliers/{id}/go-live', {
      params: { path: { id }, query: { ...page, ...(placedFrom !== undefined && { placedFrom }) } },
      signal,
    }),
  );
