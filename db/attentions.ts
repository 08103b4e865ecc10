import type { Actor } from '../domain/account.ts';
import type { ParkingStep, ResolutionAction, ResolutionReason } from '../domain/attention.ts';
import { DomainError, type ErrorCode } from '../domain/errors.ts';
import { newId } from './ids.ts';
import { insertOrderEvent } from './order-events.ts';
import { readPage, type Page, type PageRequest } from './paging.ts';
import type { AccountDb, SystemDb } from './with-account.ts';

/** A parked step that waits for a decision. */
export type Attention = {
  id: string;
  accountId: string;
  orderId: string;
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
  workflowId: string | null;
  step: ParkingStep;
  code: ErrorCode;
  /** The channel's credentials that failed; without, those it has now. */
  credentialsVersion?: number | undefined;
};

const columns = ['id', 'account_id', 'order_id', 'dropship_id', 'channel_id', 'workflow_id', 'step', 'code', 'since'];
type Row = {
  id: string;
  account_id: string;
  order_id: string;
  dropship_id: string | null;
  channel_id: string | null;
  workflow_id: string | null;
  step: ParkingStep;
  code: ErrorCode;
  since: Date;
};

const toAttention = (row: Row): Attention => ({
  id: row.id,
  accountId: row.account_id,
  orderId: row.order_id,
  dropshipId: row.dropship_id,
  channelId: row.channel_id,
  workflowId: row.workflow_id,
  step: row.step,
  code: row.code,
  since: row.since.toISOString(),
});

/**
 * Says that a step is parked. Repeatable: one living row per workflow, or per order where no workflow waits.
 * The channel's credentials version is kept: newer credentials resume what is parked behind them.
 */
export async function raiseAttention(db: AccountDb, attention: NewAttention): Promise<{ id: string; isNew: boolean }> {
  const { orderId, dropshipId = null, shipmentId = null, channelId = null, workflowId, step, code } = attention;
  const living = db('attentions')
    .whereNull('resolved_at')
    .where({ workflow_id: workflowId, ...(workflowId === null && { order_id: orderId }) });
  const known = await living.clone().first<{ id: string } | undefined>('id');
  if (known) {
    await db('attentions').where({ id: known.id }).update({ step, code });
    return { id: known.id, isNew: false };
  }
  const id = newId('attention');
  const version = attention.credentialsVersion ?? db('channels').where({ id: channelId }).select('credentials_version');
  await db('attentions').insert({
    account_id: db.accountId,
    id,
    order_id: orderId,
    dropship_id: dropshipId,
    shipment_id: shipmentId,
    channel_id: channelId,
    channel_credentials_version: channelId === null ? null : version,
    workflow_id: workflowId,
    step,
    code,
  });
  return { id, isNew: true };
}

/** Says that what waited goes on. Repeatable. */
export async function settleAttention(
  db: AccountDb,
  settled: { workflowId: string | null; orderId?: string; action: ResolutionAction; by: string },
): Promise<{ id: string; orderId: string }[]> {
  const { workflowId, orderId, action, by } = settled;
  const rows = await db('attentions')
    .whereNull('resolved_at')
    .where({ workflow_id: workflowId, ...(orderId !== undefined && { order_id: orderId }) })
    .update({ resolved_at: db.fn.now(), action, resolved_by: by })
    .returning<{ id: string; order_id: string }[]>(['id', 'order_id']);
  return rows.map((row) => ({ id: row.id, orderId: row.order_id }));
}

/** Says that nobody asks any more who ships an order, and tells its timeline. */
export async function settleRoute(
  db: AccountDb,
  { orderId, action, actor }: { orderId: string; action: ResolutionAction; actor: Actor },
): Promise<void> {
  for (const { id } of await settleAttention(db, { workflowId: null, orderId, action, by: actor.id }))
    await insertOrderEvent(db, { orderId, type: 'attention_resolved', actor, data: { attentionId: id, action } });
}

export type AttentionFilter = {
  code?: ErrorCode | undefined;
  channelId?: string | undefined;
  orderId?: string | undefined;
};

/** What is parked, newest first: of one account, or of all for the operator. */
export async function listAttentions(
  db: AccountDb | SystemDb,
  filter: AttentionFilter,
  page: PageRequest,
): Promise<Page<Attention>> {
  const query = db('attentions').whereNull('resolved_at').select(columns);
  if (filter.code !== undefined) void query.where({ code: filter.code });
  if (filter.channelId !== undefined) void query.where({ channel_id: filter.channelId });
  if (filter.orderId !== undefined) void query.where({ order_id: filter.orderId });
  return readPage<Row, Attention>(query, { ...page, column: 'since', idColumn: 'id' }, toAttention);
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

/** What holds a shipment up: its own push, or the dropship whose shipments are carried one after the other. */
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

/** Why someone decides as it does, kept with what is parked before the decision goes out: a note never travels (law 8). */
export async function noteReason(
  db: AccountDb,
  id: string,
  { reason, note }: { reason: ResolutionReason; note?: string | undefined },
): Promise<void> {
  await db('attentions')
    .where({ id })
    .update({ reason, note: note ?? null });
}

/** What became of it: who decided how; `null` while it waits. */
export type Decision = { action: ResolutionAction; by: string };

/** Also one that is settled. @throws DomainError `attention_not_found` */
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

/** Workflows parked on a channel with older credentials than it has now, longest waiting first. */
export async function listBehindCredentials(
  db: SystemDb,
  filter: { channelId?: string; limit: number },
): Promise<{ accountId: string; workflowId: string }[]> {
  const query = db('attentions as a')
    .join('channels as c', 'c.id', 'a.channel_id')
    .whereNull('a.resolved_at')
    .whereNotNull('a.workflow_id')
    .whereRaw('a.channel_credentials_version < c.credentials_version')
    .orderBy('a.since')
    .limit(filter.limit)
    .select<{ account_id: string; workflow_id: string }[]>('a.account_id', 'a.workflow_id');
  if (filter.channelId !== undefined) void query.where('a.channel_id', filter.channelId);
  return (await query).map((row) => ({ accountId: row.account_id, workflowId: row.workflow_id }));
}
