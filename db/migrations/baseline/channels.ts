import { channelHealthStatuses, channelKinds } from '../../../domain/channel.ts';
import { taskStatuses, taskTriggers, taskTypes } from '../../../domain/task.ts';
import { oneOf, secureTable, type Migration } from '../secure.ts';

export const up: Migration['up'] = async (db, roles) => {
  // `shares_label_cost`, of a portal: its merchant gets the costs of labels.
  // `connection_id` is set on portals. It points across accounts, hence no foreign key.
  await db.raw(`
    create table channels (
      account_id text not null references accounts,
      id text not null unique,
      kind text not null ${oneOf('kind', channelKinds)},
      name text not null,
      settings jsonb not null default '{}',
      credentials bytea,
      credentials_key_id text generated always as (encode(substring(credentials from 1 for 4), 'hex')) stored,
      credentials_version integer not null default 0,
      renewing_until timestamptz,
      connection_id text,
      shares_label_cost boolean not null default false,
      health_status text not null default 'ok' ${oneOf('health_status', channelHealthStatuses)},
      health_code text,
      health_since timestamptz,
      scheduled_at timestamptz,
      webhooks_due_at timestamptz not null default now(),
      created_at timestamptz not null default now(),
      deleted_at timestamptz,
      primary key (account_id, id),
      unique (account_id, connection_id),
      check ((kind = 'portal') = (connection_id is not null))
    )`);
  await db.raw(
    `create index channels_to_schedule on channels (created_at) where scheduled_at is null and deleted_at is null`,
  );
  await secureTable(db, roles, {
    name: 'channels',
    operations: 'select, insert, update',
    systemColumns: [
      'id',
      'account_id',
      'kind',
      'connection_id',
      'credentials_version',
      'credentials_key_id',
      'scheduled_at',
      'webhooks_due_at',
      'created_at',
      'deleted_at',
    ],
  });

  await db.raw(`
    create table channel_cursors (
      account_id text not null,
      channel_id text not null,
      task text not null ${oneOf('task', taskTypes)},
      cursor text not null,
      updated_at timestamptz not null default now(),
      primary key (account_id, channel_id, task),
      foreign key (account_id, channel_id) references channels (account_id, id)
    )`);
  await secureTable(db, roles, { name: 'channel_cursors' });

  // Orders that are not paid yet: each run asks for them again until they are ready, gone or 30 days old.
  await db.raw(`
    create table awaited_orders (
      account_id text not null,
      channel_id text not null,
      remote_id text not null,
      first_seen_at timestamptz not null default now(),
      primary key (account_id, channel_id, remote_id),
      foreign key (account_id, channel_id) references channels (account_id, id)
    )`);
  await secureTable(db, roles, { name: 'awaited_orders' });

  await db.raw(`
    create table inbound_webhooks (
      account_id text not null,
      id text not null,
      channel_id text not null,
      delivery_id text not null,
      task text ${oneOf('task', taskTypes)},
      remote_order_ids text[] not null default '{}',
      received_at timestamptz not null default now(),
      processed_at timestamptz,
      primary key (account_id, id),
      unique nulls not distinct (account_id, channel_id, delivery_id, task),
      foreign key (account_id, channel_id) references channels (account_id, id)
    )`);
  await db.raw(`create index inbound_webhooks_open on inbound_webhooks (received_at) where processed_at is null`);
  await db.raw(`create index inbound_webhooks_by_age on inbound_webhooks (account_id, received_at)`);
  await secureTable(db, roles, {
    name: 'inbound_webhooks',
    systemColumns: ['account_id', 'channel_id', 'task', 'received_at', 'processed_at'],
  });

  // The interval of each task as it was last seen, to make a lost Schedule again as it was.
  await db.raw(`
    create table channel_schedules (
      account_id text not null,
      channel_id text not null,
      task text not null,
      every_ms bigint not null,
      paused boolean not null,
      seen_at timestamptz not null default now(),
      primary key (account_id, channel_id, task),
      foreign key (account_id, channel_id) references channels (account_id, id)
    )`);
  await secureTable(db, roles, {
    name: 'channel_schedules',
    systemColumns: ['account_id', 'channel_id', 'task', 'every_ms', 'paused', 'seen_at'],
  });

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
  await db.raw(`create index tasks_of_channel on tasks (account_id, channel_id, started_at desc, id desc)`);
  await db.raw(`create index tasks_of_kind on tasks (account_id, channel_id, type, started_at desc, id desc)`);
  await db.raw(`create index tasks_of_status on tasks (account_id, status, started_at desc, id desc)`);
  await db.raw(`create index tasks_running on tasks (account_id, channel_id) where status = 'running'`);
  await secureTable(db, roles, { name: 'tasks' });
};
