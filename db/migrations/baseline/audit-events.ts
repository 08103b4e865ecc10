import type { Knex } from 'knex';
import { actorKinds } from '../../../domain/account.ts';
import { oneOf, secureTable, type Roles } from '../secure.ts';

/**
 * The audit rows, and beside them the chain: one link for each row, with the hash of the row and of the link before it. The
 * serving role only adds to both. `npm run audit:verify` computes the hashes anew (db/accounts/audit-chain.ts).
 */
export async function auditEvents(db: Knex, roles: Roles): Promise<void> {
  await db.raw(`
    create table audit_events (
      account_id text not null,
      id text not null,
      action text not null,
      subject_id text not null,
      actor_kind text not null ${oneOf('actor_kind', actorKinds)},
      actor_id text not null,
      request_id text,
      occurred_at timestamptz not null default now(),
      details jsonb not null default '{}',
      before jsonb,
      after jsonb,
      primary key (account_id, id)
    )`);
  await db.raw(`create index audit_events_by_time on audit_events (account_id, occurred_at, id)`);
  await db.raw(`create index audit_events_of_all_by_time on audit_events (occurred_at, id)`);
  await secureTable(db, roles, {
    name: 'audit_events',
    operations: 'select, insert',
    systemColumns: [
      'account_id',
      'id',
      'action',
      'subject_id',
      'actor_kind',
      'actor_id',
      'request_id',
      'occurred_at',
      'details',
      'before',
      'after',
    ],
  });
  await db.raw(`
    create table audit_chain (
      account_id text not null,
      sequence bigint not null,
      event_id text not null,
      hash bytea not null,
      primary key (account_id, sequence),
      unique (account_id, event_id),
      foreign key (account_id, event_id) references audit_events (account_id, id)
    )`);
  await secureTable(db, roles, {
    name: 'audit_chain',
    operations: 'select, insert',
    systemColumns: ['account_id', 'sequence', 'event_id', 'hash'],
  });
  await chainAtCommit(db);
}

/**
 * The link is added at COMMIT: a lock that is taken while a transaction still works would make others wait for it, and for
 * each other. Two transactions of one account go one after the other for the time of the COMMIT alone, so no two links follow
 * the same one. The transaction may have left the account of the row by then, so the trigger enters it.
 */
async function chainAtCommit(db: Knex): Promise<void> {
  await db.raw(`
    create function chain_audit_event() returns trigger language plpgsql as $$
    declare
      entered text := current_setting('app.account_id', true);
      last audit_chain%rowtype;
      place bigint;
    begin
      perform set_config('app.account_id', new.account_id, true);
      perform pg_advisory_xact_lock(hashtextextended('audit_chain ' || new.account_id, 0));
      select * into last from audit_chain where account_id = new.account_id order by sequence desc limit 1;
      place := coalesce(last.sequence, 0) + 1;
      insert into audit_chain (account_id, sequence, event_id, hash)
      values (new.account_id, place, new.id, sha256(convert_to(concat_ws(E'\\n',
        coalesce(encode(last.hash, 'hex'), ''), place, new.account_id, new.id, new.action, new.subject_id,
        new.actor_kind, new.actor_id, coalesce(new.request_id, ''),
        to_char(new.occurred_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US'),
        new.details::text, coalesce(new.before::text, ''), coalesce(new.after::text, '')), 'UTF8')));
      perform set_config('app.account_id', coalesce(entered, ''), true);
      return null;
    end $$`);
  await db.raw(`
    create constraint trigger chain_audit_event after insert on audit_events deferrable initially deferred
    for each row execute function chain_audit_event()`);
}
