import type { Actor } from '../domain/account.ts';
import { newId } from './ids.ts';
import type { AccountDb } from './with-account.ts';

/** Who changes something, by which request. */
export type Author = { actor: Actor; requestId: string | null };

/** `action` is `<thing>.<participle>`; `data` holds ids, statuses and names of fields, never a value that is personal or secret. */
export type AuditEvent = { action: string; subjectId: string; data?: Record<string, unknown> };

/** Writes what changed in the transaction of its effect; the serving role can neither change nor delete it. */
export const recordAudit = (db: AccountDb, author: Author, event: AuditEvent): Promise<void> =>
  recordAudits(db, author, [event]);

/** As `recordAudit`, for up to 1,000 changes of one transaction. */
export async function recordAudits(db: AccountDb, author: Author, events: readonly AuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  await db('audit_events').insert(
    events.map((event) => ({
      account_id: db.accountId,
      id: newId('event'),
      action: event.action,
      subject_id: event.subjectId,
      actor_kind: author.actor.kind,
      actor_id: author.actor.id,
      request_id: author.requestId,
      data: JSON.stringify(event.data ?? {}),
    })),
  );
}
