import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noCounts } from '../../../domain/task.ts';
import { once, aboutChannel, aboutPaper, someRounds, ended } from './recorded-lives.ts';
import { dropshipRecordings } from './recorded-dropships.ts';
import { labelRecordings } from './recorded-labels.ts';
import { aGate, first, permanently, retry, startRig, type Rig, type Talk } from '../engine/workflow-rig.ts';
import { emptyPage, type Fakes } from '../engine/well-done.ts';

export const historiesDir = join(import.meta.dirname, '../../fixtures/histories');

/** A run for each path of the workflows, so that new code is checked against open orders on that path. */
const recordings: Record<string, (rig: Rig) => Promise<Talk>> = {
  ...dropshipRecordings,
  ...labelRecordings,
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
  'push-shipment-changed-while-parked': async (rig) => {
    const push = await rig.life({ pushShipment: once('channel_refused', { remoteIds: ['f1'] }) }).startPush();
    await push.parked();
    await push.handle.signal('shipmentChanged', { by: 'key_1' });
    return ended(push);
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
  'end-connection-waiting': async (rig) => {
    const life = rig.life({ releaseWaiting: first(1, () => ({ last: 'drop_1' }), () => ({ last: null })) }); // prettier-ignore
    return ended(await life.begin('endConnection', { connectionId: life.channelId.replace('chan_', 'conn_') }));
  },
  'set-up-connection': async (rig) => {
    const life = rig.life();
    const connectionId = life.channelId.replace('chan_', 'conn_');
    life.fakes.setUpConnection = () => ({ channelId: life.channelId });
    return ended(await life.begin('setUpConnection', { connectionId }));
  },
  'set-up-channel': (rig) => aboutChannel(rig, 'setUpChannel'),
  'check-label-account': (rig) => aboutLabelAccount(rig, 'checkLabelAccount'),
  'resume-label-account': (rig) =>
    aboutLabelAccount(rig, 'resumeLabelAccount', {
      resumeBehindLabelAccount: first(1, () => ({ more: true, progress: { after: 'att_1' } }), () => ({ more: false, progress: { after: null } })), // prettier-ignore
    }),
  rating: async (rig) => {
    const life = rig.life();
    return ended(await life.begin('rating', ratingInput(life.channelId)));
  },
  'rating-refused': async (rig) => {
    const life = rig.life({ rateParcel: permanently('label_account_unauthorized') });
    const rating = await life.begin('rating', ratingInput(life.channelId));
    await rating.handle.result().catch(() => undefined);
    return rating;
  },
  'ensure-webhooks': (rig) => aboutChannel(rig, 'ensureWebhooks'),
  'check-channel': (rig) => aboutChannel(rig, 'checkChannel'),
  'resume-channel': (rig) =>
    aboutChannel(rig, 'resumeChannel', {
      resumeBehindCredentials: first(1, () => ({ more: true }), () => ({ more: false })), // prettier-ignore
    }),
  'print-job': (rig) => aboutPaper(rig, 'printJob'),
  'print-job-failed': (rig) => aboutPaper(rig, 'printJob', { makePrintJob: permanently('print_job_too_large') }),
  'packing-slip': (rig) => aboutPaper(rig, 'packingSlip'),
  'copy-brand': (rig) =>
    aboutPaper(rig, 'copyBrand', {
      copyBrand: first(1, () => ({ revision: 1, last: 'acct_20' }), () => ({ revision: 2, last: null })),
      confirmBrandCopied: first(1, () => ({ more: true }), () => ({ more: false })),
    }), // prettier-ignore
  'copy-brand-changed-meanwhile': async (rig) => {
    const changed = aGate();
    const page = { revision: 1, last: null };
    const life = rig.life({ copyBrand: first(1, () => changed.opened.then(() => page), () => page) }); // prettier-ignore
    const run = await life.begin('copyBrand', { accountId: life.channelId.replace('chan_', 'acct_') });
    await run.handle.signal('brandChanged');
    changed.open();
    return ended(run);
  },
  reconcile: (rig) => someRounds(rig, 'reconcile'),
  'reconcile-schedules': (rig) => someRounds(rig, 'reconcileSchedules'),
  prune: (rig) => someRounds(rig, 'prune'),
  'look-up-refunds': (rig) => someRounds(rig, 'lookUpRefunds'),
  'erase-orders': (rig) => someRounds(rig, 'eraseOrders'),
};

const aboutLabelAccount = async (rig: Rig, workflow: string, fakes: Fakes = {}) => {
  const life = rig.life(fakes);
  return ended(await life.begin(workflow, { labelAccountId: life.channelId.replace('chan_', 'lacc_') }));
};

const ratingInput = (channelId: string) => ({
  ratingId: channelId.replace('chan_', 'rat_'),
  orderId: channelId.replace('chan_', 'ord_'),
  isReturn: false,
  content: {
    parcel: { weightGrams: 900, lengthMm: 250, widthMm: 200, heightMm: 120 },
    lines: null,
    shipFromWarehouseId: null,
    insuredValue: null,
    signature: 'none',
  },
});

export const historyNames: readonly string[] = Object.keys(recordings);

/** Removes stacks and worker names, which name the machine. Replay does not read them. */
const ofNoMachine = (history: string): string =>
  history.replace(/("stackTrace": ?)"(?:[^"\\]|\\.)*"/g, '$1""').replace(/"\d+@[^"]*"/g, '"worker"');

/**
 * Records all histories, or only missing ones. Histories of a release stay beside the new ones, since open orders still
 * have them.
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
