import type { Actor } from '../domain/account.ts';
import type { ParkingStep, ResolutionAction, ResolutionReason } from '../domain/attention.ts';
import { DomainError, type ErrorCode } from '../domain/errors.ts';
import { productOfLine } from './catalogue/sku-meanings.ts';
import { newId } from './engine/ids.ts';
import { insertOrderEvent } from './orders/events.ts';
import { downFrom } from './orders/family.ts';
import { isUnmapped, type UnmappedLine } from './orders/unmapped-lines.ts';
import { readPage, type Page, type PageRequest } from './engine/paging.ts';
import type { AccountDb, SystemDb } from './engine/with-account.ts';

/** Of an order that waits, or of a listing, where nothing waits. */
type Subject = { orderId: string; listingId: null } | { orderId: null; listingId: string };
/** A parked step that waits for a decision. */
export type Attention = Subject & {
  /** Of an order that waits for products; only where they are shown. */
  lines?: UnmappedLine[];
  id: string;
  accountId: string;
  dropshipId: string | null;
  channelId: string | null;
  /** `null`: no workflow waits; the order itself does (`route`). */
  workflowId: string | null;
  step: ParkingStep;
  code: ErrorCode;
  since: string;
};

export type NewAttention = {
  orderId: string;
  dropshipId?: string | null;
  shipmentId?: string | null;
  channelId?: string | null;
  /** Of a label: the account that buys it. A merchant may lend it. */
  labelAccountId?: string | null;
  workflowId: string | null;
  step: ParkingStep;
  code: ErrorCode;
  /** The credentials that failed; without, those that the channel has now. */
  credentialsVersion?: number | undefined;
};

const columns = [
  'id', 'account_id', 'order_id', 'listing_id', 'dropship_id', 'channel_id', 'workflow_id', 'step', 'code', 'since',
]; // prettier-ignore
type Row = {
  id: string;
  account_id: string;
  order_id: string | null;
  listing_id: string | null;
  dropship_id: string | null;
  channel_id: string | null;
  workflow_id: string | null;
  step: ParkingStep;
  code: ErrorCode;
  since: Date;
};

const toAttention = (row: Row): Attention => ({
  ...({ orderId: row.order_id, listingId: row.listing_id } as Subject),
  id: row.id,
  accountId: row.account_id,
  dropshipId: row.dropship_id,
  channelId: row.channel_id,
  workflowId: row.workflow_id,
  step: row.step,
  code: row.code,
  since: row.since.toISOString(),
});

/**
 * Raises the attention of a parked step. Idempotent: a workflow has one open attention; where no workflow waits, an order
 * has one for each step. The channel's credentials version is stored: newer credentials resume the step.
 */
export async function raiseAttention(db: AccountDb, attention: NewAttention): Promise<{ id: string; isNew: boolean }> {
  const { orderId, dropshipId = null, shipmentId = null, channelId = null, workflowId, step, code } = attention;
  const { labelAccountId = null, credentialsVersion = null } = attention;
  const living = db('attentions')
    .whereNull('resolved_at')
    .where({ workflow_id: workflowId, ...(workflowId === null && { order_id: orderId, step }) });
  const known = await living.clone().first<{ id: string } | undefined>('id');
  if (known) {
    await db('attentions').where({ id: known.id }).update({ step, code });
    return { id: known.id, isNew: false };
  }
  const id = newId('attention');
  const versionOf = (channel: string) => db('channels').where({ id: channel }).select('credentials_version');
  await db('attentions').insert({
    account_id: db.accountId,
    id,
    order_id: orderId,
    dropship_id: dropshipId,
    shipment_id: shipmentId,
    channel_id: channelId,
    label_account_id: labelAccountId,
    credentials_version: credentialsVersion ?? (channelId === null ? null : versionOf(channelId)),
    workflow_id: workflowId,
    step,
    code,
  });
  return { id, isNew: true };
}

/** Closes the open attention with its decision. Idempotent. */
export async function closeAttention(
  db: AccountDb,
  closing: { workflowId: string | null; orderId?: string; step?: ParkingStep; action: ResolutionAction; by: string },
): Promise<{ id: string; orderId: string }[]> {
  const { workflowId, orderId, step, action, by } = closing;
  const rows = await db('attentions')
    .whereNull('resolved_at')
    .where({ workflow_id: workflowId, ...(orderId !== undefined && { order_id: orderId }), ...(step && { step }) })
    .update({ resolved_at: db.fn.now(), action, resolved_by: by })
    .returning<{ id: string; order_id: string }[]>(['id', 'order_id']);
  return rows.map((row) => ({ id: row.id, orderId: row.order_id }));
}

type Closing = { orderId: string; action: ResolutionAction; actor: Actor };

/** Closes the attention that asks who ships an order, with an entry on its timeline. */
export const closeRouteAttention = (db: AccountDb, closing: Closing): Promise<void> =>
  closeStepAttention(db, { ...closing, step: 'route' });

/** The same for any step that waits without a workflow. */
export const closeStepAttention = (db: AccountDb, closing: Closing & { step: ParkingStep }): Promise<void> =>
  closeWithEvent(db, { ...closing, workflowId: null });

/** Closes open attentions with a decision, each with an entry on its order's timeline. Idempotent. */
export async function closeWithEvent(
  db: AccountDb,
  { actor, ...closing }: Omit<Parameters<typeof closeAttention>[1], 'by'> & { actor: Actor },
): Promise<void> {
  const { action } = closing;
  for (const { id, orderId } of await closeAttention(db, { ...closing, by: actor.id }))
    await insertOrderEvent(db, { orderId, type: 'attention_resolved', actor, data: { attentionId: id, action } });
}

/** `olderThan`: waits since before this time; `q`: how the number of its order begins. */
type AttentionFilter = {
  code?: ErrorCode | undefined;
  channelId?: string | undefined;
  orderId?: string | undefined;
  accountId?: string | undefined;
  olderThan?: string | undefined;
  q?: string | undefined;
};

/** Open attentions, newest first: of one account, or of all accounts for the operator. */
export async function listAttentions(
  db: AccountDb | SystemDb,
  filter: AttentionFilter,
  page: PageRequest,
): Promise<Page<Attention>> {
  const query = matching(db, filter).select(columns);
  return readPage<Row, Attention>(query, { ...page, column: 'since', idColumn: 'id' }, toAttention);
}

/** @param after the last id of the previous page. @returns the longest waiting first; `left`: how many more match */
export async function listOldestAttentions(
  db: AccountDb | SystemDb,
  filter: AttentionFilter,
  page: { after?: string | undefined; limit: number },
): Promise<{ data: Attention[]; left: number }> {
  const query = matching(db, filter);
  if (page.after !== undefined)
    void query.whereRaw('(since, id) > (select since, id from attentions where id = ?)', [page.after]);
  const [counted] = await query.clone().count<{ count: string }[]>('id');
  const rows = await query.orderBy(['since', 'id']).limit(page.limit).select<Row[]>(columns);
  return { data: rows.map(toAttention), left: Math.max(0, Number(counted!.count) - rows.length) };
}

/** Open attentions of one account with one code on one channel. `since`: of the longest waiting; `channelId`: null without a channel. */
export type AttentionGroup = {
  accountId: string;
  code: ErrorCode;
  channelId: string | null;
  steps: ParkingStep[];
  count: number;
  since: string;
};

type GroupRow = {
  account_id: string;
  code: ErrorCode;
  channel_id: string | null;
  steps: ParkingStep[];
  count: number;
  since: Date;
};

/** By account, code and channel, the largest group first. */
export async function summarizeAttentions(
  db: AccountDb | SystemDb,
  filter: AttentionFilter,
): Promise<AttentionGroup[]> {
  const rows = await matching(db, filter)
    .groupBy('account_id', 'code', 'channel_id')
    .orderByRaw('count(*) desc, min(since), code')
    .select<GroupRow[]>(
      'account_id',
      'code',
      'channel_id',
      db.raw('array_agg(distinct step order by step) as steps'),
      db.raw('count(*)::int as count'),
      db.raw('min(since) as since'),
    );
  return rows.map(({ account_id: accountId, channel_id: channelId, since, ...group }) => ({
    ...group,
    accountId,
    channelId,
    since: since.toISOString(),
  }));
}

const isOfNumber = `exists (select from orders o
  where o.account_id = attentions.account_id and o.id = attentions.order_id and starts_with(o.number, ?))`;

function matching(db: AccountDb | SystemDb, filter: AttentionFilter) {
  const query = db('attentions').whereNull('resolved_at');
  if (filter.code !== undefined) void query.where({ code: filter.code });
  if (filter.channelId !== undefined) void query.where({ channel_id: filter.channelId });
  if (filter.orderId !== undefined) void query.where({ order_id: filter.orderId });
  if (filter.accountId !== undefined) void query.where({ account_id: filter.accountId });
  if (filter.olderThan !== undefined) void query.where('since', '<', filter.olderThan);
  if (filter.q !== undefined) void query.whereRaw(isOfNumber, [filter.q]);
  return query;
}

/** `shipmentId`: where a shipment's own push is parked. */
export type OrderAttention = Attention & { shipmentId: string | null };

export async function listAttentionsOfOrders(db: AccountDb, orderIds: readonly string[]): Promise<OrderAttention[]> {
  const rows = await db('attentions')
    .whereNull('resolved_at')
    .whereIn('order_id', orderIds)
    .select<(Row & { shipment_id: string | null })[]>(...columns, 'shipment_id');
  return rows.map((row) => ({ ...toAttention(row), shipmentId: row.shipment_id }));
}

/** The attention that delays a shipment: of its own push, or of its dropship, which relays shipments one after the other. */
export function attentionOfShipment(
  parked: readonly OrderAttention[],
  shipment: { id: string; dropshipId: string | null; confirmedAt: string | null },
): Attention | null {
  const holds = ({ shipmentId, dropshipId, step }: OrderAttention) =>
    shipmentId === shipment.id ||
    (dropshipId !== null &&
      dropshipId === shipment.dropshipId &&
      (step === 'relay' || step === 'push') &&
      shipment.confirmedAt === null);
  return parked.find(holds) ?? null;
}

/** Stores why a person decides so, before the decision is sent: a note must not enter a message (law 8). */
export async function noteReason(
  db: AccountDb,
  id: string,
  { reason, note }: { reason: ResolutionReason; note?: string | undefined },
): Promise<void> {
  await db('attentions')
    .where({ id })
    .update({ reason, note: note ?? null });
}

/** How an attention was decided, and by whom. */
type Decision = { action: ResolutionAction; by: string };

/** Finds a closed attention too. @throws DomainError `attention_not_found` */
export async function requireDecidable(
  db: AccountDb,
  id: string,
): Promise<{ attention: Attention; decision: Decision | null }> {
  const row = await db('attentions')
    .where({ id })
    .first<(Row & { action: ResolutionAction | null; resolved_by: string | null }) | undefined>(
      ...columns,
      'action',
      'resolved_by',
    );
  if (!row) throw new DomainError('attention_not_found', 'Nothing with this id waits for a decision.');
  const decision = row.action === null ? null : { action: row.action, by: row.resolved_by ?? '' };
  return { attention: toAttention(row), decision };
}

export async function accountOfAttention(db: SystemDb, id: string): Promise<string | undefined> {
  const row = await db('attentions').where({ id }).first<{ account_id: string } | undefined>('account_id');
  return row?.account_id;
}

/** Channels on which something is parked behind older credentials than they have now. */
export async function listChannelsBehindCredentials(db: SystemDb, limit: number): Promise<string[]> {
  const rows = await behindCredentials(db).distinct<{ channel_id: string }[]>('a.channel_id').limit(limit);
  return rows.map((row) => row.channel_id);
}

/** A workflow that is parked behind older credentials. */
export type Behind = { attentionId: string; workflowId: string };

/** Those on one channel, longest waiting first. `after`: the last attention of the page before. */
export async function listBehindCredentials(
  db: AccountDb,
  page: { channelId: string; after: string | null; limit: number },
): Promise<Behind[]> {
  const query = behindCredentials(db)
    .where('a.channel_id', page.channelId)
    .orderBy(['a.since', 'a.id'])
    .limit(page.limit)
    .select<Behind[]>({ attentionId: 'a.id', workflowId: 'a.workflow_id' });
  if (page.after !== null)
    void query.whereRaw('(a.since, a.id) > (select since, id from attentions where id = ?)', [page.after]);
  return query;
}

const behindCredentials = (db: AccountDb | SystemDb) =>
  db('attentions as a')
    .join('channels as c', 'c.id', 'a.channel_id')
    .whereNull('a.resolved_at')
    .whereNotNull('a.workflow_id')
    .whereRaw('a.credentials_version < c.credentials_version');

/** The attentions whose push was resumed and has neither ended nor parked again. */
export async function listAtWork(db: AccountDb, ids: readonly string[]): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select a.id from attentions a
     where a.id = any(:ids) and (a.resolved_at is null or (
       not exists (select from attentions anew where anew.workflow_id = a.workflow_id and anew.resolved_at is null)
       and exists (select from shipments s where s.order_id = a.order_id and s.confirmed_at is null
                   and (s.id = a.shipment_id or (a.shipment_id is null and s.dropship_id = a.dropship_id)))))`,
    { ids },
  );
  return rows.map((row) => row.id);
}

/** Accounts with orders that wait for a SKU to become a product. */
export async function listAccountsWithUnmapped(db: SystemDb): Promise<string[]> {
  const rows = await db('attentions')
    .whereNull('resolved_at')
    .where({ code: 'unmapped_sku' satisfies ErrorCode })
    .distinct<{ account_id: string }[]>('account_id');
  return rows.map((row) => row.account_id);
}

/** Orders that wait for a SKU, and whose every line means a product by now, longest waiting first. @see productOfLine */
export async function listMapped(db: AccountDb, limit: number): Promise<{ id: string; orderId: string }[]> {
  const { rows } = await db.raw<{ rows: { id: string; orderId: string }[] }>(
    `select id, order_id as "orderId" from attentions a
     where a.resolved_at is null and a.workflow_id is null and a.code = 'unmapped_sku' and not exists (
       select from ${downFrom('o.id = a.order_id')} f
       join orders leaf on leaf.id = f.id and leaf.status <> 'split'
       join order_lines l on l.order_id = leaf.id and ${isUnmapped('l')}
       where ${productOfLine({ channel: 'leaf.channel_id', remoteId: 'l.remote_product_id', sku: 'l.sku' })} is null)
     order by a.since, a.id limit :limit`,
    { limit },
  );
  return rows;
}
