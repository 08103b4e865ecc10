import { actorKinds } from '../../../domain/account.ts';
import { stockReasons } from '../../../domain/stock.ts';
import { oneOf, secureTable, type Migration } from '../secure.ts';

export const up: Migration['up'] = async (db, roles) => {
  await db.raw(`
    create table warehouses (
      account_id text not null references accounts,
      id text not null,
      name text not null,
      supplier_id text,
      address jsonb,
      created_at timestamptz not null default now(),
      primary key (account_id, id),
      unique (account_id, supplier_id),
      foreign key (account_id, supplier_id) references suppliers (account_id, id)
    )`);
  await db.raw(`create unique index warehouses_own_name on warehouses (account_id, name) where supplier_id is null`);
  await secureTable(db, roles, { name: 'warehouses', operations: 'select, insert, update' });

  // In an own warehouse `committed` counts the units of open orders. In a supplier's warehouse `physical_on_hand` is the
  // figure that the supplier reported at `applied_version`; units that it does not contain yet are summed from the order
  // lines. `withdrawn`: the product is not assigned to the supplier (any more), so nothing may be promised from there.
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

  // Who changed a level by hand or by a file, and why. Rows of the past weeks: they are pruned.
  await db.raw(`
    create table stock_changes (
      account_id text not null,
      id text not null,
      product_id text not null,
      warehouse_id text not null,
      before integer not null,
      after integer not null,
      adjust_by integer,
      reason text ${oneOf('reason', stockReasons)},
      actor_kind text not null ${oneOf('actor_kind', actorKinds)},
      actor_id text not null,
      request_id text,
      changed_at timestamptz not null default now(),
      primary key (account_id, id)
    )`);
  await db.raw(`create index stock_changes_by_age on stock_changes (account_id, changed_at)`);
  await secureTable(db, roles, { name: 'stock_changes', operations: 'select, insert, delete' });
};
