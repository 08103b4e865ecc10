import type { ship as en } from '../en/ship.ts';

export const ship: typeof en = {
  title: 'Scannen & versenden',
};
