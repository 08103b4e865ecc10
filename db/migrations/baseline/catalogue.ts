import { fulfillmentTypes } from '../../../domain/orders/routing.ts';
import { oneOf, secureTable, type Migration } from '../secure.ts';

const keyOfSku = String.raw`translate(
  upper(regexp_replace(normalize(sku, NFKC), '[\s\u00ad\u200b-\u200f\u2060\ufeff]', '', 'g')),
  U&'O\2010\2011\2012\2013\2014\2015\2212', '0-------')`;

export const up: Migration['up'] = async (db, roles) => {
  // `stock_version`: rises with each change of its stock (law 6). `stock_set_at`: when its stock was first counted; until
  // then nothing of it is published. `sku_key`: as `skuKey` makes it, to find what an unknown SKU looks like.
  // Weight, HS code, origin and value are of one unit, for labels and customs; `bin`: where it lies, for pick lists.
  await db.raw(`
    create table products (
      account_id text not null references accounts,
      id text not null,
      sku text not null,
      sku_key text collate "C" generated always as (${keyOfSku}) stored,
      name text not null,
      fulfillment_type text not null default 'in_house' ${oneOf('fulfillment_type', fulfillmentTypes)},
      stock_version integer not null default 0,
      stock_set_at timestamptz,
      weight_grams integer check (weight_grams > 0),
      hs_code text,
      origin_country text,
      customs_value_minor bigint check (customs_value_minor >= 0),
      customs_value_currency text,
      bin text,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      primary key (account_id, id),
      unique (account_id, sku),
      check ((customs_value_minor is null) = (customs_value_currency is null))
    )`);
  await db.raw(`create index products_page on products (account_id, created_at desc, id desc)`);
  await db.raw(`create index products_of_key on products (account_id, sku_key)`);
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

  // `stock_version` follows the product's version from the moment its stock is counted. A listing whose `stock_version` is
  // above its `synced_version` needs sync. `sent_version`: the newest version that was sent; no older version follows it.
  // `linked_sku`: the channel's SKU when the listing was linked, or when a person last decided about it. Where `remote_sku`
  // is another one by now, the SKU has changed at the channel. It is empty for a listing that no SKU has linked yet.
  await db.raw(`
    create table listings (
      account_id text not null,
      id text not null,
      channel_id text not null,
      product_id text,
      linked_by text not null default 'sku' check (linked_by in ('sku', 'hand')),
      remote_id text not null,
      remote_sku text not null,
      linked_sku text not null,
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
  await db.raw(
    `create index listings_of_channel on listings (account_id, channel_id, created_at desc, id desc) where delisted_at is null`,
  );
  // The planner would guess that a plain comparison holds for a third of the listings, and read them all. It has no
  // statistics for the cast, expects few rows, and takes this index.
  await db.raw(
    `create index listings_to_sync on listings (channel_id, id)
     where (stock_version > synced_version)::int = 1 and suspended_at is null and delisted_at is null`,
  );
  await db.raw(
    `create index listings_suspended on listings (channel_id, id) where suspended_at is not null and delisted_at is null`,
  );
  await db.raw(
    `create index listings_sku_changed on listings (channel_id, id)
     where (linked_sku <> remote_sku)::int = 1 and delisted_at is null`,
  );
  await secureTable(db, roles, {
    name: 'listings',
    operations: 'select, insert, update',
    systemColumns: ['id', 'account_id', 'channel_id', 'stock_version', 'synced_version', 'suspended_at', 'delisted_at'],
  });
};
