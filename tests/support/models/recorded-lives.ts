import { waitUntil } from '../engine/wait-until.ts';
import { first, permanently, type Rig, type Talk } from '../engine/workflow-rig.ts';
import type { Fakes } from '../engine/well-done.ts';

/** Runs up to the point where recordings differ. */

export const rest = { lines: [{ lineId: 'L1', quantity: 2 }] };
export const threeUnits = () => ({ lines: [{ lineId: 'L1', quantity: 3, shipped: 0, cancelled: 0 }] });
export const once = (code: string, then: object) => first(1, permanently(code), () => then);

export async function imported(rig: Rig, fakes: Fakes = {}) {
  const life = rig.life(fakes);
  await life.start();
  await life.release();
  await life.untilStage('awaiting_shipment');
  return life;
}

export async function shippedWhole(rig: Rig, fakes: Fakes = {}) {
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

/** A closed dropship with all three units in one shipment; when reopened, it gets that recovered state. */
export async function closedWhole(rig: Rig) {
  const life = await shippedWhole(rig);
  const { shipmentId, trackingNumber } = life.shipment(1);
  const lines = [{ lineId: 'L1', quantity: 3 }];
  const recovered = {
    lines: [{ lineId: 'L1', quantity: 3, shipped: 3, cancelled: 0 }],
    shipments: [{ shipmentId, trackingNumber, lines, revision: 1, voided: false }],
    backlog: [],
  };
  life.fakes.openDropship = () => ({ released: true, ended: false, recovered });
  return life;
}

export async function parkedImport(rig: Rig, fakes: Fakes = {}) {
  const life = rig.life({ importDropship: once('connection_not_active', threeUnits()), ...fakes });
  await life.start();
  await life.release();
  await life.parked();
  return life;
}

export async function parkedPush(rig: Rig) {
  const life = await imported(rig, { pushShipment: once('channel_refused', { remoteIds: ['f1'] }) });
  await life.record(life.shipment(1));
  await life.parked();
  return life;
}

export async function requested(rig: Rig, fakes: Fakes = {}) {
  const life = await imported(rig, fakes);
  await life.requestCancel();
  return life;
}

export async function aboutChannel(rig: Rig, type: string, fakes: Fakes = {}) {
  const life = rig.life(fakes);
  return ended(await life.begin(type, { channelId: life.channelId, credentialsVersion: 2 }));
}

export async function aboutPaper(rig: Rig, type: string, fakes: Fakes = {}) {
  const life = rig.life(fakes);
  const id = life.channelId.replace('chan_', '');
  const inputs: Record<string, object> = {
    printJob: { printJobId: `pjob_${id}` },
    packingSlip: { orderId: `ord_${id}`, paper: '4x6' },
    copyBrand: { accountId: `acct_${id}` },
  };
  return ended(await life.begin(type, inputs[type]!));
}

export async function someRounds(rig: Rig, type: string) {
  const run = await rig.life().begin(type, { intervalMs: 50 });
  await waitUntil(async () => Number((await run.handle.fetchHistory()).events!.length) > 25);
  await run.handle.terminate();
  return run;
}

export async function ended<T extends Talk>(talk: T): Promise<T> {
  await talk.handle.result();
  return talk;
}
