import type { suppliers as en } from '../en/suppliers.ts';

export const suppliers: typeof en = {
  title: 'Lieferanten',
};
