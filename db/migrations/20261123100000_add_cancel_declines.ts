import { declineReasons } from '../../domain/orders/cancel.ts';
import { oneOf, type Migration } from './secure.ts';

/** When and why the supplier last declined to cancel units of an order, on both sides. */
export const up: Migration['up'] = async (db) => {
  await db.raw(`
    alter table orders add column cancel_declined_at timestamptz,
      add column cancel_declined_for text ${oneOf('cancel_declined_for', declineReasons)}`);
};
