import type { merchants as en } from '../en/merchants.ts';

export const merchants: typeof en = {
  title: 'Händler',
};
