import type { order as en } from '../en/order.ts';

export const order: typeof en = {
  title: 'Bestellung',
};
