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
  isComplete,
  isUndecided,
  newState,
  reserve,
  unreserve,
  type CarriedState,
  type Command,
  type DropshipState,
} from '../../domain/dropships/state.ts';
import { rows } from '../activities.ts';
import { createStep, type HandOver, type Step } from '../attention.ts';
import { listenToCancels, nothingInFlight, type Dropship } from './cancels.ts';
import { listenToCorrections } from './corrections.ts';
import { listenToSupplierResponses } from './supplier-response.ts';
import { carry, relay } from './delivery.ts';
import { listenToSplits } from './splits.ts';
import { codeOf, refusing } from '../failures.ts';
import { show, showClosed, showWaiting } from './stage.ts';
import { importReleased, recordShipment, type RecordShipmentInput } from '../messages.ts';

export type DropshipInput = { dropshipId: string; state?: CarriedState };
export type DropshipResult = { status: 'settled' | 'cancelled' | 'ended_before' };

/** Longest history before a fresh run takes over; the server suggests it earlier when payloads are large. */
const longHistory = 5_000;

/**
 * One merchant order and the supplier's order made of it, from the hand-over until every unit has shipped or is
 * cancelled. The only writer of both once it runs (law 3).
 */
export async function dropship({ dropshipId, state: carried }: DropshipInput): Promise<DropshipResult> {
  const state = carried ? carriedOn(carried) : newState();
  const one: Dropship = { dropshipId, state, inFlight: nothingInFlight() };
  listen(one);
  listenToCancels(one);
  listenToCorrections(one);
  listenToSupplierResponses(one);
  listenToSplits(one);
  const step = createStep({ dropshipId }, handOver(one));
  if (!state.opened && (await open(dropshipId, state)) === 'ended') return endedBefore();
  while (state.lines === null) {
    await untilReleased(one);
    if (state.cancelled || (await importOrder(step, one)) === 'cancelled') return takenBack(state);
    // A shipment that waits for the end of the import is not left behind.
    if (allHandlersFinished()) await carryOnIfLong(dropshipId, state);
  }
  for (;;) {
    if (!isComplete(state) && !hasWork(state)) showWaiting(state);
    await condition(() => state.backlog.length > 0 || ((isComplete(state) || isLong()) && allHandlersFinished()));
    const [command] = state.backlog;
    if (command === undefined && isComplete(state)) break;
    if (command !== undefined) {
      await carryOut(step, one, command);
      state.backlog.shift();
    }
    await carryOnIfLong(dropshipId, state);
  }
  showClosed(state);
  return { status: 'settled' };
}

async function endedBefore(): Promise<DropshipResult> {
  await condition(allHandlersFinished);
  return { status: 'ended_before' };
}

async function takenBack({ ended }: DropshipState): Promise<DropshipResult> {
  if (ended === 'split') showClosed({ ended });
  else show('closed', 'Taken back before the supplier had it.');
  await condition(allHandlersFinished);
  return { status: ended === 'split' ? 'settled' : 'cancelled' };
}

function listen({ dropshipId, state, inFlight }: Dropship): void {
  setHandler(importReleased, () => void (state.released = true));
  setHandler(
    recordShipment,
    async (input) => {
      // The supplier sees its order a moment before this workflow knows that the import is done.
      if (isUndecided(state)) await condition(() => !isUndecided(state));
      refusing(() => assertShippable(state, input));
      const isNew = !isKnown(state, input.shipmentId);
      const shipment = { shipmentId: input.shipmentId, trackingNumber: input.trackingNumber, lines: input.lines };
      if (isNew) reserve(state, shipment);
      try {
        const recorded = await rows.recordShipment({ ...input, dropshipId });
        if (inFlight.voiding > 0) await condition(() => inFlight.voiding === 0);
        if (isNew) state.backlog.push({ kind: 'shipment', ...(await relay(dropshipId, input.shipmentId)) });
        return recorded;
      } catch (error) {
        if (isNew) unreserve(state, shipment);
        throw error;
      }
    },
    { validator: (input: RecordShipmentInput) => refusing(() => assertReceivable(state, input)) },
  );
}

async function open(dropshipId: string, state: DropshipState): Promise<'open' | 'ended'> {
  const { released, ended, recovered } = await rows.openDropship({ dropshipId });
  state.opened = true;
  // Messages came first. Those handled since this run began are in the state and in the rows already.
  if (recovered && state.lines === null) Object.assign(state, recovered);
  if (released) state.released = true;
  return ended ? 'ended' : 'open';
}

async function untilReleased({ state, inFlight }: Dropship): Promise<void> {
  if (!state.released) {
    show('awaiting_release', 'Waits for the Import Orders task of the supplier’s portal. Sync releases it at once.');
  }
  await condition(() => state.cancelled || (state.released && inFlight.deciding === 0));
}

async function importOrder(step: Step, { dropshipId, state, inFlight }: Dropship): Promise<'goes_on' | 'cancelled'> {
  const imported = await step('import', (activities) => activities.importDropship({ dropshipId }), {
    givesWayTo: () => inFlight.asking[0],
  });
  if (imported.outcome === 'done') {
    // A paused connection carries nothing new: back to waiting, the next release after it resumes brings it on.
    if (imported.value.lines === null) state.released = false;
    else state.lines = imported.value.lines;
  } else if (imported.outcome === 'gave_way') state.released = false;
  else state.cancelled = await isTakenBack(dropshipId);
  return state.cancelled ? 'cancelled' : 'goes_on';
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

async function carryOut(step: Step, { dropshipId, state }: Dropship, command: Command): Promise<void> {
  if (command.kind === 'shipment') return carry(step, { dropshipId, state }, command);
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
const hasWork = ({ backlog }: DropshipState): boolean => backlog.length > 0 && patched('stage-follows-backlog');

/** Also messages that change nothing make a history long. */
function isLong(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength >= longHistory;
}

async function carryOnIfLong(dropshipId: string, state: DropshipState): Promise<void> {
  if (!isLong()) return;
  await condition(allHandlersFinished);
  await continueAsNew<typeof dropship>({ dropshipId, state });
}

/** What is parked waits as long as it takes, and its messages go on: a fresh run goes on waiting. */
function handOver({ dropshipId, state }: Dropship): HandOver {
  const resumed = state.parked;
  state.parked = null;
  return {
    resumed,
    mayLeave: () => isLong() && allHandlersFinished(),
    leave: (parked) => continueAsNew<typeof dropship>({ dropshipId, state: { ...state, parked } }),
  };
}
