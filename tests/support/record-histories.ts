import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newLife } from '../../domain/dropship-life.ts';
import { noCounts } from '../../domain/task.ts';
import { waitUntil } from './wait-until.ts';
import {
  cancel,
  emptyPage,
  first,
  permanently,
  retry,
  skip,
  startRig,
  type Fakes,
  type Rig,
  type Talk,
} from './workflow-rig.ts';

export const historiesDir = join(import.meta.dirname, '../fixtures/histories');

/** A run for each path through the workflows that an open order may be on when new code comes. */
const recordings: Record<string, (rig: Rig) => Promise<Talk>> = {
  'dropship-waiting': async (rig) => {
    const life = rig.life();
    await life.start();
    await waitUntil(async () => (await life.details()).includes('Waits'));
    return life;
  },
  'dropship-shipped': async (rig) => ended(await shippedWhole(rig)),
  'dropship-instant': (rig) => shippedWhole(rig, { openDropship: () => ({ released: true, ended: false }) }),
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
      recordShipment: first(1, permanently('order_not_found'), () => ({ id: 'shp' })),
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
    const told = life.shipment(1);
    const known = { shipmentId: told.shipmentId, trackingNumber: told.trackingNumber, lines: told.lines };
    const carried = {
      ...newLife(),
      opened: true,
      released: true,
      lines,
      shipments: [known],
      backlog: [{ shipmentId: told.shipmentId, orderId: null }],
    };
    const run = await life.begin('dropship', { dropshipId: life.dropshipId, life: carried });
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
    await life.requestCancel({ lines: [{ lineId: 'L1', keep: 1 }] });
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
  'dropship-cancelled-by-task': async (rig) => {
    const life = await requested(rig, { relayCancel: once('order_not_found', {}) });
    await life.record(life.shipment(1));
    await life.handle.signal('cancelledUpstream');
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
    const life = await requested(rig, { cancelAtSupplier: () => ({ lines: [{ lineId: 'L1', keep: 3 }] }) });
    await life.acceptCancel();
    await life.handle.signal('cancelledDownstream', { lines: [{ lineId: 'L1', keep: 0 }], reason: 'other' });
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
  'cancel-orders': async (rig) => {
    const pages = [
      { ...emptyPage, asked: ['drop_1', 'drop_2'], more: true, next: 'drop_2' },
      { ...emptyPage, asked: [] },
    ];
    const life = rig.life({ cancelOrderPage: () => pages.shift() });
    return ended(await life.begin('cancelOrders', { channelId: life.channelId }));
  },
  'push-shipment': async (rig) => ended(await rig.life().startPush()),
  'push-shipment-parked-retry': async (rig) => {
    const push = await rig.life({ pushShipment: once('channel_unauthorized', { remoteIds: ['f1'] }) }).startPush();
    await push.parked();
    await push.decide(retry);
    return ended(push);
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
  'import-orders': async (rig) => {
    const pages = [
      { ...emptyPage, counts: { ...noCounts(), seen: 2 }, released: ['drop_1', 'drop_2'], more: true, next: 'drop_2' },
      emptyPage,
    ];
    const life = rig.life({ importOrderPage: () => pages.shift() });
    return ended(await life.begin('importOrders', { channelId: life.channelId }));
  },
  'import-orders-failed': async (rig) => {
    const life = rig.life({ importOrderPage: permanently('channel_unauthorized') });
    return ended(await life.begin('importOrders', { channelId: life.channelId }));
  },
  'import-products': async (rig) => {
    const { released: _, ...lastPage } = emptyPage;
    const pages = [{ ...lastPage, counts: { ...noCounts(), seen: 500 }, more: true, next: 'prod_500' }, lastPage];
    const life = rig.life({ importProductPage: () => pages.shift() });
    return ended(await life.begin('importProducts', { channelId: life.channelId }));
  },
  'import-products-failed': async (rig) => {
    const life = rig.life({ importProductPage: permanently('channel_unauthorized') });
    return ended(await life.begin('importProducts', { channelId: life.channelId }));
  },
  'write-inventory': async (rig) => {
    const pages = [{ ...emptyPage, counts: { ...noCounts(), written: 2_000 }, more: true, next: 'lst_9' }, emptyPage];
    const life = rig.life({ writeInventoryPage: () => pages.shift() });
    return ended(await life.begin('writeInventory', { channelId: life.channelId }));
  },
  'write-inventory-imports-first': async (rig) => {
    const life = rig.life({ planWriteBack: () => ({ plan: 'import_and_write' }) });
    return ended(await life.begin('writeInventory', { channelId: life.channelId }));
  },
  'write-inventory-failed': async (rig) => {
    const life = rig.life({ writeInventoryPage: permanently('channel_unauthorized') });
    return ended(await life.begin('writeInventory', { channelId: life.channelId }));
  },
  'end-connection': async (rig) => {
    const life = rig.life({ withdrawStock: first(1, () => ({ more: true }), () => ({ more: false })) }); // prettier-ignore
    return ended(await life.begin('endConnection', { connectionId: life.channelId.replace('chan_', 'conn_') }));
  },
  'set-up-connection': async (rig) => {
    const life = rig.life();
    const connectionId = life.channelId.replace('chan_', 'conn_');
    life.fakes.setUpConnection = () => ({ channelId: life.channelId });
    return ended(await life.begin('setUpConnection', { connectionId }));
  },
  'set-up-channel': (rig) => aboutChannel(rig, 'setUpChannel'),
  'check-channel': (rig) => aboutChannel(rig, 'checkChannel'),
  'resume-channel': (rig) =>
    aboutChannel(rig, 'resumeChannel', {
      resumeBehindCredentials: first(1, () => ({ more: true }), () => ({ more: false })), // prettier-ignore
    }),
  reconcile: (rig) => someRounds(rig, 'reconcile'),
  'reconcile-schedules': (rig) => someRounds(rig, 'reconcileSchedules'),
};

export const historyNames: readonly string[] = Object.keys(recordings);

const rest = { lines: [{ lineId: 'L1', quantity: 2 }] };
const threeUnits = () => ({ lines: [{ lineId: 'L1', quantity: 3, shipped: 0, cancelled: 0 }] });
const once = (code: string, then: object) => first(1, permanently(code), () => then);

async function imported(rig: Rig, fakes: Fakes = {}) {
  const life = rig.life(fakes);
  await life.start();
  await life.release();
  await life.untilStage('awaiting_shipment');
  return life;
}

async function shippedWhole(rig: Rig, fakes: Fakes = {}) {
  const life = rig.life(fakes);
  await life.start();
  // Over a paused connection a release may come too early to count.
  await waitUntil(async () => {
    await life.release();
    return (await life.view()).stage === 'awaiting_shipment';
  });
  await life.record(life.shipment(1, { lines: [{ lineId: 'L1', quantity: 3 }] }));
  return ended(life);
}

async function parkedImport(rig: Rig, fakes: Fakes = {}) {
  const life = rig.life({ importDropship: once('connection_not_active', threeUnits()), ...fakes });
  await life.start();
  await life.release();
  await life.parked();
  return life;
}

async function parkedPush(rig: Rig) {
  const life = await imported(rig, { pushShipment: once('channel_refused', { remoteIds: ['f1'] }) });
  await life.record(life.shipment(1));
  await life.parked();
  return life;
}

async function requested(rig: Rig, fakes: Fakes = {}) {
  const life = await imported(rig, fakes);
  await life.requestCancel();
  return life;
}

async function aboutChannel(rig: Rig, type: string, fakes: Fakes = {}) {
  const life = rig.life(fakes);
  return ended(await life.begin(type, { channelId: life.channelId, credentialsVersion: 2 }));
}

async function someRounds(rig: Rig, type: string) {
  const run = await rig.life().begin(type, { intervalMs: 50 });
  await waitUntil(async () => Number((await run.handle.fetchHistory()).events!.length) > 25);
  await run.handle.terminate();
  return run;
}

async function ended<T extends Talk>(talk: T): Promise<T> {
  await talk.handle.result();
  return talk;
}

/** Replay reads neither stacks nor who ran it; both name the machine. */
const ofNoMachine = (history: string): string =>
  history.replace(/("stackTrace": ?)"(?:[^"\\]|\\.)*"/g, '$1""').replace(/"\d+@[^"]*"/g, '"worker"');

/**
 * Writes every history anew, or those that are missing. Those of a release stay beside the new ones: open orders still
 * follow them.
 */
export async function recordHistories(which: 'all' | 'missing'): Promise<void> {
  const rig = await startRig();
  try {
    if (which === 'all') rmSync(historiesDir, { recursive: true, force: true });
    mkdirSync(historiesDir, { recursive: true });
    for (const [name, run] of Object.entries(recordings)) {
      const file = join(historiesDir, `${name}.json`);
      if (existsSync(file)) continue;
      const { history } = await run(rig);
      writeFileSync(file, `${ofNoMachine(await history())}\n`);
    }
  } finally {
    await rig.stop();
  }
}
