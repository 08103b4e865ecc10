import { labelPayers, labelStatuses, refundStatuses } from '../../../domain/labels/label.ts';
import { labelProviders } from '../../../domain/labels/account.ts';
import { channelHealthStatuses } from '../../../domain/channel.ts';
import { actorKinds } from '../../../domain/account.ts';
import { oneOf, secureTable, type Migration } from '../secure.ts';

export const up: Migration['up'] = async (db, roles) => {
  // Credentials at a provider of labels, sealed. `carriers`: those that may be bought; none named: all.
  await db.raw(`
    create table label_accounts (
      account_id text not null references accounts,
      id text not null unique,
      provider text not null ${oneOf('provider', labelProviders)},
      name text not null,
      credentials bytea,
      credentials_key_id text generated always as (encode(substring(credentials from 1 for 4), 'hex')) stored,
      credentials_version integer not null default 1,
      carriers text[] not null default '{}',
      health_status text not null default 'ok' ${oneOf('health_status', channelHealthStatuses)},
      health_code text,
      health_since timestamptz,
      created_at timestamptz not null default now(),
      deleted_at timestamptz,
      primary key (account_id, id)
    )`);
  await secureTable(db, roles, {
    name: 'label_accounts',
    operations: 'select, insert, update',
    systemColumns: ['account_id', 'id', 'credentials_version', 'credentials_key_id', 'deleted_at'],
  });

  // A provider's shipment of one parcel, with its quotes. Where the merchant pays (payer 'merchant'), the supplier's row has
  // no cost and no id of the provider: the merchant's row of the same id has them, with its own order and `lent_to`, its
  // entry of the supplier.
  await db.raw(`
    create table label_ratings (
      account_id text not null,
      id text not null,
      order_id text not null,
      label_account_id text not null,
      payer text not null ${oneOf('payer', labelPayers)},
      lent_to text,
      is_return boolean not null default false,
      content jsonb not null,
      provider_shipment_id text,
      failures jsonb not null default '[]',
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      primary key (account_id, id),
      foreign key (account_id, order_id) references orders (account_id, id)
    )`);
  await db.raw(`create index label_ratings_by_age on label_ratings (account_id, created_at)`);
  await secureTable(db, roles, {
    name: 'label_ratings',
    operations: 'select, insert, update, delete',
    systemColumns: ['account_id', 'id'],
  });
  // `position`: the cheapest is 0, also where the row has no cost.
  await db.raw(`
    create table label_quotes (
      account_id text not null,
      id text not null,
      rating_id text not null,
      position integer not null,
      provider_rate_id text,
      carrier text not null,
      carrier_name text not null,
      service text not null,
      delivery_days integer,
      cost_minor bigint check (cost_minor >= 0),
      cost_currency text,
      primary key (account_id, id),
      foreign key (account_id, rating_id) references label_ratings (account_id, id) on delete cascade,
      check ((cost_minor is null) = (cost_currency is null))
    )`);
  await db.raw(`create index label_quotes_of_rating on label_quotes (account_id, rating_id)`);
  await secureTable(db, roles, { name: 'label_quotes', operations: 'select, insert, delete' });

  // A label has one parcel and one shipment. The merchant that lends its label account has a row of the same id, with the
  // money, as above. `content`: parcel, lines and traits, as they were asked for. `label_account_id`: null until a label that
  // names a service instead of a quote is rated. `purchase_sent_at`: stored before the provider is called, so the purchase may
  // have arrived; `purchase_lost_at`: no look-up has found it, and a person decides. Both are of the row with the money.
  await db.raw(`
    create table labels (
      account_id text not null,
      id text not null,
      order_id text not null,
      rating_id text,
      quote_id text,
      label_account_id text,
      payer text not null ${oneOf('payer', labelPayers)},
      lent_to text,
      is_return boolean not null default false,
      status text not null ${oneOf('status', labelStatuses)},
      content jsonb not null,
      carrier text,
      carrier_name text,
      service text,
      tracking_number text,
      tracking_url text,
      shipment_id text,
      provider_shipment_id text,
      provider_rate_id text,
      provider_label_id text,
      purchase_sent_at timestamptz,
      purchase_lost_at timestamptz,
      max_cost_minor bigint,
      max_cost_currency text,
      cost_minor bigint check (cost_minor >= 0),
      cost_currency text,
      failure text,
      refund text not null default 'none' ${oneOf('refund', refundStatuses)},
      refund_asked_at timestamptz,
      refund_look_at timestamptz,
      document_id text,
      actor_kind text not null ${oneOf('actor_kind', actorKinds)},
      actor_id text not null,
      created_at timestamptz not null default now(),
      started_at timestamptz,
      bought_at timestamptz,
      recorded_at timestamptz,
      void_requested_at timestamptz,
      voided_at timestamptz,
      primary key (account_id, id),
      unique (account_id, shipment_id),
      unique (account_id, provider_shipment_id),
      foreign key (account_id, order_id) references orders (account_id, id),
      check ((cost_minor is null) = (cost_currency is null)),
      check ((max_cost_minor is null) = (max_cost_currency is null))
    )`);
  await db.raw(`create index labels_of_order on labels (account_id, order_id)`);
  await db.raw(`create index labels_by_time on labels (account_id, created_at desc, id desc)`);
  await db.raw(`create index labels_of_rating on labels (account_id, rating_id) where rating_id is not null`);
  await db.raw(`create index labels_to_start on labels (created_at) where started_at is null`);
  await db.raw(`create index labels_to_refund on labels (refund_look_at) where refund_look_at is not null`);
  await secureTable(db, roles, {
    name: 'labels',
    operations: 'select, insert, update',
    systemColumns: ['account_id', 'id', 'order_id', 'lent_to', 'created_at', 'started_at', 'refund_look_at'],
  });
};
