import { newState } from '../../../domain/dropships/state.ts';
import {
  rest,
  threeUnits,
  once,
  imported,
  shippedWhole,
  closedWhole,
  parkedImport,
  parkedPush,
  requested,
  ended,
} from './recorded-lives.ts';
import { waitUntil } from '../engine/wait-until.ts';
import { cancel, first, permanently, retry, skip, type Rig, type Talk } from '../engine/workflow-rig.ts';

/** A run for each path of a dropship, so that new code is checked against open orders on that path. */
export const dropshipRecordings: Record<string, (rig: Rig) => Promise<Talk>> = {
  'dropship-waiting': async (rig) => {
    const life = rig.life();
    await life.start();
    await waitUntil(async () => (await life.details()).includes('Waits'));
    return life;
  },
  'dropship-shipped': async (rig) => ended(await shippedWhole(rig)),
  'dropship-instant': (rig) => shippedWhole(rig, { openDropship: () => ({ released: true, ended: false }) }),
  'dropship-fresh-imported-by-the-task': async (rig) => {
    const shown = { orderId: 'ord_merchant', isShown: true };
    const life = rig.life({ recordShipment: ({ shipmentId }) => ({ shipment: { id: shipmentId }, relayed: shown }) });
    await life.start({ released: false });
    await life.release(threeUnits().lines);
    await life.untilStage('awaiting_shipment');
    await life.record(life.shipment(1, { lines: [{ lineId: 'L1', quantity: 3 }] }));
    return ended(life);
  },
  'dropship-fresh-on-an-instant-portal': async (rig) => {
    const life = rig.life();
    await life.start({ released: true });
    await life.untilStage('awaiting_shipment');
    return life;
  },
  'dropship-relay-left-to-the-main-loop': (rig) =>
    shippedWhole(rig, { recordShipment: ({ shipmentId }) => ({ shipment: { id: shipmentId }, relayed: null }) }),
  'dropship-ended-before': async (rig) => {
    const life = rig.life({ openDropship: () => ({ released: false, ended: true }) });
    await life.start();
    return ended(life);
  },
  'dropship-paused-connection': (rig) =>
    shippedWhole(rig, { importDropship: first(1, () => ({ lines: null }), threeUnits) }),
  'dropship-two-shipments': async (rig) => {
    const life = await imported(rig);
    await life.record(life.shipment(1));
    await life.untilCalled('pushShipment');
    await life.record(life.shipment(2, rest));
    return ended(life);
  },
  'dropship-refused-and-repeated-shipments': async (rig) => {
    const life = await imported(rig, {
      recordShipment: first(1, permanently('order_not_found'), () => ({
        shipment: { id: 'shp' },
        relayed: { orderId: 'ord_merchant', isShown: false },
      })),
    });
    await life.record(life.shipment(1));
    await life.record(life.shipment(2, { lines: [{ lineId: 'L9', quantity: 1 }] }));
    await life.record(life.shipment(3));
    await life.record(life.shipment(3));
    return life;
  },
  'dropship-import-parked': parkedImport,
  'dropship-import-parked-retry': async (rig) => {
    const life = await parkedImport(rig);
    await life.resolve(retry);
    await life.untilStage('awaiting_shipment');
    return life;
  },
  'dropship-import-parked-cancel': async (rig) => {
    const life = await parkedImport(rig);
    await life.decide(cancel);
    return ended(life);
  },
  'dropship-import-cancel-too-late': async (rig) => {
    const life = await parkedImport(rig, { cancelDropship: permanently('dropship_transition_refused') });
    await life.resolve(cancel);
    await life.untilStage('awaiting_shipment');
    return life;
  },
  'dropship-push-parked': (rig) => parkedPush(rig),
  'dropship-push-parked-retry': async (rig) => {
    const life = await parkedPush(rig);
    await life.record(life.shipment(2, rest));
    await life.resolve(retry);
    return ended(life);
  },
  'dropship-push-skip': async (rig) => {
    const life = await parkedPush(rig);
    await life.resolve(skip);
    await life.untilStage('awaiting_shipment');
    return life;
  },
  'dropship-carried-on': async (rig) => {
    const life = rig.life();
    const lines = [{ lineId: 'L1', quantity: 3, shipped: 1, cancelled: 0 }];
    const sent = life.shipment(1);
    const known = { shipmentId: sent.shipmentId, trackingNumber: sent.trackingNumber, lines: sent.lines };
    const carried = {
      ...newState(),
      opened: true,
      released: true,
      lines,
      shipments: [{ ...known, revision: 1, voided: false }],
      backlog: [{ kind: 'shipment', shipmentId: sent.shipmentId, orderId: null }],
    };
    const run = await life.begin('dropship', { dropshipId: life.dropshipId, state: carried });
    await run.untilCalled('pushShipment');
    await run.record(life.shipment(2, rest));
    return ended(run);
  },
  'dropship-cancelled-before-import': async (rig) => {
    const life = rig.life();
    await life.start();
    await life.untilStage('awaiting_release');
    await life.requestCancel();
    return ended(life);
  },
  'dropship-units-cancelled-before-import': async (rig) => {
    const life = rig.life({ cancelBeforeImport: () => ({ cancelled: true, ended: false }) });
    await life.start();
    await life.untilStage('awaiting_release');
    await life.requestCancel({ lines: [{ lineId: 'L1', remaining: 1 }] });
    await life.release();
    await life.untilStage('awaiting_shipment');
    return life;
  },
  'dropship-import-gave-way': async (rig) => {
    const life = await parkedImport(rig);
    await life.requestCancel();
    return ended(life);
  },
  'dropship-cancel-requested': (rig) => requested(rig),
  'dropship-cancelled-after-import': async (rig) => {
    const life = await requested(rig);
    await life.acceptCancel();
    return ended(life);
  },
  'dropship-cancel-declined': async (rig) => {
    const life = await requested(rig);
    await life.declineCancel();
    await life.record(life.shipment(1, { lines: [{ lineId: 'L1', quantity: 3 }] }));
    return ended(life);
  },
  'dropship-cancelled-by-task': async (rig) => {
    const life = await requested(rig, { relayCancel: once('order_not_found', {}) });
    await life.record(life.shipment(1));
    await life.handle.signal('cancelsReleased');
    return ended(life);
  },
  'dropship-cancel-parked': async (rig) => {
    const refuse = permanently('order_not_found');
    const life = await requested(rig, { relayCancel: first(2, refuse, () => ({})) });
    await life.acceptCancel();
    await life.parked();
    return life;
  },
  'dropship-cancelled-downstream': async (rig) => {
    const life = await requested(rig, { cancelAtSupplier: () => ({ lines: [{ lineId: 'L1', remaining: 3 }] }) });
    await life.acceptCancel();
    await life.handle.signal('cancelledDownstream', { lines: [{ lineId: 'L1', remaining: 0 }], reason: 'other' });
    return ended(life);
  },
  'dropship-split-by-supplier': async (rig) => {
    const life = await imported(rig);
    await life.split();
    return ended(life);
  },
  'dropship-split-refused-then-parked': async (rig) => {
    const life = await imported(rig, {
      splitAtSupplier: once('order_dropshipped', {}),
      relaySplit: permanently('unexpected'),
    });
    await life.split();
    await life.split();
    await life.parked();
    return life;
  },
  'dropship-split-before-import': async (rig) => {
    const life = rig.life();
    await life.start();
    await life.untilStage('awaiting_release');
    await life.split({ side: 'merchant' });
    return ended(life);
  },
  'dropship-split-too-late': async (rig) => {
    const life = rig.life({ splitBeforeImport: permanently('dropship_transition_refused') });
    await life.start();
    await life.untilStage('awaiting_release');
    await life.split({ side: 'merchant' });
    await life.untilStage('awaiting_shipment');
    return life;
  },
  'dropship-corrected': async (rig) => {
    const life = await imported(rig);
    await life.record(life.shipment(1));
    await life.untilCalled('pushShipment');
    await life.correct(life.shipment(1).shipmentId);
    await life.correct(life.shipment(1).shipmentId, { trackingNumber: '' });
    await life.untilCalled('pushShipment', 2);
    await life.record(life.shipment(2, rest));
    return ended(life);
  },
  'dropship-corrected-while-parked': async (rig) => {
    const life = await parkedPush(rig);
    await life.correct(life.shipment(1).shipmentId);
    await life.untilCalled('pushShipment', 2);
    await life.untilStage('awaiting_shipment');
    return life;
  },
  'dropship-reopened-corrected': async (rig) => {
    const life = await closedWhole(rig);
    await life.late('correctTracking', { shipmentId: life.shipment(1).shipmentId, trackingNumber: 'T-RIGHT' });
    return ended(life);
  },
  'dropship-voided-and-shipped-again': async (rig) => {
    const life = await closedWhole(rig);
    await life.late('voidShipment', { shipmentId: life.shipment(1).shipmentId, reason: 'not_sent' });
    await life.record(life.shipment(2, { lines: [{ lineId: 'L1', quantity: 3 }] }));
    return ended(life);
  },
  'dropship-accepted-and-shipped': async (rig) => {
    const life = await imported(rig);
    await life.accept({ expectedShipAt: '2026-12-01T00:00:00.000Z' });
    await life.accept();
    await life.record(life.shipment(1, { lines: [{ lineId: 'L1', quantity: 3 }] }));
    return ended(life);
  },
  'dropship-rejected': async (rig) => {
    const life = await requested(rig);
    await life.reject();
    return ended(life);
  },
  'dropship-rejected-partly': async (rig) => {
    const life = await imported(rig);
    await life.reject({ lines: [{ lineId: 'L1', quantity: 1 }] });
    return ended(life);
  },
  'dropship-reject-parked': async (rig) => {
    const life = await imported(rig, { relayReject: first(2, permanently('dropship_transition_refused'), () => undefined) }); // prettier-ignore
    await life.reject();
    await life.parked();
    await life.resolve(retry);
    return ended(life);
  },
};
