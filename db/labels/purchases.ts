import { DomainError, type ErrorCode } from '../../domain/errors.ts';
import type { LabelStatus } from '../../domain/labels/label.ts';
import type { Money } from '../../domain/orders/order.ts';
import { moneyOf } from '../engine/money.ts';
import type { AccountDb } from '../engine/with-account.ts';
import { labelNotFound } from './labels.ts';

/** The purchase of a label, as the row with the money has it. Times are milliseconds. */
export type PurchaseRow = {
  status: LabelStatus;
  labelAccountId: string;
  providerShipmentId: string;
  providerRateId: string;
  providerLabelId: string | null;
  /** Stored before the provider is called: the purchase may have arrived. */
  sentAt: number | null;
  /** No look-up found the purchase, and a person decides. By the clock of the database, as attentions are. */
  lostAt: number | null;
};

/** Whether the purchase may have arrived: it is looked up before anything else. */
export const mayBeThere = ({ sentAt, lostAt }: PurchaseRow): boolean => sentAt !== null || lostAt !== null;

type Row = {
  status: LabelStatus;
  label_account_id: string | null;
  provider_shipment_id: string | null;
  provider_rate_id: string | null;
  provider_label_id: string | null;
  purchase_sent_at: Date | null;
  purchase_lost_at: Date | null;
};
const columns = [
  'status', 'label_account_id', 'provider_shipment_id', 'provider_rate_id', 'provider_label_id', 'purchase_sent_at',
  'purchase_lost_at',
] as const; // prettier-ignore

/** Undefined for a label that is not rated yet, and for a merchant's copy that is not made yet. */
export const findPurchase = async (db: AccountDb, id: string): Promise<PurchaseRow | undefined> =>
  toPurchase(await purchasesOf(db, id).first<Row | undefined>(...columns));

/** @throws DomainError `label_not_found`, also for a label that is not rated yet */
export const requirePurchase = async (db: AccountDb, id: string): Promise<PurchaseRow> =>
  required(await findPurchase(db, id));

/** As `requirePurchase`, with the row's lock. */
export async function lockPurchase(db: AccountDb, id: string): Promise<PurchaseRow> {
  const row = await purchasesOf(db, id)
    .forUpdate()
    .first<Row | undefined>(...columns);
  return required(toPurchase(row));
}

const purchasesOf = (db: AccountDb, id: string) => db('labels').where({ id }).whereNotNull('provider_shipment_id');

function required(purchase: PurchaseRow | undefined): PurchaseRow {
  if (!purchase) throw labelNotFound();
  return purchase;
}

const toPurchase = (row: Row | undefined): PurchaseRow | undefined =>
  row && {
    status: row.status,
    labelAccountId: row.label_account_id!,
    providerShipmentId: row.provider_shipment_id!,
    providerRateId: row.provider_rate_id!,
    providerLabelId: row.provider_label_id,
    sentAt: row.purchase_sent_at?.getTime() ?? null,
    lostAt: row.purchase_lost_at?.getTime() ?? null,
  };

/** What a label that named a service is bought as. Changes nothing once that is known. */
export async function noteQuote(
  db: AccountDb,
  id: string,
  quote: {
    ratingId: string;
    quoteId: string;
    labelAccountId: string;
    payer: 'account' | 'merchant';
    providerShipmentId: string | null;
    providerRateId: string | null;
  },
): Promise<void> {
  await db('labels').where({ id }).whereNull('quote_id').update({
    rating_id: quote.ratingId,
    quote_id: quote.quoteId,
    label_account_id: quote.labelAccountId,
    payer: quote.payer,
    provider_shipment_id: quote.providerShipmentId,
    provider_rate_id: quote.providerRateId,
  });
}

/** Its workflow runs: the sweep need not start it. */
export async function noteStarted(db: AccountDb, id: string): Promise<void> {
  await db('labels').where({ id }).whereNull('started_at').update({ started_at: db.fn.now() });
}

/** The purchase is about to be sent. The caller holds the row's lock. */
export async function noteSent(db: AccountDb, id: string, now: Date): Promise<void> {
  await db('labels').where({ id }).update({ purchase_sent_at: now });
}

/**
 * The provider says that it did not take the purchase.
 * @param before when an earlier try sent it, in milliseconds: that one may have arrived. Null for none
 */
export async function forgetSent(db: AccountDb, id: string, before: number | null): Promise<void> {
  const sentAt = before === null ? null : new Date(before);
  await db('labels').where({ id, status: 'requested' }).update({ purchase_sent_at: sentAt });
}

/** No look-up finds the purchase. After a person's decision the next try looks once more, then buys. */
export async function noteLost(db: AccountDb, id: string): Promise<void> {
  const lost = { purchase_sent_at: null, purchase_lost_at: db.fn.now() };
  await db('labels').where({ id, status: 'requested' }).update(lost);
}

/** A label as it was bought. `cost` and the provider's id: only where the row has the money. */
type BoughtFacts = {
  carrier: string;
  carrierName: string;
  service: string;
  trackingNumber: string;
  trackingUrl: string | null;
  boughtAt: Date;
  cost: Money | null;
  providerLabelId: string | null;
};

/** @returns whether this is the first time */
export async function noteBought(db: AccountDb, id: string, bought: BoughtFacts): Promise<boolean> {
  const changed = await db('labels')
    .where({ id, status: 'requested' })
    .update({
      status: 'bought',
      carrier: bought.carrier,
      carrier_name: bought.carrierName,
      service: bought.service,
      tracking_number: bought.trackingNumber,
      tracking_url: bought.trackingUrl,
      bought_at: bought.boughtAt,
      cost_minor: bought.cost?.amount ?? null,
      cost_currency: bought.cost?.currency ?? null,
      provider_label_id: bought.providerLabelId,
    });
  return changed > 0;
}

/** The facts of a label that is bought. @throws DomainError `label_not_bought` */
export async function requireBought(db: AccountDb, id: string): Promise<BoughtFacts> {
  const row = await db('labels')
    .where({ id })
    .whereNotNull('bought_at')
    .first<BoughtRow | undefined>(
      'carrier',
      'carrier_name',
      'service',
      'tracking_number',
      'tracking_url',
      'bought_at',
      'cost_minor',
      'cost_currency',
      'provider_label_id',
    );
  if (!row) throw new DomainError('label_not_bought', `Label ${id} is not bought.`);
  return {
    carrier: row.carrier,
    carrierName: row.carrier_name,
    service: row.service,
    trackingNumber: row.tracking_number,
    trackingUrl: row.tracking_url,
    boughtAt: row.bought_at,
    cost: moneyOf(row.cost_minor, row.cost_currency),
    providerLabelId: row.provider_label_id,
  };
}

type BoughtRow = {
  carrier: string;
  carrier_name: string;
  service: string;
  tracking_number: string;
  tracking_url: string | null;
  bought_at: Date;
  cost_minor: string | null;
  cost_currency: string | null;
  provider_label_id: string | null;
};

/** Nothing was bought, and nothing will be. The provider's shipment is free for another label. @returns whether it is new */
export async function noteFailed(db: AccountDb, id: string, failure: ErrorCode): Promise<boolean> {
  const changed = await db('labels')
    .where({ id, status: 'requested' })
    .update({ status: 'failed', failure, provider_shipment_id: null });
  return changed > 0;
}

export async function noteDocument(db: AccountDb, id: string, documentId: string): Promise<void> {
  await db('labels').where({ id }).update({ document_id: documentId });
}
