import type { Migration } from './secure.ts';

/**
 * `sent_revision`, `sent_tracking`: what was last handed to the channel, written before the call, so that a shop that
 * keeps no reference is asked for what it was sent. `pushed_revision`: what it is known to show.
 */
export const up: Migration['up'] = async (db) => {
  await db.raw(`
    alter table shipments
      add column sent_revision integer,
      add column sent_tracking jsonb,
      add column pushed_revision integer,
      add column void_reason text,
      add column voided_at timestamptz`);
  await db.raw(`
    update shipments set sent_revision = revision, pushed_revision = revision, sent_tracking = jsonb_strip_nulls(
      jsonb_build_object('carrier', carrier, 'carrierName', carrier_name, 'number', tracking_number, 'url', tracking_url))
    where confirmed_at is not null`);
  await db.raw(`
    alter table dropships add column accepted_at timestamptz, add column expected_ship_at timestamptz`);
  await db.raw(`
    alter table orders add column accepted_at timestamptz, add column expected_ship_at timestamptz`);
  // A supplier's split gives its leaves dropships of their own: a received order need not be a root any more.
  await db.raw('create index orders_of_dropship on orders (account_id, dropship_id) where dropship_id is not null');
};
