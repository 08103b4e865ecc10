import { randomBytes } from 'node:crypto';
import {
  dataOf,
  type Label,
  type NewLabel,
  type NewLabelAccount,
  type NewRating,
  type Rating,
} from '../../../clients/typescript/src/index.ts';
import { keyed } from '../engine/rest.ts';
import { waitUntil } from '../engine/wait-until.ts';
import type { Company } from './trade.ts';

/** Builders and calls for labels over REST. */

export type LabelAnswer = Label;

export const parcel = { weightGrams: 900, lengthMm: 300, widthMm: 200, heightMm: 150 };
const shipFrom = {
  name: 'Dock 4',
  address1: '417 Montgomery Street',
  city: 'San Francisco',
  province: 'CA',
  postalCode: '94104',
  country: 'US',
};

/** @returns its id */
export async function aLabelAccount(
  company: Company,
  of: Pick<NewLabelAccount, 'provider'> & { credentials?: { apiKey: string } } = { provider: 'test' },
): Promise<string> {
  const body = { name: `Labels by ${of.provider}`, carriers: [], credentials: {}, ...of } as NewLabelAccount;
  return (await dataOf(company.rest.api.POST('/v1/label-accounts', { body }))).id;
}

/** Gives the company's own warehouse an address, so that its parcels have one to leave from. */
export async function shipsFrom(company: Company): Promise<void> {
  const { data } = await dataOf(company.rest.api.GET('/v1/warehouses'));
  const own = data.find(({ supplierId }) => supplierId === null)!;
  await dataOf(
    company.rest.api.PATCH('/v1/warehouses/{id}', { params: { path: { id: own.id } }, body: { address: shipFrom } }),
  );
}

export const ratesOf = (company: Company, orderId: string, wish: Partial<NewRating> = {}): Promise<Rating> =>
  dataOf(
    company.rest.api.POST('/v1/orders/{id}/rates', {
      params: { path: { id: orderId } },
      body: { parcel, signature: 'none', isReturn: false, ...wish },
    }),
  );

type Wish = Partial<NewLabel> & { key?: string };

export const buyLabel = (company: Company, orderId: string, { key, ...body }: Wish): Promise<LabelAnswer> =>
  dataOf(
    company.rest.api.POST('/v1/orders/{id}/labels', {
      params: { path: { id: orderId }, header: keyed(key) },
      body: body as NewLabel,
    }),
  );

/** The cheapest label for these lines, or for all that is open. */
export async function cheapestLabel(
  company: Company,
  orderId: string,
  { lines, key }: { lines?: NewRating['lines']; key?: string } = {},
): Promise<LabelAnswer> {
  const { quotes } = await ratesOf(company, orderId, lines ? { lines } : {});
  return buyLabel(company, orderId, { quoteId: quotes[0]!.id, key: key ?? randomBytes(6).toString('hex') });
}

export const voidLabel = (company: Company, id: string, { key }: { key?: string } = {}): Promise<LabelAnswer> =>
  dataOf(
    company.rest.api.POST('/v1/labels/{id}/void', {
      params: { path: { id }, header: keyed(key) },
      body: { reason: 'not_sent' },
    }),
  );

export const labelOf = (company: Company, id: string): Promise<LabelAnswer> =>
  dataOf(company.rest.api.GET('/v1/labels/{id}', { params: { path: { id } } }));

export async function labelsOf(company: Company, orderId?: string): Promise<LabelAnswer[]> {
  const query = { limit: 200, ...(orderId !== undefined && { orderId }) };
  return (await dataOf(company.rest.api.GET('/v1/labels', { params: { query } }))).data;
}

/** Waits until the label has this status. */
export const untilLabel = (company: Company, id: string, status: Label['status']): Promise<LabelAnswer> =>
  waitUntil(
    async () => {
      const label = await labelOf(company, id);
      return label.status === status && label;
    },
    { timeoutMs: 30_000, what: `label ${id} that is ${status}` },
  );
