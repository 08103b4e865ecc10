import type { tasks as en } from '../en/tasks.ts';

export const tasks: typeof en = {
  import_orders: 'Bestellungen importieren',
  import_products: 'Produkte importieren',
  write_inventory: 'Bestand zurückschreiben',
  cancel_orders: 'Bestellungen stornieren',
};
