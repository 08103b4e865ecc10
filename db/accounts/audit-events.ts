import type { Actor } from '../../domain/account.ts';
import { newId } from '../engine/ids.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** The actor of a change, and the request it came by. */
export type Author = { actor: Actor; requestId: string | null };

/** `action` is `<thing>.<participle>`; `data` holds ids, statuses and names of fields, never a value that is personal or secret. */
type AuditEvent = { action: string; subjectId: string; data?: Record<string, unknown> };

/** Records a change in the transaction of its effect; the serving role can neither change nor delete the record. */
export const recordAudit = (db: AccountDb, author: Author, event: AuditEvent): Promise<void> =>
  recordAudits(db, author, [event]);

/** As `recordAudit`, for up to 1,000 changes of one transaction. */
export async function recordAudits(db: AccountDb, author: Author, events: readonly AuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  await db.raw(
    `insert into audit_events (account_id, id, action, subject_id, actor_kind, actor_id, request_id, data)
     select :accountId, x.id, x.action, x."subjectId", :kind, :actorId, :requestId, coalesce(x.data, '{}')
     from jsonb_to_recordset(:events::jsonb) as x(id text, action text, "subjectId" text, data jsonb)`,
    {
      accountId: db.accountId,
      kind: author.actor.kind,
      actorId: author.actor.id,
      requestId: author.requestId,
      events: JSON.stringify(events.map((event) => ({ id: newId('event'), ...event }))),
    },
  );
}
