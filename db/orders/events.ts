import type { Actor, ActorKind } from '../../domain/account.ts';
import type { OrderEventType } from '../../domain/orders/event.ts';
import { newId } from '../engine/ids.ts';
import { readPage, type Page, type PageRequest } from '../engine/paging.ts';
import { downFrom, upFrom } from './family.ts';
import type { AccountDb } from '../engine/with-account.ts';

export type OrderEvent = {
  id: string;
  orderId: string;
  type: OrderEventType;
  actor: { kind: ActorKind; id: string };
  occurredAt: string;
  data: Record<string, unknown>;
};

/**
 * Adds an entry to an order's timeline, in the transaction of its cause. `data`: ids, numbers, codes. Idempotent when an
 * `id` is given.
 */
export const insertOrderEvent = (db: AccountDb, event: NewEvent): Promise<void> => insertOrderEvents(db, [event]);

export type NewEvent = {
  id?: string;
  orderId: string;
  type: OrderEventType;
  actor: Actor;
  data?: Record<string, unknown>;
};

/** As `insertOrderEvent`, for several entries in one statement. */
export async function insertOrderEvents(db: AccountDb, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({
    account_id: db.accountId,
    id: event.id ?? newId('event'),
    order_id: event.orderId,
    type: event.type,
    actor_kind: event.actor.kind,
    actor_id: event.actor.id,
    // Not the transaction's time: the entries of one transaction have an order too.
    occurred_at: db.raw('clock_timestamp()'),
    data: JSON.stringify(event.data ?? {}),
  }));
  await db('order_events').insert(rows).onConflict(['account_id', 'id']).ignore();
}

type Row = {
  id: string;
  order_id: string;
  type: OrderEventType;
  actor_kind: ActorKind;
  actor_id: string;
  occurred_at: Date;
  data: Record<string, unknown>;
};

/** The timeline of an order, of the orders it was split from, and of its leaves; newest first. */
export async function listOrderEvents(db: AccountDb, orderId: string, page: PageRequest): Promise<Page<OrderEvent>> {
  const family = db.raw(
    `select id from ${upFrom('o.id = :orderId')} above union select id from ${downFrom('o.id = :orderId')} below`,
    { orderId },
  );
  const query = db('order_events')
    .whereIn('order_id', family as never)
    .select('id', 'order_id', 'type', 'actor_kind', 'actor_id', 'occurred_at', 'data');
  return readPage<Row, OrderEvent>(query, { ...page, column: 'occurred_at', idColumn: 'id' }, (row) => ({
    id: row.id,
    orderId: row.order_id,
    type: row.type,
    actor: { kind: row.actor_kind, id: row.actor_id },
    occurredAt: row.occurred_at.toISOString(),
    data: row.data,
  }));
}
