import type { Actor, ActorKind } from '../../domain/account.ts';
import { DomainError, type ErrorCode } from '../../domain/errors.ts';
import type { LabelContent, LabelPayer, LabelStatus, RefundStatus } from '../../domain/labels/label.ts';
import type { Money } from '../../domain/orders/order.ts';
import type { ShipmentLine } from '../../domain/shipments/shipment.ts';
import { moneyOf } from '../engine/money.ts';
import { readPage, type Page, type PageRequest } from '../engine/paging.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

/**
 * A label as its account sees it. Times are ISO. `cost`: null until it is bought, and for a supplier whose merchant pays.
 * `lentTo`: given where the row is the copy of the merchant that lends its label account.
 */
export type Label = {
  id: string;
  orderId: string;
  ratingId: string | null;
  quoteId: string | null;
  labelAccountId: string | null;
  payer: LabelPayer;
  lentTo: string | null;
  isReturn: boolean;
  status: LabelStatus;
  content: LabelContent;
  /** Until it is bought: the one that was asked for. `carrier`: a code of domain/shipments/carriers.ts. */
  carrier: string | null;
  carrierName: string | null;
  service: string | null;
  trackingNumber: string | null;
  trackingUrl: string | null;
  shipmentId: string | null;
  /** The highest price that was agreed to. */
  maxCost: Money | null;
  cost: Money | null;
  /** Why nothing was bought, or why its shipment was refused. */
  failure: ErrorCode | null;
  refund: RefundStatus;
  documentId: string | null;
  actor: Actor;
  createdAt: string;
  boughtAt: string | null;
  recordedAt: string | null;
  voidedAt: string | null;
};

const columns = [
  'id', 'order_id', 'rating_id', 'quote_id', 'label_account_id', 'payer', 'lent_to', 'is_return', 'status', 'content', 'carrier',
  'carrier_name', 'service', 'tracking_number', 'tracking_url', 'shipment_id', 'max_cost_minor', 'max_cost_currency',
  'cost_minor', 'cost_currency', 'failure', 'refund', 'document_id', 'actor_kind', 'actor_id', 'created_at', 'bought_at',
  'recorded_at', 'voided_at',
] as const; // prettier-ignore
type Row = {
  id: string;
  order_id: string;
  rating_id: string | null;
  quote_id: string | null;
  label_account_id: string | null;
  payer: LabelPayer;
  lent_to: string | null;
  is_return: boolean;
  status: LabelStatus;
  content: LabelContent;
  carrier: string | null;
  carrier_name: string | null;
  service: string | null;
  tracking_number: string | null;
  tracking_url: string | null;
  shipment_id: string | null;
  // A bigint, which pg gives as text; it fits a number.
  max_cost_minor: string | null;
  max_cost_currency: string | null;
  cost_minor: string | null;
  cost_currency: string | null;
  failure: ErrorCode | null;
  refund: RefundStatus;
  document_id: string | null;
  actor_kind: ActorKind;
  actor_id: string;
  created_at: Date;
  bought_at: Date | null;
  recorded_at: Date | null;
  voided_at: Date | null;
};

const timeOf = (time: Date | null): string | null => time?.toISOString() ?? null;

const toLabel = (row: Row): Label => ({
  id: row.id,
  orderId: row.order_id,
  ratingId: row.rating_id,
  quoteId: row.quote_id,
  labelAccountId: row.label_account_id,
  payer: row.payer,
  lentTo: row.lent_to,
  isReturn: row.is_return,
  status: row.status,
  content: row.content,
  carrier: row.carrier,
  carrierName: row.carrier_name,
  service: row.service,
  trackingNumber: row.tracking_number,
  trackingUrl: row.tracking_url,
  shipmentId: row.shipment_id,
  maxCost: moneyOf(row.max_cost_minor, row.max_cost_currency),
  cost: moneyOf(row.cost_minor, row.cost_currency),
  failure: row.failure,
  refund: row.refund,
  documentId: row.document_id,
  actor: { kind: row.actor_kind, id: row.actor_id },
  createdAt: row.created_at.toISOString(),
  boughtAt: timeOf(row.bought_at),
  recordedAt: timeOf(row.recorded_at),
  voidedAt: timeOf(row.voided_at),
});

/**
 * A label to buy. `carrier` and `service`: where no quote was named. `lentTo`: of a merchant's copy, whose workflow runs for the
 * supplier's row.
 */
export type NewLabel = Pick<
  Label,
  'id' | 'orderId' | 'payer' | 'lentTo' | 'isReturn' | 'content' | 'maxCost' | 'actor'
> &
  Pick<Label, 'ratingId' | 'quoteId' | 'labelAccountId' | 'carrier' | 'service'> & {
    providerShipmentId: string | null;
    providerRateId: string | null;
  };

/** The dropship that an order came by; null for an order of the account's own. @throws DomainError `label_not_found` */
export async function originOfLabel(db: AccountDb, id: string): Promise<string | null> {
  const row = await db('labels as l')
    .join('orders as o', 'o.id', 'l.order_id')
    .where('l.id', id)
    .first<{ dropship_id: string | null } | undefined>('o.dropship_id');
  if (!row) throw labelNotFound();
  return row.dropship_id;
}

/** A label is stored once: a repeat by id changes nothing. */
export async function insertLabel(db: AccountDb, label: NewLabel): Promise<void> {
  const { actor, maxCost } = label;
  await db('labels')
    .insert({
      account_id: db.accountId,
      id: label.id,
      order_id: label.orderId,
      rating_id: label.ratingId,
      quote_id: label.quoteId,
      label_account_id: label.labelAccountId,
      payer: label.payer,
      lent_to: label.lentTo,
      is_return: label.isReturn,
      status: 'requested',
      content: JSON.stringify(label.content),
      carrier: label.carrier,
      service: label.service,
      provider_shipment_id: label.providerShipmentId,
      provider_rate_id: label.providerRateId,
      max_cost_minor: maxCost?.amount ?? null,
      max_cost_currency: maxCost?.currency ?? null,
      actor_kind: actor.kind,
      actor_id: actor.id,
      ...(label.lentTo !== null && { started_at: db.fn.now() }),
    })
    .onConflict(['account_id', 'id'])
    .ignore();
}

export const labelNotFound = () => new DomainError('label_not_found', 'There is no label with this id.');

export async function findLabel(db: AccountDb, id: string): Promise<Label | undefined> {
  const row = await db('labels')
    .where({ id })
    .first<Row | undefined>(...columns);
  return row && toLabel(row);
}

/** @throws DomainError `label_not_found` */
export async function requireLabel(db: AccountDb, id: string): Promise<Label> {
  const label = await findLabel(db, id);
  if (!label) throw labelNotFound();
  return label;
}

export async function hasLabel(db: AccountDb, id: string): Promise<boolean> {
  return (await db('labels').where({ id }).first<{ id: string } | undefined>('id')) !== undefined;
}

/** As `requireLabel`, with the row's lock: until the transaction ends no other changes the label. */
export async function lockLabel(db: AccountDb, id: string): Promise<Label> {
  const row = await db('labels')
    .where({ id })
    .forUpdate()
    .first<Row | undefined>(...columns);
  if (!row) throw labelNotFound();
  return toLabel(row);
}

type LabelFilter = { orderId?: string | undefined; status?: LabelStatus | undefined };

/** The labels of the account, the newest first. */
export async function listLabels(db: AccountDb, filter: LabelFilter, page: PageRequest): Promise<Page<Label>> {
  const query = db('labels').select<Row[]>(...columns);
  if (filter.orderId !== undefined) void query.where({ order_id: filter.orderId });
  if (filter.status !== undefined) void query.where({ status: filter.status });
  return readPage<Row, Label>(query, { ...page, column: 'created_at', idColumn: 'id' }, toLabel);
}

/** The labels of one order, the oldest first. */
export async function listLabelsOfOrder(db: AccountDb, orderId: string): Promise<Label[]> {
  const rows = await db('labels')
    .where({ order_id: orderId })
    .orderBy(['created_at', 'id'])
    .select<Row[]>(...columns);
  return rows.map(toLabel);
}

/**
 * Units that labels of the order hold: they are asked for or bought, and their shipments are not recorded yet. The caller holds
 * the order's row lock.
 */
export async function listHeldUnits(
  db: AccountDb,
  orderId: string,
  { isReturn }: { isReturn: boolean },
): Promise<ShipmentLine[]> {
  const rows = await db('labels')
    .where({ order_id: orderId, is_return: isReturn })
    .whereNull('lent_to')
    .whereIn('status', ['requested', 'bought'])
    .select<{ content: LabelContent }[]>('content');
  return rows.flatMap(({ content }) => content.lines);
}

/** Whether a label was made of this rating: a provider sells its shipment once. One that failed bought nothing. */
export async function isRatingUsed(db: AccountDb, ratingId: string): Promise<boolean> {
  const row = await db('labels')
    .where({ rating_id: ratingId })
    .whereNot({ status: 'failed' })
    .first<{ id: string } | undefined>('id');
  return row !== undefined;
}

/** The input of a label's workflow, and what a list of workflows shows of it. */
export type LabelStart = {
  labelId: string;
  orderId: string;
  accountId: string;
  channelId: string;
  orderNumber: string;
};

/** @throws DomainError `label_not_found` */
export async function requireLabelStart(db: AccountDb, labelId: string): Promise<LabelStart> {
  const row = await db('labels as l')
    .join('orders as o', 'o.id', 'l.order_id')
    .where('l.id', labelId)
    .first<{ order_id: string; channel_id: string; number: string } | undefined>(
      'l.order_id',
      'o.channel_id',
      'o.number',
    );
  if (!row) throw labelNotFound();
  const { order_id: orderId, channel_id: channelId, number: orderNumber } = row;
  return { labelId, orderId, accountId: db.accountId, channelId, orderNumber };
}

/** Why the workflow of a label was parked last, if it was. */
export async function lastCauseOf(db: AccountDb, workflowId: string): Promise<ErrorCode | undefined> {
  const row = await db('attentions')
    .where({ workflow_id: workflowId })
    .orderBy('since', 'desc')
    .first<{ code: ErrorCode } | undefined>('code');
  return row?.code;
}

/** Whether a person, asked about a purchase that nobody finds since that time (milliseconds), has decided to buy. */
export async function isRetryDecided(db: AccountDb, workflowId: string, since: number): Promise<boolean> {
  const row = await db('attentions')
    .where({ workflow_id: workflowId, code: 'label_outcome_unknown', action: 'retry' })
    .where('since', '>=', new Date(since))
    .first<{ id: string } | undefined>('id');
  return row !== undefined;
}

/** Labels whose workflow a crash left unstarted: committed `seconds` ago and not started. */
export async function listUnstartedLabels(
  db: SystemDb,
  filter: { seconds: number; limit: number },
): Promise<{ accountId: string; labelId: string }[]> {
  return db('labels')
    .whereNull('started_at')
    .whereRaw(`created_at < now() - make_interval(secs => ?)`, [filter.seconds])
    .orderBy('created_at')
    .limit(filter.limit)
    .select<{ accountId: string; labelId: string }[]>({ accountId: 'account_id', labelId: 'id' });
}
