import { connectionStatuses } from '../../../domain/connection.ts';
import { fewestOrderDays, mostOrderDays } from '../../../domain/retention.ts';
import { labelPolicies } from '../../../domain/labels/account.ts';
import { currentAccount, oneOf, secureTable, type Migration } from '../secure.ts';
import { auditEvents } from './audit-events.ts';

export const up: Migration['up'] = async (db, roles) => {
  // `order_retention_days`: after so many days the personal data of its closed orders are erased; null: as the installation has it.
  await db.raw(`
    create table accounts (
      account_id text primary key,
      name text not null check (length(name) between 1 and 200),
      order_retention_days integer check (order_retention_days between ${fewestOrderDays} and ${mostOrderDays}),
      created_at timestamptz not null default now()
    )`);
  await secureTable(db, roles, {
    name: 'accounts',
    operations: 'select, insert, update',
    systemColumns: ['account_id', 'name', 'created_at'],
  });

  // Of accounts, and of the operator's pseudo account, which has no row in `accounts` (db/accounts/operator.ts).
  await db.raw(`
    create table api_keys (
      account_id text not null,
      id text not null,
      name text not null,
      key_hash bytea not null unique,
      hint text not null,
      scopes text[] not null,
      created_at timestamptz not null default now(),
      last_used_at timestamptz,
      revoked_at timestamptz,
      expires_at timestamptz,
      replaced_by text,
      primary key (account_id, id),
      foreign key (account_id, replaced_by) references api_keys (account_id, id)
    )`);
  await secureTable(db, roles, {
    name: 'api_keys',
    operations: 'select, insert, update',
    systemColumns: [
      'id',
      'account_id',
      'name',
      'hint',
      'key_hash',
      'scopes',
      'created_at',
      'last_used_at',
      'revoked_at',
      'expires_at',
      'replaced_by',
    ],
  });

  // The one table that two accounts read: its two parties (law 2). `stock_withdrawn_at`: since the connection ended, the
  // merchant promises nothing from the supplier's warehouse.
  await db.raw(`
    create table connections (
      id text primary key,
      merchant_account_id text not null,
      supplier_account_id text not null,
      status text not null ${oneOf('status', connectionStatuses)},
      proposed_by text not null,
      created_at timestamptz not null default now(),
      activated_at timestamptz,
      set_up_at timestamptz,
      stock_withdrawn_at timestamptz,
      check (merchant_account_id <> supplier_account_id),
      check (proposed_by in (merchant_account_id, supplier_account_id, 'operator'))
    )`);
  await db.raw(
    `create unique index connections_living on connections (merchant_account_id, supplier_account_id) where status not in ('declined', 'ended')`,
  );
  await db.raw(`create index connections_of_supplier on connections (supplier_account_id)`);
  await db.raw(
    `create index connections_to_set_up on connections (activated_at) where set_up_at is null and activated_at is not null`,
  );
  await db.raw(
    `create index connections_to_withdraw on connections (id) where status = 'ended' and stock_withdrawn_at is null`,
  );
  await secureTable(db, roles, {
    name: 'connections',
    operations: 'select, insert, update',
    using: `${currentAccount} in (merchant_account_id, supplier_account_id)`,
    systemColumns: [
      'id',
      'merchant_account_id',
      'supplier_account_id',
      'status',
      'proposed_by',
      'created_at',
      'activated_at',
      'set_up_at',
      'stock_withdrawn_at',
    ],
  });
  // Policies cannot compare the old row with the new row: only the side that did not propose may activate or decline.
  await db.raw(`
    create function guard_connection() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        if new.status <> 'pending' and new.proposed_by <> 'operator' then
          raise exception 'a proposed connection is pending' using errcode = '42501';
        end if;
      else
        if new.merchant_account_id <> old.merchant_account_id or new.supplier_account_id <> old.supplier_account_id
           or new.proposed_by <> old.proposed_by then
          raise exception 'the parties of a connection do not change' using errcode = '42501';
        end if;
        if old.status = 'pending' and new.status in ('active', 'declined') and old.proposed_by = ${currentAccount} then
          raise exception 'the other side decides about a proposed connection' using errcode = '42501';
        end if;
      end if;
      return new;
    end $$`);
  await db.raw(
    `create trigger guard_connection before insert or update on connections for each row execute function guard_connection()`,
  );

  // Of labels: who pays, the label account that the merchant lends, the services that may be bought with it (none named: all)
  // and the highest price of one.
  await db.raw(`
    create table suppliers (
      account_id text not null references accounts,
      id text not null,
      connection_id text not null,
      name text not null,
      shared_fields text[] not null default '{}',
      shipping_methods jsonb not null default '{}',
      default_shipping_method text,
      label_policy text not null default 'supplier_pays' ${oneOf('label_policy', labelPolicies)},
      lent_label_account_id text,
      lent_services text[] not null default '{}',
      max_label_cost_minor bigint check (max_label_cost_minor >= 0),
      max_label_cost_currency text,
      created_at timestamptz not null default now(),
      primary key (account_id, id),
      unique (account_id, connection_id),
      check (label_policy = 'supplier_pays' or lent_label_account_id is not null),
      check ((max_label_cost_minor is null) = (max_label_cost_currency is null))
    )`);
  await secureTable(db, roles, { name: 'suppliers', operations: 'select, insert, update' });

  await auditEvents(db, roles);

  // Rows of the pseudo account `installation` (db/accounts/installation.ts). `key_id`: of the key that sealed the value.
  await db.raw(`
    create table installation_secrets (
      account_id text not null,
      name text not null,
      sealed bytea not null,
      key_id text generated always as (encode(substring(sealed from 1 for 4), 'hex')) stored,
      primary key (account_id, name)
    )`);
  await secureTable(db, roles, {
    name: 'installation_secrets',
    operations: 'select, insert, update',
    systemColumns: ['account_id', 'name', 'key_id'],
  });

  // `answer` stays empty where it would hold a secret: a repeat of that request does not show it again.
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
  await db.raw(`create index idempotency_keys_by_age on idempotency_keys (account_id, created_at)`);
  await secureTable(db, roles, { name: 'idempotency_keys', operations: 'select, insert, update, delete' });

  // Which processes of the API serve many requests of a caller at the moment. `subject`: reads or commands, of a key or all.
  await db.raw(`
    create table rate_leases (
      account_id text not null,
      subject text not null,
      holder text not null,
      until timestamptz not null,
      primary key (account_id, subject, holder)
    )`);
  await secureTable(db, roles, { name: 'rate_leases', operations: 'select, insert, update, delete' });
};
