export { checkChannel, resumeChannel } from './channel.ts';
export { dropship } from './dropship.ts';
export { endConnection } from './end-connection.ts';
export { importOrders } from './import-orders.ts';
export { importProducts } from './import-products.ts';
export { pushShipment } from './push-shipment.ts';
export { reconcile, reconcileSchedules } from './reconcile.ts';
export { setUpChannel, setUpConnection } from './set-up.ts';
export { writeInventory } from './write-inventory.ts';
