import type { Activities } from '../../../activities/index.ts';
import { noCounts } from '../../../domain/task.ts';

/** Replaced activities of one workflow in a test. An activity that is left out succeeds. */
export type Fakes = { [Name in keyof Activities]?: (...input: Parameters<Activities[Name]>) => unknown };

export const emptyPage = { counts: noCounts(), failures: [], released: [], more: false, next: null };

/** Activities that succeed, for what a test does not replace. */
export const wellDone: Fakes = {
  openDropship: () => ({ released: false, ended: false }),
  importDropship: () => ({ lines: [{ lineId: 'L1', quantity: 3, shipped: 0, cancelled: 0 }] }),
  finishImport: () => ({ lines: null }),
  recordShipment: ({ shipmentId, lines, trackingNumber, relays = false }) => ({
    shipment: { id: shipmentId, lines, trackingNumber },
    relayed: relays ? { orderId: 'ord_merchant', isShown: false } : null,
  }),
  correctShipment: ({ shipmentId, trackingNumber }) => ({
    id: shipmentId,
    trackingNumber,
    revision: 2,
    status: 'recorded',
  }),
  voidShipment: ({ shipmentId }) => ({ id: shipmentId, trackingNumber: 'T', revision: 2, status: 'voided' }),
  relayShipment: () => ({ orderId: 'ord_merchant', isShown: false }),
  pushShipment: () => ({ remoteIds: ['f1'] }),
  cancelDropship: () => undefined,
  cancelBeforeImport: () => ({ cancelled: true, ended: true }),
  noteCancelRequest: () => ({ isInstant: false }),
  cancelAtSupplier: ({ lines }) => ({ lines }),
  declineCancel: () => undefined,
  relayCancel: () => undefined,
  splitBeforeImport: () => undefined,
  splitAtSupplier: () => undefined,
  relaySplit: () => undefined,
  acceptOrder: () => undefined,
  rejectOrder: () => undefined,
  rejectUnits: () => undefined,
  relayReject: () => undefined,
  cancelOrderPage: () => ({ ...emptyPage, asked: [] }),
  awaitCancelled: () => ({ counts: noCounts(), failures: [] }),
  raiseAttention: () => undefined,
  closeAttention: () => undefined,
  startTask: () => ({ taskId: 'task_1', nextRunAt: null }),
  finishTask: () => undefined,
  importNamedOrders: () => emptyPage,
  importOrderPage: () => emptyPage,
  importAwaitedOrders: () => emptyPage,
  awaitImported: () => ({ counts: noCounts(), failures: [] }),
  importProductPage: () => emptyPage,
  planWriteBack: () => ({ plan: 'write' }),
  writeInventoryPage: () => emptyPage,
  withdrawStock: () => ({ more: false }),
  releaseWaiting: () => ({ last: null }),
  setUpConnection: () => ({ channelId: 'chan_of_the_portal' }),
  ensureSchedules: () => undefined,
  confirmConnectionSetUp: () => undefined,
  copyBrand: () => ({ revision: 1, last: null }),
  confirmBrandCopied: () => ({ more: false }),
  makePrintJob: () => undefined,
  failPrintJob: () => undefined,
  makePackingSlip: () => ({ documentId: 'doc_1' }),
  resumeBehindCredentials: () => ({ more: false }),
  checkChannel: () => ({ missing: [], unproven: [], locations: [] }),
  sweep: () => ({ intervalMs: 50 }),
  reconcileSchedules: () => ({ intervalMs: 50 }),
  prune: () => ({ pruned: 0, intervalMs: 50 }),
};
