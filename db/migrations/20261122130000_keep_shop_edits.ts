import type { Migration } from './secure.ts';

/**
 * `shop_facts`: what the shop said of the order besides its lines when it came in, or when an edit of it was accepted.
 * `pending_edit`: what it says by now, and what differs; `dismissed_edit`: the id of one that is not to be shown again.
 */
export const up: Migration['up'] = async (db) => {
  await db.raw(`
    alter table orders
      add column shop_facts jsonb,
      add column pending_edit jsonb,
      add column dismissed_edit text`);
  // An order that waits to be routed may be edited in its shop: two decisions, neither of which hides the other.
  await db.raw('drop index attentions_of_order');
  await db.raw(
    `create unique index attentions_of_order on attentions (account_id, order_id, step)
     where resolved_at is null and workflow_id is null`,
  );
};
