import { actorKinds } from '../../../domain/account.ts';
import { documentKinds, papers, pickOrders, printJobStatuses } from '../../../domain/paper/paper.ts';
import { oneOf, secureTable, type Migration } from '../secure.ts';

export const up: Migration['up'] = async (db, roles) => {
  // `bytes` is null where an S3 store has them, under account and sha256. Without `expires_at` a document stays while it is used.
  await db.raw(`
    create table documents (
      account_id text not null references accounts,
      id text not null,
      kind text not null ${oneOf('kind', documentKinds)},
      order_id text,
      label_id text,
      media_type text not null,
      size integer not null check (size > 0),
      sha256 bytea not null,
      bytes bytea,
      created_at timestamptz not null default now(),
      expires_at timestamptz,
      primary key (account_id, id),
      foreign key (account_id, order_id) references orders (account_id, id)
    )`);
  await db.raw(`alter table documents alter column bytes set storage external`);
  await db.raw(`create index documents_of_order on documents (account_id, order_id) where order_id is not null`);
  await db.raw(`create index documents_of_label on documents (account_id, label_id) where label_id is not null`);
  await db.raw(`create index documents_to_delete on documents (account_id, expires_at) where expires_at is not null`);
  await db.raw(`create index documents_logos on documents (account_id, created_at) where kind = 'logo'`);
  await db.raw(`create index documents_of_content on documents (account_id, sha256) where bytes is null`);
  await secureTable(db, roles, {
    name: 'documents',
    operations: 'select, insert, update, delete',
    systemColumns: ['account_id', 'id', 'sha256', 'created_at'],
  });

  await db.raw(`
    create table print_jobs (
      account_id text not null references accounts,
      id text not null,
      status text not null ${oneOf('status', printJobStatuses)},
      order_ids text[] not null,
      documents text[] not null,
      paper text not null ${oneOf('paper', papers)},
      sort text not null ${oneOf('sort', pickOrders)},
      pages integer,
      document_id text,
      failures jsonb not null default '[]',
      cause text,
      actor_kind text not null ${oneOf('actor_kind', actorKinds)},
      actor_id text not null,
      created_at timestamptz not null default now(),
      started_at timestamptz,
      finished_at timestamptz,
      primary key (account_id, id)
    )`);
  await db.raw(`create index print_jobs_by_time on print_jobs (account_id, created_at desc, id desc)`);
  await db.raw(`create index print_jobs_to_start on print_jobs (created_at) where started_at is null`);
  await secureTable(db, roles, {
    name: 'print_jobs',
    operations: 'select, insert, update, delete',
    systemColumns: ['account_id', 'id', 'created_at', 'started_at'],
  });

  // How an account's packing slips look. A supplier has a copy of each of its merchants' brands, with the merchant's account;
  // a row with the account's own id is its own. `revision` rises with each change: an older copy replaces nothing.
  // `copied_revision`, of the own row: what all suppliers have.
  await db.raw(`
    create table brands (
      account_id text not null references accounts,
      merchant_account_id text not null,
      revision integer not null,
      copied_revision integer not null default 0,
      display_name text not null,
      message text,
      return_address jsonb,
      logo_id text,
      show_prices boolean not null default false,
      show_supplier boolean not null default false,
      language text not null default 'en',
      updated_at timestamptz not null default now(),
      primary key (account_id, merchant_account_id)
    )`);
  await db.raw(`
    create index brands_to_copy on brands (updated_at)
    where account_id = merchant_account_id and copied_revision < revision`);
  await secureTable(db, roles, {
    name: 'brands',
    operations: 'select, insert, update, delete',
    systemColumns: ['account_id', 'merchant_account_id', 'revision', 'copied_revision', 'updated_at'],
  });
};
