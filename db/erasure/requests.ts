import type { Actor, ActorKind } from '../../domain/account.ts';
import { DomainError } from '../../domain/errors.ts';
import { erasureStatus, minutesBetweenLooks, minutesToSecondLook, type ErasureStatus } from '../../domain/erasure.ts';
import { newId } from '../engine/ids.ts';
import { readPage, type Page, type PageRequest } from '../engine/paging.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

/** A request to erase one order, or the orders of an e-mail. Times are ISO; orders are the topmost of their split. */
export type Erasure = {
  id: string;
  status: ErasureStatus;
  /** Null where an e-mail was given. */
  orderId: string | null;
  openOrders: string[];
  erasedOrders: string[];
  requestedAt: string;
  doneAt: string | null;
};

/** As its work needs it. `email`: null once its orders are found. */
export type ErasureWork = Erasure & { email: string | null; actor: Actor };

type Row = {
  id: string;
  order_id: string | null;
  email: string | null;
  open_orders: string[];
  erased_orders: string[];
  actor_kind: ActorKind;
  actor_id: string;
  created_at: Date;
  searched_at: Date | null;
  done_at: Date | null;
};
const columns = [
  'id', 'order_id', 'email', 'open_orders', 'erased_orders', 'actor_kind', 'actor_id', 'created_at', 'searched_at', 'done_at',
] as const; // prettier-ignore

const toErasure = (row: Row): Erasure => ({
  id: row.id,
  status: erasureStatus({ isSearched: row.searched_at !== null, isDone: row.done_at !== null }),
  orderId: row.order_id,
  openOrders: row.open_orders,
  erasedOrders: row.erased_orders,
  requestedAt: row.created_at.toISOString(),
  doneAt: row.done_at?.toISOString() ?? null,
});

/** `topId`: the topmost order of the split that `orderId` belongs to. */
type NewErasure = { actor: Actor } & ({ orderId: string; topId: string } | { email: string });

export async function insertErasure(db: AccountDb, { actor, ...meant }: NewErasure): Promise<Erasure> {
  const row = {
    account_id: db.accountId,
    id: newId('erasure'),
    actor_kind: actor.kind,
    actor_id: actor.id,
    ...('email' in meant
      ? { email: meant.email }
      : { order_id: meant.orderId, open_orders: [meant.topId], searched_at: db.fn.now() }),
  };
  const [inserted] = await db('erasures')
    .insert(row)
    .returning<Row[]>([...columns]);
  return toErasure(inserted!);
}

const find = (db: AccountDb, id: string): Promise<Row | undefined> =>
  db('erasures')
    .where({ id })
    .first<Row | undefined>(...columns);

/** @throws DomainError `erasure_not_found` */
export async function requireErasure(db: AccountDb, id: string): Promise<Erasure> {
  const row = await find(db, id);
  if (!row) throw new DomainError('erasure_not_found', 'There is no erasure with this id.');
  return toErasure(row);
}

export async function findErasureWork(db: AccountDb, id: string): Promise<ErasureWork | undefined> {
  const row = await find(db, id);
  return row && { ...toErasure(row), email: row.email, actor: { kind: row.actor_kind, id: row.actor_id } };
}

/** The newest first. @throws DomainError `invalid_cursor` */
export const listErasures = (db: AccountDb, page: PageRequest): Promise<Page<Erasure>> =>
  readPage<Row, Erasure>(
    db('erasures').select(...columns),
    { ...page, column: 'created_at', idColumn: 'id' },
    toErasure,
  );

/** The e-mail is forgotten with this. */
export async function noteFound(db: AccountDb, id: string, orderIds: readonly string[]): Promise<void> {
  await db('erasures')
    .where({ id })
    .whereNull('searched_at')
    .update({ email: null, searched_at: db.fn.now(), open_orders: orderIds });
}

/** One of the orders is erased. Idempotent. */
export async function noteErased(db: AccountDb, id: string, orderId: string): Promise<void> {
  await db.raw(
    `update erasures set open_orders = array_remove(open_orders, :orderId), erased_orders = array_append(erased_orders, :orderId)
     where id = :id and not (:orderId = any(erased_orders))`,
    { id, orderId },
  );
}

/** Ends a round: says when the next one is. The second look at a request that is done is its last. */
export async function endRound(
  db: AccountDb,
  { id, isSecondLook }: { id: string; isSecondLook: boolean },
): Promise<void> {
  if (isSecondLook) return void (await db('erasures').where({ id }).update({ due_at: null }));
  await db.raw(
    `update erasures set
       done_at = case when open_orders = '{}' then now() end,
       due_at = now() + make_interval(mins => case when open_orders = '{}' then :toSecond::int else :between::int end)
     where id = :id`,
    { id, toSecond: minutesToSecondLook, between: minutesBetweenLooks },
  );
}

/** Those to be worked on now, the longest waiting first. */
export async function listDueErasures(
  db: SystemDb,
  limit: number,
): Promise<{ accountId: string; erasureId: string }[]> {
  const rows = await db('erasures')
    .where('due_at', '<=', db.fn.now())
    .orderBy('due_at')
    .limit(limit)
    .select<{ account_id: string; id: string }[]>('account_id', 'id');
  return rows.map((row) => ({ accountId: row.account_id, erasureId: row.id }));
}

export async function accountOfErasure(db: SystemDb, id: string): Promise<string | undefined> {
  const row = await db('erasures').where({ id }).first<{ account_id: string } | undefined>('account_id');
  return row?.account_id;
}
