import { actorKinds } from '../../../domain/account.ts';
import { cancelReasons, declineReasons } from '../../../domain/orders/cancel.ts';
import { rejectReasons } from '../../../domain/orders/supplier-response.ts';
import { maximumQuantity, orderStatuses } from '../../../domain/orders/order.ts';
import { unknownVersion } from '../../stock/versions.ts';
import { oneOf, secureTable, type Migration } from '../secure.ts';

export const up: Migration['up'] = async (db, roles) => {
  // `dropship_id` is set on a supplier's order: the dropship it came by, in the merchant's account, hence no foreign
  // key. Leaves of a split have the remote id and the `dropship_id` of their root, or, where a supplier split the order,
  // those of a dropship of their own. `shop_facts`: the shop's data of the order besides its lines, as imported or as last
  // accepted. `pending_edit`: the shop's data now, and the differences; `dismissed_edit`: the id of an edit that is not shown
  // again. `cancel_declined_at`, `cancel_declined_for`: when and why the supplier last declined to cancel units.
  // `cancelled_at`, `cancelled_for`: when and why units were last cancelled. On an order that came by a dropship,
  // `cancel_requested_for`: why its merchant last asked to cancel units; `rejected_for`: why units were last rejected.
  // `printed_at`: when its packing slip was last printed. `looked_at`: when it was last read again in a shop whose lists lack some changes. `erased_at`: when its personal data were erased. `accepted_at`,
  // `expected_ship_at`: what this account has promised its merchant; on an order of its own channel what its supplier promised, while the dropship lasts. `due_at` sorts the open
  // orders by it.
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
      accepted_at timestamptz,
      expected_ship_at timestamptz,
      cancel_requested_at timestamptz,
      cancel_requested_for text ${oneOf('cancel_requested_for', cancelReasons)},
      cancel_declined_at timestamptz,
      cancel_declined_for text ${oneOf('cancel_declined_for', declineReasons)},
      cancelled_at timestamptz,
      cancelled_for text ${oneOf('cancelled_for', cancelReasons)},
      rejected_for text ${oneOf('rejected_for', rejectReasons)},
      refunded_minor bigint not null default 0 check (refunded_minor >= 0),
      shop_facts jsonb,
      pending_edit jsonb,
      dismissed_edit text,
      push_claimed_by text,
      push_claimed_until timestamptz,
      printed_at timestamptz,
      looked_at timestamptz,
      erased_at timestamptz,
      created_at timestamptz not null default now(),
      due_at timestamptz not null generated always as (coalesce(expected_ship_at, placed_at)) stored,
      primary key (account_id, id),
      foreign key (account_id, channel_id) references channels (account_id, id),
      foreign key (account_id, parent_id) references orders (account_id, id)
    )`);
  await db.raw(
    `create unique index orders_remote on orders (account_id, channel_id, remote_id) where parent_id is null`,
  );
  await db.raw(`create unique index orders_dropship on orders (account_id, dropship_id) where parent_id is null`);
  await db.raw('create index orders_of_dropship on orders (account_id, dropship_id) where dropship_id is not null');
  // A push looks for all leaves of its remote order.
  await db.raw('create index orders_of_remote on orders (account_id, channel_id, remote_id)');
  await db.raw(`create index orders_page on orders (account_id, created_at desc, id desc)`);
  await db.raw(`create index orders_of_status on orders (account_id, status, created_at desc, id desc)`);
  // Other sorts read each status by itself: the oldest orders of all have long shipped.
  await db.raw(`create index orders_of_status_placed on orders (account_id, status, placed_at, id)`);
  await db.raw(`create index orders_of_status_due on orders (account_id, status, due_at, id)`);
  await db.raw(`create index orders_of_channel on orders (account_id, channel_id, created_at desc, id desc)`);
  await db.raw(`create index orders_by_placing on orders (account_id, placed_at)`);
  // The erasure of old orders: those that it has erased do not lie in its way.
  await db.raw(
    `create index orders_to_erase on orders (account_id, placed_at, id)
     where erased_at is null and parent_id is null and dropship_id is null`,
  );
  await db.raw(`create index orders_parent on orders (account_id, parent_id) where parent_id is not null`);
  // Also finds a beginning. Behind row-level security an index serves only operators that cannot leak a row, which LIKE and
  // those of pg_trgm are not.
  await db.raw(`create index orders_number on orders (account_id, number text_pattern_ops)`);
  await secureTable(db, roles, {
    name: 'orders',
    operations: 'select, insert, update',
    systemColumns: ['id', 'account_id', 'channel_id', 'number', 'status', 'dropship_id', 'created_at'],
  });

  // `remote_product_id`: the channel's id of the product, where it names one. `cancel_requested`: units that are to be cancelled in all, as far as they do not ship first. `warehouse_id`: where the
  // line's units come from. `reserved_version`: the product's version that contains them here; `supplier_reserved_version`:
  // the supplier's, for a line that ships from a supplier's warehouse. `shipped_before`: units that had left, from
  // wherever, when the line got its warehouse; none of them came from it. `cancelled_in_shop`: units that the shop has cancelled in
  // all, those cancelled here included, as far as they do not ship first. `let_ship`: those of them that a person lets ship.
  await db.raw(`
    create table order_lines (
      account_id text not null,
      id text not null,
      order_id text not null,
      position integer not null,
      product_id text,
      remote_line_id text not null,
      remote_product_id text,
      sku text not null,
      name text not null,
      quantity integer not null check (quantity between 1 and ${maximumQuantity}),
      shipped integer not null default 0 check (shipped >= 0),
      cancelled integer not null default 0 check (cancelled >= 0),
      cancel_requested integer not null default 0,
      cancelled_in_shop integer not null default 0,
      let_ship integer not null default 0,
      requires_shipping boolean not null default true,
      unit_price_minor bigint,
      unit_cost_minor bigint,
      warehouse_id text,
      reserved_version integer,
      supplier_reserved_version integer,
      shipped_before integer not null default 0,
      primary key (account_id, id),
      unique (account_id, order_id, remote_line_id),
      check (shipped + cancelled <= quantity),
      check (cancel_requested between 0 and quantity),
      check (cancelled_in_shop between 0 and quantity),
      check (let_ship between 0 and quantity),
      foreign key (account_id, order_id) references orders (account_id, id),
      foreign key (account_id, product_id) references products (account_id, id),
      foreign key (account_id, warehouse_id) references warehouses (account_id, id)
    )`);
  await db.raw(
    `create index order_lines_bound on order_lines (account_id, product_id, warehouse_id, coalesce(supplier_reserved_version, ${unknownVersion}))
     where warehouse_id is not null and cancelled < quantity`,
  );
  await db.raw(
    `create index order_lines_to_cancel on order_lines (account_id, order_id)
     where cancel_requested > cancelled and shipped + cancelled < quantity`,
  );
  await secureTable(db, roles, { name: 'order_lines', operations: 'select, insert, update' });

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
  // An entry stays as it is, but for a person's note in its `data` when the order is erased.
  await secureTable(db, roles, { name: 'order_events', operations: 'select, insert, update (data)' });
};
