import type { Fresh } from '../../db/dropships/dropships.ts';
import { allHandlersFinished, condition, continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import { isComplete, newState, release, type Command, type DropshipState } from '../../domain/dropships/state.ts';
import { rows } from '../activities.ts';
import { createStep, type HandOver, type Step } from '../attention.ts';
import { failedWith } from '../failures.ts';
import { importReleased } from '../messages.ts';
import { listenToCancels } from './cancels.ts';
import { listenToCorrections } from './corrections.ts';
import { deliverShipment } from './delivery.ts';
import { nothingInFlight, type Dropship } from './in-flight.ts';
import { listenToShipments } from './shipments.ts';
import { listenToSplits } from './splits.ts';
import { show, showClosed, showWaiting } from './stage.ts';
import { listenToSupplierResponses } from './supplier-response.ts';

/** `fresh` is given for a dropship that was made just now; `state` by the run before, at continue-as-new. */
type DropshipInput = { dropshipId: string; fresh?: Fresh; state?: DropshipState };
type DropshipResult = { status: 'complete' | 'cancelled' | 'ended_before' };

/** Longest history before a fresh run takes over. The server suggests it earlier when payloads are large. */
const longHistory = 5_000;

/**
 * One merchant order and the supplier's order made of it, from the dropship request until every unit has shipped or is
 * cancelled. The only writer of both once it runs (law 3).
 */
export async function dropship({ dropshipId, fresh, state = newState(fresh) }: DropshipInput): Promise<DropshipResult> {
  const one: Dropship = { dropshipId, state, inFlight: nothingInFlight() };
  listen(one);
  const step = createStep({ dropshipId }, handOver(one));
  if ((await open(one)) === 'ended') return close('ended_before');
  if ((await waitForImport(step, one)) === 'taken_back') return closeTakenBack(state);
  await deliverUntilComplete(step, one);
  showClosed(state.ended ?? 'complete');
  return close('complete');
}

function listen(one: Dropship): void {
  setHandler(importReleased, (imported) => release(one.state, imported?.lines));
  listenToShipments(one);
  listenToCancels(one);
  listenToCorrections(one);
  listenToSupplierResponses(one);
  listenToSplits(one);
}

/** A run that continues another is open already, and so is a fresh one. */
async function open({ dropshipId, state }: Dropship): Promise<'open' | 'ended'> {
  if (state.opened) return 'open';
  const { released, ended, recovered } = await rows.openDropship({ dropshipId });
  state.opened = true;
  // Messages came first. Those handled since this run began are in the state and in the rows already.
  if (recovered && state.lines === null) Object.assign(state, recovered);
  if (released) state.released = true;
  return ended ? 'ended' : 'open';
}

async function waitForImport(step: Step, one: Dropship): Promise<'imported' | 'taken_back'> {
  const { state } = one;
  const isImported = () => state.lines !== null;
  while (!isImported()) {
    await untilReleased(one);
    if (!state.cancelled && !isImported()) await importOrder(step, one);
    if (state.cancelled) return 'taken_back';
    // A shipment that waits for the end of the import must not be left behind.
    if (allHandlersFinished()) await continueIfLong(one);
  }
  return 'imported';
}

async function untilReleased({ state, inFlight }: Dropship): Promise<void> {
  if (!state.released) {
    show('awaiting_release', 'Waits for the Import Orders task of the supplier’s portal. Sync releases it at once.');
  }
  await condition(() => state.cancelled || (state.released && inFlight.deciding === 0));
}

async function importOrder(step: Step, { dropshipId, state, inFlight }: Dropship): Promise<void> {
  const imported = await step('import', (activities) => activities.importDropship({ dropshipId }), {
    givesWayTo: () => inFlight.asking[0],
  });
  if (imported.outcome === 'done') {
    // A paused connection carries nothing new. The dropship waits again; the next release after the pause imports it.
    if (imported.value.lines === null) state.released = false;
    else state.lines = imported.value.lines;
  } else if (imported.outcome === 'gave_way') state.released = false;
  else state.cancelled = await isTakenBack(dropshipId);
}

/** @returns false when the supplier has the order after all: the import's answer was lost, and importing again finds it */
async function isTakenBack(dropshipId: string): Promise<boolean> {
  try {
    await rows.cancelDropship({ dropshipId });
    return true;
  } catch (error) {
    if (failedWith(error, 'dropship_transition_refused')) return false;
    throw error;
  }
}

async function deliverUntilComplete(step: Step, one: Dropship): Promise<void> {
  const { state } = one;
  const isIdle = () => (isComplete(state) || isLong()) && allHandlersFinished();
  for (;;) {
    if (!isComplete(state) && state.backlog.length === 0) showWaiting(state);
    await condition(() => state.backlog.length > 0 || isIdle());
    const [command] = state.backlog;
    if (command === undefined && isComplete(state)) return;
    if (command !== undefined) {
      await deliver(step, one, command);
      state.backlog.shift();
    }
    await continueIfLong(one);
  }
}

async function deliver(step: Step, one: Dropship, command: Command): Promise<void> {
  const { dropshipId } = one;
  switch (command.kind) {
    case 'shipment':
      return deliverShipment(step, one, command);
    case 'cancel': {
      const { lines, reason } = command;
      const relay = { dropshipId, lines, reason };
      await step('relay', (activities) => activities.relayCancel(relay), { about: 'the supplier’s cancel' });
      return;
    }
    case 'reject': {
      const { kind: _, ...reject } = command;
      const relay = { dropshipId, ...reject };
      await step('relay', (activities) => activities.relayReject(relay), { about: 'the supplier’s rejection' });
      return;
    }
    case 'split':
      await step('relay', (activities) => activities.relaySplit({ dropshipId }), { about: 'the supplier’s split' });
  }
}

async function closeTakenBack({ ended }: DropshipState): Promise<DropshipResult> {
  showClosed(ended === 'split' ? ended : 'taken_back');
  return close(ended === 'split' ? 'complete' : 'cancelled');
}

/** Answers what is still in flight first: a caller waits for it. */
async function close(status: DropshipResult['status']): Promise<DropshipResult> {
  await condition(allHandlersFinished);
  return { status };
}

/** Messages that change nothing make a history long too. */
function isLong(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength >= longHistory;
}

async function continueIfLong({ dropshipId, state }: Dropship): Promise<void> {
  if (!isLong()) return;
  await condition(allHandlersFinished);
  await continueAsNew<typeof dropship>({ dropshipId, state });
}

/** A parked step waits as long as it takes, and messages make its history long: a fresh run takes over the wait. */
function handOver({ dropshipId, state }: Dropship): HandOver {
  const resumed = state.parked;
  state.parked = null;
  return {
    resumed,
    mayLeave: () => isLong() && allHandlersFinished(),
    leave: (parked) => continueAsNew<typeof dropship>({ dropshipId, state: { ...state, parked } }),
  };
}
