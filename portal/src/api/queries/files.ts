import { api, got } from '../client.ts';

/** An empty file with the columns of an upload. */
export const templateOf = (account: string, name: 'shipments.csv' | 'stock.csv'): Promise<string> =>
  got(api(account).GET('/v1/templates/{name}', { params: { path: { name } }, parseAs: 'text' }));

const asCsv = { headers: { accept: 'text/csv' }, parseAs: 'text' } as const;

/** The lines that are to ship, to fill in carrier and tracking number. */
export const ordersToShip = (account: string): Promise<string> =>
  got(
    api(account).GET('/v1/orders', {
      ...asCsv,
      params: { query: { status: ['awaiting_fulfillment', 'partially_shipped'] } },
    }),
  );

/** The counts of the own warehouses as they are now. */
export const presentCounts = (account: string): Promise<string> =>
  got(api(account).GET('/v1/stock', { ...asCsv, params: { query: { own: true } } }));
