import { secureTable, type Migration } from './secure.ts';

/** Above every version: what is not in the supplier's count yet. */
const never = 2_147_483_647;

export const up: Migration['up'] = async (db, roles) => {
  // `stock_set_at`: when its stock was first counted; until then nothing of it is published.
  await db.raw(`
    alter table products
      add column stock_version integer not null default 0,
      add column stock_set_at timestamptz`);

  // In an own warehouse `committed` are the units of open orders. In a supplier's warehouse `physical_on_hand` is what
  // the supplier reported at `applied_version`; what is not in that figure yet is summed from the order lines.
  // `withdrawn`: nothing may be promised from there, as the product is not assigned to the supplier (any more).
  await db.raw(`
    create table stock (
      account_id text not null,
      product_id text not null,
      warehouse_id text not null,
      physical_on_hand integer not null default 0 check (physical_on_hand >= 0),
      committed integer not null default 0 check (committed >= 0),
      applied_version integer,
      withdrawn boolean not null default false,
      primary key (account_id, product_id, warehouse_id),
      foreign key (account_id, product_id) references products (account_id, id),
      foreign key (account_id, warehouse_id) references warehouses (account_id, id)
    )`);
  await secureTable(db, roles, { name: 'stock' });

  // `warehouse_id`: where the line's units come from. `reserved_version`: the product's version that contains them here;
  // `supplier_reserved_version`: the supplier's, for a line that ships from a supplier's warehouse. `shipped_before`:
  // units that had left, from wherever, when the line got its warehouse: none of that warehouse's.
  await db.raw(`
    alter table order_lines
      add column warehouse_id text,
      add column reserved_version integer,
      add column supplier_reserved_version integer,
      add column shipped_before integer not null default 0,
      add foreign key (account_id, warehouse_id) references warehouses (account_id, id)`);
  await db.raw(
    `create index order_lines_bound on order_lines (account_id, product_id, warehouse_id, coalesce(supplier_reserved_version, ${never}))
     where warehouse_id is not null and cancelled < quantity`,
  );

  // Units that are to be cancelled in all, as far as they do not ship first. What is open of them is a pending request.
  await db.raw(`
    alter table order_lines
      add column cancel_requested integer not null default 0 check (cancel_requested between 0 and quantity)`);
  await db.raw(
    `create index order_lines_to_cancel on order_lines (account_id, order_id)
     where cancel_requested > cancelled and shipped + cancelled < quantity`,
  );
  // When the merchant asked its supplier, on the dropship: an order that was received and handed on has requests from
  // above, which are not passed on before they are accepted.
  await db.raw(`alter table dropships add column cancel_requested_at timestamptz`);

  // `stock_version` follows the product's, from the moment its stock is counted: what is above `synced_version` needs
  // sync. `sent_version`: the newest that was on its way; an older one is never sent after it.
  await db.raw(`
    create table listings (
      account_id text not null,
      id text not null,
      channel_id text not null,
      product_id text,
      linked_by text not null default 'sku' check (linked_by in ('sku', 'hand')),
      remote_id text not null,
      remote_sku text not null,
      stock_version integer not null default 0,
      synced_version integer not null default 0,
      sent_version integer not null default 0,
      failures integer not null default 0,
      cause text,
      suspended_at timestamptz,
      delisted_at timestamptz,
      created_at timestamptz not null default now(),
      primary key (account_id, id),
      unique (account_id, channel_id, remote_id),
      foreign key (account_id, channel_id) references channels (account_id, id),
      foreign key (account_id, product_id) references products (account_id, id)
    )`);
  await db.raw(`create index listings_of_product on listings (account_id, product_id)`);
  await db.raw(`create index listings_of_sku on listings (account_id, channel_id, remote_sku)`);
  await db.raw(`create index listings_page on listings (account_id, created_at desc, id desc)`);
  // Nobody can know how many need sync just now: of a number so made the planner has no statistics and expects few, so
  // that it takes this index; of a plain comparison it would expect a third, and read all listings to meet some.
  await db.raw(
    `create index listings_to_sync on listings (channel_id, id)
     where (stock_version > synced_version)::int = 1 and suspended_at is null and delisted_at is null`,
  );
  await db.raw(
    `create index listings_suspended on listings (channel_id, id) where suspended_at is not null and delisted_at is null`,
  );
  await secureTable(db, roles, {
    name: 'listings',
    operations: 'select, insert, update',
    systemColumns: ['id', 'account_id', 'channel_id', 'stock_version', 'synced_version', 'suspended_at', 'delisted_at'],
  });

  // The rhythm of each task as it was last seen, to make a lost Schedule again as ops had left it.
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

  // An ended connection takes the merchant's stock of that warehouse away, once.
  await db.raw(`alter table connections add column stock_withdrawn_at timestamptz`);
  await db.raw(
    `create index connections_to_withdraw on connections (id) where status = 'ended' and stock_withdrawn_at is null`,
  );
  await db.raw(`grant select (stock_withdrawn_at) on connections to ??`, [roles.systemRole]);

  await bindOpenOrders(db);
};

/** Orders from before stock was counted hold their units too. The owner sees all rows (BYPASSRLS). */
export async function bindOpenOrders(db: Parameters<Migration['up']>[0]): Promise<void> {
  const living = `d.account_id = l.account_id and d.order_id = l.order_id and d.status not in ('cancelled', 'rejected', 'split')`;
  await db.raw(`
    update order_lines l set
      reserved_version = 0,
      supplier_reserved_version = (select 0 from dropships d where ${living} and d.status <> 'requested'),
      shipped_before = l.shipped - coalesce((
        select sum(u.quantity) from shipments s
        join shipment_lines u on u.account_id = s.account_id and u.shipment_id = s.id
        where s.account_id = l.account_id and s.order_id = l.order_id and s.status = 'recorded' and u.line_id = l.id), 0),
      warehouse_id = coalesce(
        (select w.id from dropships d
         join warehouses w on w.account_id = d.account_id and w.supplier_id = d.supplier_id where ${living}),
        (select w.id from products p
         join product_suppliers s on s.account_id = p.account_id and s.product_id = p.id and s.is_default
         join warehouses w on w.account_id = s.account_id and w.supplier_id = s.supplier_id
         where p.account_id = l.account_id and p.id = l.product_id and p.fulfillment_type <> 'in_house' and l.shipped = 0),
        (select w.id from warehouses w where w.account_id = l.account_id and w.supplier_id is null
         order by w.created_at, w.id limit 1))
    from orders o
    where o.account_id = l.account_id and o.id = l.order_id and o.status <> 'split' and l.product_id is not null`);
  await db.raw(`
    insert into stock (account_id, product_id, warehouse_id, committed)
    select l.account_id, l.product_id, l.warehouse_id, sum(l.quantity - l.shipped - l.cancelled)
    from order_lines l join warehouses w on w.account_id = l.account_id and w.id = l.warehouse_id
    where w.supplier_id is null
    group by l.account_id, l.product_id, l.warehouse_id
    having sum(l.quantity - l.shipped - l.cancelled) > 0`);
}
