import {
  ActivityFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  patched,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
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
} from '../../domain/dropships/state.ts';
import { rows } from '../activities.ts';
import { createStep, type HandOver, type Step } from '../attention.ts';
import { listenToCancels, newDesk, type Dropship } from './cancels.ts';
import { listenToCorrections } from './corrections.ts';
import { listenToDecisions } from './supplier-response.ts';
import { carry, relay } from './delivery.ts';
import { listenToSplits } from './splits.ts';
import { codeOf, refusing } from '../failures.ts';
import { show, showClosed, showWaiting } from './stage.ts';
import { importReleased, recordShipment, type RecordShipmentInput } from '../messages.ts';

export type DropshipInput = { dropshipId: string; life?: CarriedLife };
export type DropshipResult = { status: 'settled' | 'cancelled' | 'ended_before' };

/** Longest history before a fresh run takes over; the server suggests it earlier when payloads are large. */
const longHistory = 5_000;

/**
 * One merchant order and the supplier's order made of it, from the hand-over until every unit has shipped or is
 * cancelled. The only writer of both once it runs (law 3).
 */
export async function dropship({ dropshipId, life: carried }: DropshipInput): Promise<DropshipResult> {
  const life = carried ? carriedOn(carried) : newLife();
  const one: Dropship = { dropshipId, life, desk: newDesk() };
  listen(one);
  listenToCancels(one);
  listenToCorrections(one);
  listenToDecisions(one);
  listenToSplits(one);
  const step = createStep({ dropshipId }, handOver(one));
  if (!life.opened && (await open(dropshipId, life)) === 'ended') return endedBefore();
  while (life.lines === null) {
    await untilReleased(one);
    if (life.cancelled || (await importOrder(step, one)) === 'cancelled') return takenBack(life);
    // A shipment that waits for the end of the import is not left behind.
    if (allHandlersFinished()) await carryOnIfLong(dropshipId, life);
  }
  for (;;) {
    if (!isSettled(life) && !hasWork(life)) showWaiting(life);
    await condition(() => life.backlog.length > 0 || ((isSettled(life) || isLong()) && allHandlersFinished()));
    const [command] = life.backlog;
    if (command === undefined && isSettled(life)) break;
    if (command !== undefined) {
      await carryOut(step, one, command);
      life.backlog.shift();
    }
    await carryOnIfLong(dropshipId, life);
  }
  showClosed(life);
  return { status: 'settled' };
}

async function endedBefore(): Promise<DropshipResult> {
  await condition(allHandlersFinished);
  return { status: 'ended_before' };
}

async function takenBack({ ended }: DropshipLife): Promise<DropshipResult> {
  if (ended === 'split') showClosed({ ended });
  else show('closed', 'Taken back before the supplier had it.');
  await condition(allHandlersFinished);
  return { status: ended === 'split' ? 'settled' : 'cancelled' };
}

function listen({ dropshipId, life, desk }: Dropship): void {
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
        if (desk.voiding > 0) await condition(() => desk.voiding === 0);
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
  const imported = await step('import', (activities) => activities.importDropship({ dropshipId }), {
    givesWayTo: () => desk.asking[0],
  });
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

async function carryOut(step: Step, { dropshipId, life }: Dropship, command: Command): Promise<void> {
  if (command.kind === 'parcel') return carry(step, { dropshipId, life }, command);
  if (command.kind === 'reject') {
    const { kind: _, ...back } = command;
    return void (await step('relay', (activities) => activities.relayReject({ dropshipId, ...back }), {
      about: 'the supplier’s rejection',
    }));
  }
  if (command.kind === 'split')
    return void (await step('relay', (activities) => activities.relaySplit({ dropshipId }), {
      about: 'the supplier’s split',
    }));
  const { lines, reason } = command;
  await step('relay', (activities) => activities.relayCancel({ dropshipId, lines, reason }), {
    about: 'what the supplier cancelled',
  });
}

/**
 * While parcels wait the stage stays that of the work; runs begun by earlier code said in between that they wait for
 * shipments, and must say it again when they are replayed.
 */
const hasWork = ({ backlog }: DropshipLife): boolean => backlog.length > 0 && patched('stage-follows-backlog');

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

/** What is parked waits as long as it takes, and its messages go on: a fresh run goes on waiting. */
function handOver({ dropshipId, life }: Dropship): HandOver {
  const resumed = life.parked;
  life.parked = null;
  return {
    resumed,
    mayLeave: () => isLong() && allHandlersFinished(),
    leave: (parked) => continueAsNew<typeof dropship>({ dropshipId, life: { ...life, parked } }),
  };
}
