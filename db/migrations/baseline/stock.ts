import { secureTable, type Migration } from '../secure.ts';

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
};
