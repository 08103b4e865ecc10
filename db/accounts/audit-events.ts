import type { Actor } from '../../domain/account.ts';
import type { AuditAction } from '../../domain/audit.ts';
import { newId } from '../engine/ids.ts';
import { readPage, type Page, type PageRequest } from '../engine/paging.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

/** The actor of a change, and the request it came by. */
export type Author = { actor: Actor; requestId: string | null };

/**
 * `details`, `before` and `after` hold ids, statuses, numbers and names of fields, never a value that is personal or secret.
 * `before` and `after` have the fields that differ.
 */
type AuditEvent = {
  action: AuditAction;
  subjectId: string;
  details?: Record<string, unknown>;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
};

/** Records a change in the transaction of its effect; the serving role can neither change nor delete the record. */
export const recordAudit = (db: AccountDb, author: Author, event: AuditEvent): Promise<void> =>
  recordAudits(db, author, [event]);

/** As `recordAudit`, for up to 1,000 changes of one transaction. */
export async function recordAudits(db: AccountDb, author: Author, events: readonly AuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  await db.raw(
    `insert into audit_events
       (account_id, id, action, subject_id, actor_kind, actor_id, request_id, details, before, after)
     select :accountId, x.id, x.action, x."subjectId", :kind, :actorId, :requestId, coalesce(x.details, '{}'),
       x.before, x.after
     from jsonb_to_recordset(:events::jsonb)
       as x(id text, action text, "subjectId" text, details jsonb, before jsonb, after jsonb)`,
    {
      accountId: db.accountId,
      kind: author.actor.kind,
      actorId: author.actor.id,
      requestId: author.requestId,
      events: JSON.stringify(events.map((event) => ({ id: newId('event'), ...event }))),
    },
  );
}

/** A row as it is read. `sequence` and `hash`: its link of the account's chain; null for a row that was put in beside it. */
type AuditRow = Required<AuditEvent> & {
  id: string;
  accountId: string;
  actor: Actor;
  requestId: string | null;
  occurredAt: string;
  sequence: number | null;
  hash: string | null;
};

type Row = {
  account_id: string;
  id: string;
  action: AuditAction;
  subject_id: string;
  actor_kind: Actor['kind'];
  actor_id: string;
  request_id: string | null;
  occurred_at: Date;
  details: Record<string, unknown>;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  sequence: string | null;
  hash: Buffer | null;
};

const toAuditRow = (row: Row) => ({
  id: row.id,
  accountId: row.account_id,
  action: row.action,
  subjectId: row.subject_id,
  actor: { kind: row.actor_kind, id: row.actor_id },
  requestId: row.request_id,
  occurredAt: row.occurred_at.toISOString(),
  details: row.details,
  before: row.before ?? {},
  after: row.after ?? {},
  sequence: row.sequence === null ? null : Number(row.sequence),
  hash: row.hash?.toString('hex') ?? null,
});

type AuditFilter = { accountId?: string | undefined; action?: AuditAction | undefined; subjectId?: string | undefined };

/** The account's own, or, for the operator, those of all accounts or of the named one. */
export async function listAudit(
  db: AccountDb | SystemDb,
  { accountId, action, subjectId }: AuditFilter,
  request: PageRequest,
): Promise<Page<AuditRow>> {
  const query = db('audit_events as e')
    .leftJoin('audit_chain as c', (on) => on.on('c.account_id', 'e.account_id').on('c.event_id', 'e.id'))
    .select({
      account_id: 'e.account_id',
      id: 'e.id',
      action: 'e.action',
      subject_id: 'e.subject_id',
      actor_kind: 'e.actor_kind',
      actor_id: 'e.actor_id',
      request_id: 'e.request_id',
      occurred_at: 'e.occurred_at',
      details: 'e.details',
      before: 'e.before',
      after: 'e.after',
      sequence: 'c.sequence',
      hash: 'c.hash',
    });
  if (accountId !== undefined) void query.where('e.account_id', accountId);
  if (action !== undefined) void query.where('e.action', action);
  if (subjectId !== undefined) void query.where('e.subject_id', subjectId);
  return readPage<Row, AuditRow>(query, { ...request, column: 'e.occurred_at', idColumn: 'e.id' }, toAuditRow);
}
