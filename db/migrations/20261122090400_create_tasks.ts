import { actorKinds } from '../../domain/account.ts';
import { resolutionActions } from '../../domain/attention.ts';
import { taskStatuses, taskTriggers, taskTypes } from '../../domain/task.ts';
import { oneOf, secureTable, type Migration } from './secure.ts';

export const up: Migration['up'] = async (db, roles) => {
  await db.raw(`
    create table tasks (
      account_id text not null,
      id text not null,
      channel_id text not null,
      type text not null ${oneOf('type', taskTypes)},
      trigger text not null ${oneOf('trigger', taskTriggers)},
      status text not null ${oneOf('status', taskStatuses)},
      counts jsonb not null default '{}',
      failures jsonb not null default '[]',
      cause text,
      workflow_id text not null,
      run_id text not null,
      started_at timestamptz not null default now(),
      finished_at timestamptz,
      next_run_at timestamptz,
      primary key (account_id, id),
      unique (account_id, run_id),
      foreign key (account_id, channel_id) references channels (account_id, id)
    )`);
  await db.raw(`create index tasks_page on tasks (account_id, started_at desc, id desc)`);
  await secureTable(db, roles, { name: 'tasks', operations: 'select, insert, update' });

  // What is parked, one living row per parked step. A row of an order without a workflow has no workflow id.
  await db.raw(`
    create table attentions (
      account_id text not null,
      id text not null,
      order_id text not null,
      dropship_id text,
      shipment_id text,
      channel_id text,
      channel_credentials_version integer,
      workflow_id text,
      step text not null,
      code text not null,
      since timestamptz not null default now(),
      resolved_at timestamptz,
      action text ${oneOf('action', resolutionActions)},
      resolved_by text,
      primary key (account_id, id),
      foreign key (account_id, order_id) references orders (account_id, id)
    )`);
  await db.raw(
    `create unique index attentions_of_workflow on attentions (account_id, workflow_id) where resolved_at is null`,
  );
  await db.raw(
    `create unique index attentions_of_order on attentions (account_id, order_id) where resolved_at is null and workflow_id is null`,
  );
  await db.raw(
    `create index attentions_page on attentions (account_id, since desc, id desc) where resolved_at is null`,
  );
  await db.raw(`create index attentions_of_channel on attentions (channel_id) where resolved_at is null`);
  await secureTable(db, roles, {
    name: 'attentions',
    operations: 'select, insert, update',
    systemColumns: [
      'id',
      'account_id',
      'order_id',
      'dropship_id',
      'channel_id',
      'channel_credentials_version',
      'workflow_id',
      'step',
      'code',
      'since',
      'resolved_at',
    ],
  });

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
      data jsonb not null default '{}',
      primary key (account_id, id)
    )`);
  await secureTable(db, roles, { name: 'audit_events', operations: 'select, insert' });

  // `answer` stays empty where it would hold a secret; the replay then shows none.
  await db.raw(`
    create table idempotency_keys (
      account_id text not null,
      key text not null check (length(key) between 1 and 255),
      fingerprint text not null,
      status integer,
      answer jsonb,
      created_at timestamptz not null default now(),
      primary key (account_id, key)
    )`);
  await secureTable(db, roles, { name: 'idempotency_keys', operations: 'select, insert, update, delete' });
};
