import type { inventory as en } from '../en/inventory.ts';

export const inventory: typeof en = {
  title: 'Bestand',
};
