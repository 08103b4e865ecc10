import type { status as en } from '../en/status.ts';

export const status: typeof en = {
  attention: 'Zu klären',
  cancel_requested: 'Storno angefragt',
  with_supplier: 'Beim Lieferanten',
  accepted: 'Angenommen',
  to_ship: 'Zu versenden',
  partly_shipped: 'Teilweise versandt',
  shipped: 'Versandt',
  cancelled: 'Storniert',
};
