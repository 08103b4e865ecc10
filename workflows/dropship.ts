import {
  ActivityFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  defineSignal,
  defineUpdate,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { RecordedShipment } from '../activities/shipments.ts';
import {
  assertReceivable,
  assertShippable,
  carriedOn,
  isKnown,
  isSettled,
  isUndecided,
  newLife,
  reserve,
  unreserve,
  type CarriedLife,
  type Command,
  type DropshipLife,
  type Parcel,
} from '../domain/dropship-life.ts';
import { rows } from './activities.ts';
import { createStep, type Step } from './attention.ts';
import { listenToCancels, newDesk, type Dropship } from './dropship-cancels.ts';
import { codeOf, refusing } from './failures.ts';
import { show } from './stage.ts';

export type DropshipInput = { dropshipId: string; life?: CarriedLife };
export type DropshipResult = { status: 'settled' | 'cancelled' | 'ended_before' };

/**
 * A shipment of the supplier. `lines` by the merchant's line ids, quantities in units; `orderId`: the leaf in the
 * supplier's account, absent where that account has recorded the shipment already (a chain). `key`: the request's Idempotency-Key, stored with the effect (law 1).
 */
export type RecordShipmentInput = {
  shipmentId: string;
  orderId?: string;
  lines: { lineId: string; quantity: number }[];
  carrier: string;
  carrierName: string;
  trackingNumber: string;
  trackingUrl?: string;
  service?: string;
  shippedAt: string;
  labelCost?: { amount: number; currency: string };
  by: string;
  key?: { key: string; fingerprint: string };
};

export const recordShipment = defineUpdate<RecordedShipment, [RecordShipmentInput]>('recordShipment');
/** The Import Orders task of the supplier's portal has come by. */
export const importReleased = defineSignal('importReleased');

/** Longest history before a fresh run takes over; the server suggests it earlier when payloads are large. */
const longHistory = 5_000;

/**
 * One merchant order and the supplier's order made of it, from the hand-over until every unit has shipped or is
 * cancelled. The only writer of both once it runs (law 3).
 */
export async function dropship({ dropshipId, life: carried }: DropshipInput): Promise<DropshipResult> {
  const life = carried ? carriedOn(carried) : newLife();
  const one: Dropship = { dropshipId, life, desk: newDesk() };
  listen(dropshipId, life);
  listenToCancels(one);
  const step = createStep({ dropshipId });
  if (!life.opened && (await open(dropshipId, life)) === 'ended') return endedBefore();
  while (life.lines === null) {
    await untilReleased(one);
    if (life.cancelled || (await importOrder(step, one)) === 'cancelled') return takenBack();
    // A shipment that waits for the end of the import is not left behind.
    if (allHandlersFinished()) await carryOnIfLong(dropshipId, life);
  }
  for (;;) {
    if (!isSettled(life)) show('awaiting_shipment', 'The supplier has the order. Waits for its shipments.');
    await condition(() => life.backlog.length > 0 || ((isSettled(life) || isLong()) && allHandlersFinished()));
    const [command] = life.backlog;
    if (command === undefined && isSettled(life)) break;
    if (command !== undefined) {
      await carryOut(step, dropshipId, command);
      life.backlog.shift();
    }
    await carryOnIfLong(dropshipId, life);
  }
  show('closed', 'Every unit has shipped or is cancelled.');
  return { status: 'settled' };
}

async function endedBefore(): Promise<DropshipResult> {
  await condition(allHandlersFinished);
  return { status: 'ended_before' };
}

async function takenBack(): Promise<DropshipResult> {
  show('closed', 'Taken back before the supplier had it.');
  await condition(allHandlersFinished);
  return { status: 'cancelled' };
}

function listen(dropshipId: string, life: DropshipLife): void {
  setHandler(importReleased, () => void (life.released = true));
  setHandler(
    recordShipment,
    async (input) => {
      // The supplier sees its order a moment before this workflow knows that the import is done.
      if (isUndecided(life)) await condition(() => !isUndecided(life));
      refusing(() => assertShippable(life, input));
      const isNew = !isKnown(life, input.shipmentId);
      const shipment = { shipmentId: input.shipmentId, trackingNumber: input.trackingNumber, lines: input.lines };
      if (isNew) reserve(life, shipment);
      try {
        const recorded = await rows.recordShipment({ ...input, dropshipId });
        if (isNew) life.backlog.push({ kind: 'parcel', ...(await relay(dropshipId, input.shipmentId)) });
        return recorded;
      } catch (error) {
        if (isNew) unreserve(life, shipment);
        throw error;
      }
    },
    { validator: (input: RecordShipmentInput) => refusing(() => assertReceivable(life, input)) },
  );
}

async function open(dropshipId: string, life: DropshipLife): Promise<'open' | 'ended'> {
  const { released, ended, standing } = await rows.openDropship({ dropshipId });
  life.opened = true;
  // Messages came first: those handled since this run began are in the life already, and in the rows.
  if (standing && life.lines === null) Object.assign(life, standing);
  if (released) life.released = true;
  return ended ? 'ended' : 'open';
}

async function untilReleased({ life, desk }: Dropship): Promise<void> {
  if (!life.released) {
    show('awaiting_release', 'Waits for the Import Orders task of the supplier’s portal. Sync releases it at once.');
  }
  await condition(() => life.cancelled || (life.released && desk.deciding === 0));
}

async function importOrder(step: Step, { dropshipId, life, desk }: Dropship): Promise<'goes_on' | 'cancelled'> {
  const imported = await step(
    'import',
    (activities) => activities.importDropship({ dropshipId }),
    () => desk.asking[0],
  );
  if (imported.outcome === 'done') {
    // A paused connection carries nothing new: back to waiting, the next release after it resumes brings it on.
    if (imported.value.lines === null) life.released = false;
    else life.lines = imported.value.lines;
  } else if (imported.outcome === 'gave_way') life.released = false;
  else life.cancelled = await isTakenBack(dropshipId);
  return life.cancelled ? 'cancelled' : 'goes_on';
}

/** @returns false when the supplier has the order after all, its import's answer was lost: importing again finds it */
async function isTakenBack(dropshipId: string): Promise<boolean> {
  try {
    await rows.cancelDropship({ dropshipId });
    return true;
  } catch (error) {
    if (error instanceof ActivityFailure && codeOf(error) === 'dropship_transition_refused') return false;
    throw error;
  }
}

/**
 * To the merchant at once, whatever the shop does with an earlier parcel: a parked push must not hold up a tracking.
 * What is refused for good is left to the main loop, where it parks.
 */
async function relay(dropshipId: string, shipmentId: string): Promise<Parcel> {
  try {
    const { orderId } = await rows.relayShipment({ dropshipId, shipmentId });
    return { shipmentId, orderId };
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return { shipmentId, orderId: null };
  }
}

async function carryOut(step: Step, dropshipId: string, command: Command): Promise<void> {
  if (command.kind === 'parcel') return carry(step, dropshipId, command);
  const { lines, reason } = command;
  await step('relay', (activities) => activities.relayCancel({ dropshipId, lines, reason }));
}

async function carry(step: Step, dropshipId: string, { shipmentId, orderId }: Parcel): Promise<void> {
  if (orderId !== null)
    return void (await step('push', (activities) => activities.pushShipment({ orderId, shipmentId })));
  const relayed = await step('relay', (activities) => activities.relayShipment({ dropshipId, shipmentId }));
  if (relayed.outcome === 'done') await carry(step, dropshipId, { shipmentId, orderId: relayed.value.orderId });
}

/** Also messages that change nothing make a history long. */
function isLong(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength >= longHistory;
}

async function carryOnIfLong(dropshipId: string, life: DropshipLife): Promise<void> {
  if (!isLong()) return;
  await condition(allHandlersFinished);
  await continueAsNew<typeof dropship>({ dropshipId, life });
}
