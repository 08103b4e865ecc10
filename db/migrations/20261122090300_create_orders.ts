import { actorKinds } from '../../domain/account.ts';
import { dropshipStatuses, endedStatuses } from '../../domain/dropships/dropship.ts';
import { maximumQuantity, orderStatuses } from '../../domain/orders/order.ts';
import { shipmentStatuses } from '../../domain/shipments/shipment.ts';
import { oneOf, secureTable, type Migration } from './secure.ts';

export const up: Migration['up'] = async (db, roles) => {
  // `dropship_id` is set on a supplier's order: the dropship it came by, in the merchant's account, hence no foreign
  // key. Leaves of a split keep the remote id of their root, and its `dropship_id`.
  await db.raw(`
    create table orders (
      account_id text not null references accounts,
      id text not null unique,
      channel_id text not null,
      remote_id text not null,
      number text not null,
      parent_id text,
      status text not null ${oneOf('status', orderStatuses)},
      placed_at timestamptz not null,
      currency text not null check (currency ~ '^[A-Z]{3}$'),
      ship_to jsonb not null,
      bill_to jsonb,
      customer jsonb,
      customer_note text,
      internal_note text,
      tags text[] not null default '{}',
      shipping_method text,
      content_hash text not null,
      dropship_id text,
      merchant_name text,
      via text[] not null default '{}',
      cancel_requested_at timestamptz,
      push_claimed_by text,
      push_claimed_until timestamptz,
      created_at timestamptz not null default now(),
      primary key (account_id, id),
      foreign key (account_id, channel_id) references channels (account_id, id),
      foreign key (account_id, parent_id) references orders (account_id, id)
    )`);
  await db.raw(
    `create unique index orders_remote on orders (account_id, channel_id, remote_id) where parent_id is null`,
  );
  await db.raw(`create unique index orders_dropship on orders (account_id, dropship_id) where parent_id is null`);
  await db.raw(`create index orders_page on orders (account_id, created_at desc, id desc)`);
  await db.raw(`create index orders_parent on orders (account_id, parent_id) where parent_id is not null`);
  await db.raw(`create index orders_number on orders (account_id, number)`);
  await secureTable(db, roles, {
    name: 'orders',
    operations: 'select, insert, update',
    systemColumns: ['id', 'account_id'],
  });

  await db.raw(`
    create table order_lines (
      account_id text not null,
      id text not null,
      order_id text not null,
      position integer not null,
      product_id text,
      remote_line_id text not null,
      sku text not null,
      name text not null,
      quantity integer not null check (quantity between 1 and ${maximumQuantity}),
      shipped integer not null default 0 check (shipped >= 0),
      cancelled integer not null default 0 check (cancelled >= 0),
      unit_price_minor bigint,
      unit_cost_minor bigint,
      primary key (account_id, id),
      unique (account_id, order_id, remote_line_id),
      check (shipped + cancelled <= quantity),
      foreign key (account_id, order_id) references orders (account_id, id),
      foreign key (account_id, product_id) references products (account_id, id)
    )`);
  await secureTable(db, roles, { name: 'order_lines', operations: 'select, insert, update' });

  await db.raw(`
    create table dropships (
      account_id text not null,
      id text not null unique,
      order_id text not null,
      supplier_id text not null,
      connection_id text not null,
      status text not null ${oneOf('status', dropshipStatuses)},
      supplier_order_id text,
      created_at timestamptz not null default now(),
      started_at timestamptz,
      ended_at timestamptz,
      primary key (account_id, id),
      foreign key (account_id, order_id) references orders (account_id, id),
      foreign key (account_id, supplier_id) references suppliers (account_id, id)
    )`);
  await db.raw(
    `create unique index dropships_living on dropships (account_id, order_id) where status not in (${endedStatuses.map((status) => `'${status}'`).join(', ')})`,
  );
  await db.raw(
    `create index dropships_waiting on dropships (account_id, connection_id, created_at) where status = 'requested'`,
  );
  await db.raw(`create index dropships_to_start on dropships (created_at) where started_at is null`);
  await secureTable(db, roles, {
    name: 'dropships',
    operations: 'select, insert, update',
    systemColumns: ['id', 'account_id', 'connection_id', 'status', 'created_at', 'started_at'],
  });

  // One shipment has one id in every account it reaches: recording it again changes nothing (law 5).
  await db.raw(`
    create table shipments (
      account_id text not null,
      id text not null,
      order_id text not null,
      dropship_id text,
      carrier text not null,
      carrier_name text not null,
      tracking_number text not null check (length(tracking_number) > 0),
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
      created_at timestamptz not null default now(),
      primary key (account_id, id),
      foreign key (account_id, order_id) references orders (account_id, id)
    )`);
  await db.raw(`create index shipments_of_order on shipments (account_id, order_id)`);
  await db.raw(
    `create index shipments_to_push on shipments (created_at) where push_started_at is null and dropship_id is null`,
  );
  await secureTable(db, roles, {
    name: 'shipments',
    operations: 'select, insert, update',
    systemColumns: ['id', 'account_id', 'order_id', 'dropship_id', 'created_at', 'push_started_at'],
  });

  await db.raw(`
    create table shipment_lines (
      account_id text not null,
      shipment_id text not null,
      line_id text not null,
      quantity integer not null check (quantity between 1 and ${maximumQuantity}),
      primary key (account_id, shipment_id, line_id),
      foreign key (account_id, shipment_id) references shipments (account_id, id),
      foreign key (account_id, line_id) references order_lines (account_id, id)
    )`);
  await secureTable(db, roles, { name: 'shipment_lines', operations: 'select, insert' });

  await db.raw(`
    create table order_events (
      account_id text not null,
      id text not null,
      order_id text not null,
      type text not null,
      actor_kind text not null ${oneOf('actor_kind', actorKinds)},
      actor_id text not null,
      occurred_at timestamptz not null default now(),
      position bigint generated always as identity,
      data jsonb not null default '{}',
      primary key (account_id, id),
      foreign key (account_id, order_id) references orders (account_id, id)
    )`);
  await db.raw(`create index order_events_of_order on order_events (account_id, order_id, position)`);
  await secureTable(db, roles, { name: 'order_events', operations: 'select, insert' });
};
