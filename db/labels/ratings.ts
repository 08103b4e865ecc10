import { DomainError } from '../../domain/errors.ts';
import type { LabelContent, LabelPayer } from '../../domain/labels/label.ts';
import type { Money } from '../../domain/orders/order.ts';
import { moneyOf } from '../engine/money.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** `cost`: null in the account of a supplier whose merchant pays. */
type Quote = {
  id: string;
  carrier: string;
  carrierName: string;
  service: string;
  deliveryDays: number | null;
  cost: Money | null;
};
/** `reason`: the provider's words; null in the account of a supplier whose merchant pays. */
type RateFailure = { carrier: string; reason: string | null };

/** A provider's shipment of one parcel, as the account of the row sees it. Times are ISO; `quotes`: the cheapest first. */
export type Rating = {
  id: string;
  orderId: string;
  labelAccountId: string;
  payer: LabelPayer;
  isReturn: boolean;
  content: LabelContent;
  quotes: Quote[];
  failures: RateFailure[];
  createdAt: string;
  expiresAt: string;
};

/** A quote to be written. `providerRateId`: null, as the cost, in the account of a supplier whose merchant pays. */
export type NewQuote = Quote & { providerRateId: string | null };
export type NewRating = Omit<Rating, 'quotes' | 'createdAt'> & {
  quotes: readonly NewQuote[];
  providerShipmentId: string | null;
  /** Of the merchant that pays: its entry of the supplier. */
  lentTo: string | null;
};

/** All that a purchase of a quote needs. Without `providerShipmentId` the merchant's account has it: `lentQuote`. */
type QuoteToBuy = NewQuote &
  Pick<NewRating, 'orderId' | 'labelAccountId' | 'payer' | 'lentTo' | 'isReturn' | 'content' | 'providerShipmentId'> & {
    ratingId: string;
  };

type QuoteRow = {
  id: string;
  rating_id: string;
  provider_rate_id: string | null;
  carrier: string;
  carrier_name: string;
  service: string;
  delivery_days: number | null;
  // A bigint, which pg gives as text; it fits a number.
  cost_minor: string | null;
  cost_currency: string | null;
};
type RatingRow = {
  id: string;
  order_id: string;
  label_account_id: string;
  payer: LabelPayer;
  lent_to: string | null;
  is_return: boolean;
  content: LabelContent;
  provider_shipment_id: string | null;
  failures: RateFailure[];
  created_at: Date;
  expires_at: Date;
};
const quoteColumns = [
  'id', 'rating_id', 'provider_rate_id', 'carrier', 'carrier_name', 'service', 'delivery_days', 'cost_minor',
  'cost_currency',
] as const; // prettier-ignore
const ratingColumns = [
  'id', 'order_id', 'label_account_id', 'payer', 'lent_to', 'is_return', 'content', 'provider_shipment_id', 'failures',
  'created_at', 'expires_at',
] as const; // prettier-ignore

const toQuote = (row: QuoteRow): Quote => ({
  id: row.id,
  carrier: row.carrier,
  carrierName: row.carrier_name,
  service: row.service,
  deliveryDays: row.delivery_days,
  cost: moneyOf(row.cost_minor, row.cost_currency),
});

/** A rating is written once: an activity that runs again after its commit changes nothing. */
export async function insertRating(db: AccountDb, rating: NewRating): Promise<void> {
  const { id, quotes } = rating;
  const inserted = await db('label_ratings')
    .insert({
      account_id: db.accountId,
      id,
      order_id: rating.orderId,
      label_account_id: rating.labelAccountId,
      payer: rating.payer,
      lent_to: rating.lentTo,
      is_return: rating.isReturn,
      content: JSON.stringify(rating.content),
      provider_shipment_id: rating.providerShipmentId,
      failures: JSON.stringify(rating.failures),
      expires_at: rating.expiresAt,
    })
    .onConflict(['account_id', 'id'])
    .ignore()
    .returning('id');
  if (inserted.length === 0 || quotes.length === 0) return;
  const rows = quotes.map((quote, position) => ({
    ...rowOf(quote),
    account_id: db.accountId,
    rating_id: id,
    position,
  }));
  await db('label_quotes').insert(rows);
}

const rowOf = (quote: NewQuote) => ({
  id: quote.id,
  provider_rate_id: quote.providerRateId,
  carrier: quote.carrier,
  carrier_name: quote.carrierName,
  service: quote.service,
  delivery_days: quote.deliveryDays,
  cost_minor: quote.cost?.amount ?? null,
  cost_currency: quote.cost?.currency ?? null,
});

export async function findRating(db: AccountDb, id: string): Promise<Rating | undefined> {
  const row = await db('label_ratings')
    .where({ id })
    .first<RatingRow | undefined>(...ratingColumns);
  if (!row) return undefined;
  const quotes = await db('label_quotes')
    .where({ rating_id: id })
    .orderBy('position')
    .select<QuoteRow[]>(...quoteColumns);
  return {
    id: row.id,
    orderId: row.order_id,
    labelAccountId: row.label_account_id,
    payer: row.payer,
    isReturn: row.is_return,
    content: row.content,
    quotes: quotes.map(toQuote),
    failures: row.failures,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  };
}

/** @throws DomainError `quote_not_found` */
export async function requireRating(db: AccountDb, id: string): Promise<Rating> {
  const rating = await findRating(db, id);
  if (!rating) throw quoteNotFound(`There is no rating ${id}.`);
  return rating;
}

const quoteNotFound = (detail: string) => new DomainError('quote_not_found', detail);

/**
 * A quote of an order, to be bought.
 * @throws DomainError `quote_not_found`, `rate_expired`
 */
export async function requireQuote(db: AccountDb, orderId: string, quoteId: string): Promise<QuoteToBuy> {
  const quote = await findQuote(db, quoteId);
  if (quote?.orderId !== orderId) throw quoteNotFound(`Order ${orderId} has no quote ${quoteId}.`);
  return quote;
}

/**
 * The quote in the account of the merchant that lends its label account: with the cost, the ids of the provider, and the
 * merchant's own order.
 * @param db of the merchant
 * @throws DomainError `quote_not_found`, `rate_expired`
 */
export async function lentQuote(db: AccountDb, quoteId: string): Promise<QuoteToBuy> {
  const quote = await findQuote(db, quoteId);
  if (quote?.payer !== 'account' || quote.lentTo === null) throw quoteNotFound(`There is no lent quote ${quoteId}.`);
  return quote;
}

/**
 * The quote of a rating for a carrier and a service as they were asked for; the first is the cheapest.
 * @param wanted.service as the provider spells it, whatever the case. Left out: any
 * @throws DomainError `quote_not_found`
 */
export function quoteFor(rating: Rating, wanted: { carrier: string; service?: string | undefined }): Quote {
  const isMeant = ({ carrier, service }: Quote) =>
    carrier === wanted.carrier &&
    (wanted.service === undefined || service.toLowerCase() === wanted.service.toLowerCase());
  const quote = rating.quotes.find(isMeant);
  if (!quote) throw quoteNotFound(`Rating ${rating.id} has no quote for this carrier and service.`);
  return quote;
}

/** @throws DomainError `rate_expired` */
async function findQuote(db: AccountDb, id: string): Promise<QuoteToBuy | undefined> {
  const quote = await db('label_quotes')
    .where({ id })
    .first<QuoteRow | undefined>(...quoteColumns);
  if (!quote) return undefined;
  const rating = (await db('label_ratings')
    .where({ id: quote.rating_id })
    .first<(RatingRow & { is_over: boolean }) | undefined>(
      ...ratingColumns,
      db.raw('expires_at <= now() as is_over'),
    ))!;
  if (rating.is_over) throw new DomainError('rate_expired', `Quote ${id} has ended.`);
  return {
    ...toQuote(quote),
    providerRateId: quote.provider_rate_id,
    ratingId: rating.id,
    orderId: rating.order_id,
    labelAccountId: rating.label_account_id,
    payer: rating.payer,
    lentTo: rating.lent_to,
    isReturn: rating.is_return,
    content: rating.content,
    providerShipmentId: rating.provider_shipment_id,
  };
}
