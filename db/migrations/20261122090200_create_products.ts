import { fulfillmentTypes } from '../../domain/orders/routing.ts';
import { oneOf, secureTable, type Migration } from './secure.ts';

export const up: Migration['up'] = async (db, roles) => {
  await db.raw(`
    create table suppliers (
      account_id text not null references accounts,
      id text not null,
      connection_id text not null,
      name text not null,
      shared_fields text[] not null default '{}',
      shipping_methods jsonb not null default '{}',
      default_shipping_method text,
      created_at timestamptz not null default now(),
      primary key (account_id, id),
      unique (account_id, connection_id)
    )`);
  await secureTable(db, roles, { name: 'suppliers', operations: 'select, insert, update' });

  await db.raw(`
    create table warehouses (
      account_id text not null references accounts,
      id text not null,
      name text not null,
      supplier_id text,
      created_at timestamptz not null default now(),
      primary key (account_id, id),
      unique (account_id, supplier_id),
      foreign key (account_id, supplier_id) references suppliers (account_id, id)
    )`);
  await db.raw(`create unique index warehouses_own_name on warehouses (account_id, name) where supplier_id is null`);
  await secureTable(db, roles, { name: 'warehouses', operations: 'select, insert, update' });

  await db.raw(`
    create table products (
      account_id text not null references accounts,
      id text not null,
      sku text not null,
      name text not null,
      fulfillment_type text not null default 'in_house' ${oneOf('fulfillment_type', fulfillmentTypes)},
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      primary key (account_id, id),
      unique (account_id, sku)
    )`);
  await secureTable(db, roles, { name: 'products', operations: 'select, insert, update' });

  await db.raw(`
    create table product_suppliers (
      account_id text not null,
      product_id text not null,
      supplier_id text not null,
      supplier_sku text,
      cost_minor bigint check (cost_minor >= 0),
      cost_currency text,
      is_default boolean not null default false,
      primary key (account_id, product_id, supplier_id),
      foreign key (account_id, product_id) references products (account_id, id),
      foreign key (account_id, supplier_id) references suppliers (account_id, id),
      check ((cost_minor is null) = (cost_currency is null))
    )`);
  await db.raw(
    `create unique index product_suppliers_default on product_suppliers (account_id, product_id) where is_default`,
  );
  await secureTable(db, roles, { name: 'product_suppliers' });
};
