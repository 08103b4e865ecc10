export { checkChannel, resumeChannel } from './channel.ts';
export { dropship } from './dropship.ts';
export { importOrders } from './import-orders.ts';
export { pushShipment } from './push-shipment.ts';
export { reconcile } from './reconcile.ts';
export { setUpChannel, setUpConnection } from './set-up.ts';
