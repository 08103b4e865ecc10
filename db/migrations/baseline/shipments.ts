import { maximumQuantity } from '../../../domain/orders/order.ts';
import { shipmentMethods } from '../../../domain/shipments/method.ts';
import { shipmentStatuses } from '../../../domain/shipments/shipment.ts';
import { oneOf, secureTable, type Migration } from '../secure.ts';

export const up: Migration['up'] = async (db, roles) => {
  // A shipment has the same id in every account it reaches: recording it again changes nothing (law 5). `sent_revision`,
  // `sent_tracking`: the last push to the channel, written before the call: a shop that keeps no reference is searched for
  // this tracking. `pushed_revision`: the revision that the channel is known to show. `tracking_key`: as a
  // person searches for it.
  await db.raw(`
    create table shipments (
      account_id text not null,
      id text not null,
      order_id text not null,
      dropship_id text,
      method text not null default 'tracked' ${oneOf('method', shipmentMethods)},
      carrier text,
      carrier_name text,
      tracking_number text check (length(tracking_number) > 0),
      tracking_url text,
      service text,
      shipped_at timestamptz not null,
      label_cost_minor bigint,
      label_cost_currency text,
      status text not null default 'recorded' ${oneOf('status', shipmentStatuses)},
      revision integer not null default 1,
      remote_ids text[] not null default '{}',
      push_started_at timestamptz,
      relayed_at timestamptz,
      pushed_at timestamptz,
      confirmed_at timestamptz,
      sent_revision integer,
      sent_tracking jsonb,
      pushed_revision integer,
      void_reason text,
      voided_at timestamptz,
      created_at timestamptz not null default now(),
      tracking_key text generated always as (upper(replace(replace(tracking_number, ' ', ''), '-', ''))) stored,
      primary key (account_id, id),
      foreign key (account_id, order_id) references orders (account_id, id),
      check ((method = 'tracked') = (tracking_number is not null)),
      check (method <> 'tracked' or carrier is not null),
      check ((carrier is null) = (carrier_name is null))
    )`);
  await db.raw(`create index shipments_of_order on shipments (account_id, order_id)`);
  await db.raw(`create index shipments_by_time on shipments (account_id, created_at desc, id desc)`);
  await db.raw(
    `create index shipments_of_number on shipments (account_id, tracking_key text_pattern_ops) where tracking_key is not null`,
  );
  await db.raw(
    `create index shipments_to_push on shipments (created_at) where push_started_at is null and dropship_id is null`,
  );
  await secureTable(db, roles, {
    name: 'shipments',
    operations: 'select, insert, update',
    systemColumns: ['id', 'account_id', 'order_id', 'dropship_id', 'created_at', 'push_started_at'],
  });

  // `warehouse_id`: where the units came from; null where their line had no warehouse, for want of a product.
  await db.raw(`
    create table shipment_lines (
      account_id text not null,
      shipment_id text not null,
      line_id text not null,
      quantity integer not null check (quantity between 1 and ${maximumQuantity}),
      warehouse_id text,
      primary key (account_id, shipment_id, line_id),
      foreign key (account_id, shipment_id) references shipments (account_id, id),
      foreign key (account_id, line_id) references order_lines (account_id, id),
      foreign key (account_id, warehouse_id) references warehouses (account_id, id)
    )`);
  await secureTable(db, roles, { name: 'shipment_lines', operations: 'select, insert' });

  // What a person wrote about a shipment, for the activity that a message leads to: the message has the row's id alone (law 8).
  await db.raw(`
    create table shipment_texts (
      account_id text not null,
      id text not null,
      order_id text not null,
      carrier_name text,
      tracking_url text,
      service text,
      created_at timestamptz not null default now(),
      primary key (account_id, id),
      foreign key (account_id, order_id) references orders (account_id, id)
    )`);
  await db.raw(`create index shipment_texts_by_age on shipment_texts (account_id, created_at)`);
  await db.raw(`create index shipment_texts_of_order on shipment_texts (account_id, order_id)`);
  await secureTable(db, roles, { name: 'shipment_texts', operations: 'select, insert, delete' });
};
