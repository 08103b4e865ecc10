import { condition, setHandler } from '@temporalio/workflow';
import type { Remaining } from '../../domain/orders/cancel.ts';
import {
  assertAcceptable,
  assertAcceptanceMessage,
  assertDeclinable,
  assertDeclineMessage,
  assertRequestable,
  decline,
  follow,
  giveUp,
  isSupplierCancel,
  request,
  requestedLines,
  takeBack,
} from '../../domain/dropships/cancels.ts';
import { DomainError } from '../../domain/errors.ts';
import { isImporting, type SupplierCancel } from '../../domain/dropships/state.ts';
import { rows } from '../activities.ts';
import { failedWith, refusing, isFailure } from '../failures.ts';
import { inTurn, orQueue, type Dropship } from './in-flight.ts';
import { refreshWaiting } from './stage.ts';
import {
  acceptCancel,
  type AcceptCancelInput,
  cancelledDownstream,
  cancelsReleased,
  declineCancel,
  type DeclineCancelInput,
  type CancelOutcome,
  requestCancel,
  type RequestCancelInput,
  type GivenUpAtSupplier,
} from '../messages.ts';

export function listenToCancels(dropship: Dropship): void {
  const { state, inFlight } = dropship;
  setHandler(requestCancel, (input) => decide(dropship, input), {
    validator: (input: RequestCancelInput) => refusing(() => assertRequestable(state, input)),
  });
  setHandler(acceptCancel, (input) => inTurn(dropship, () => accept(dropship, input)), {
    // The supplier sees a request a moment before this workflow knows that it is noted.
    validator: (input: AcceptCancelInput) =>
      refusing(() => (inFlight.noting > 0 ? assertAcceptanceMessage(input) : assertAcceptable(state, input))),
  });
  setHandler(declineCancel, (input) => inTurn(dropship, () => declineRequest(dropship, input)), {
    validator: (input: DeclineCancelInput) =>
      refusing(() => (inFlight.noting > 0 ? assertDeclineMessage(input) : assertDeclinable(state, input))),
  });
  setHandler(cancelsReleased, () => inTurn(dropship, () => applyRequestedCancels(dropship)));
  setHandler(cancelledDownstream, (below) => {
    if (isSupplierCancel(below)) return inTurn(dropship, () => followDownstream(dropship, below));
  });
}

/** Before the import the merchant decides alone. After it the supplier is asked. */
async function decide(dropship: Dropship, input: RequestCancelInput): Promise<{ outcome: CancelOutcome }> {
  const { state } = dropship;
  for (let by: string | undefined = input.actor.id; ; by = undefined) {
    const isAgain = by === undefined;
    // Look again after the wait: a release that came with this request begins an import at the same moment.
    while (isImporting(state)) await importEnded(dropship, by);
    refusing(() => assertRequestable(state, input));
    if (state.lines !== null) return inTurn(dropship, () => note(dropship, input));
    const outcome = await cancelEarly(dropship, input);
    if (outcome !== 'too_late') return { outcome };
    // An import that has begun brought nothing, as over a connection that was paused meanwhile.
    if (isAgain) refusing(importUnderWay);
    // The supplier has the order, or is getting it now: the answer of an import was lost. Importing again finds it.
    state.released = true;
  }
}

function importUnderWay(): never {
  throw new DomainError('dropship_transition_refused', 'An import of the order has begun; ask again in a minute.');
}

/** @param by who makes a parked import give way */
async function importEnded({ state, inFlight }: Dropship, by: string | undefined): Promise<void> {
  if (by !== undefined) inFlight.asking.push(by);
  await condition(() => !isImporting(state));
  if (by !== undefined) inFlight.asking.splice(inFlight.asking.indexOf(by), 1);
}

async function cancelEarly(
  { dropshipId, state, inFlight }: Dropship,
  input: RequestCancelInput,
): Promise<CancelOutcome | 'too_late'> {
  inFlight.deciding += 1;
  try {
    const { cancelled, ended } = await rows.cancelBeforeImport({ ...input, dropshipId });
    if (ended) state.cancelled = true;
    return cancelled ? 'cancelled' : 'unchanged';
  } catch (error) {
    if (failedWith(error, 'dropship_transition_refused')) return 'too_late';
    throw error;
  } finally {
    inFlight.deciding -= 1;
  }
}

/** Both sides see the request. It is done when the supplier accepts, or when its Cancel Orders task runs. */
async function note(dropship: Dropship, input: RequestCancelInput): Promise<{ outcome: CancelOutcome }> {
  const { state } = dropship;
  // Units may have shipped while this waited for its turn.
  refusing(() => assertRequestable(state, input));
  const wanted = requestedLines(state.lines!, input.lines);
  const lines = wanted.map((line) => ({ lineId: line.lineId, remaining: line.quantity - (line.cancelRequested ?? 0) }));
  const { isInstant } = await noteOnBothSides(dropship, { ...input, lines });
  const isNew = request(state, input);
  refreshWaiting(state);
  if (isInstant) await applyRequestedCancels(dropship);
  return { outcome: isNew ? 'requested' : 'unchanged' };
}

async function noteOnBothSides(
  { dropshipId, inFlight }: Dropship,
  input: RequestCancelInput,
): Promise<{ isInstant: boolean }> {
  inFlight.noting += 1;
  try {
    return await rows.noteCancelRequest({ ...input, dropshipId });
  } finally {
    inFlight.noting -= 1;
  }
}

async function accept(dropship: Dropship, input: AcceptCancelInput): Promise<void> {
  refusing(() => assertAcceptable(dropship.state, input));
  await applyCancels(dropship, input);
}

/** The request is closed on both sides first: until then Cancel Orders, which waits for its turn, must find it. */
async function declineRequest({ dropshipId, state }: Dropship, input: DeclineCancelInput): Promise<void> {
  refusing(() => assertDeclinable(state, input));
  await rows.declineCancel({ ...input, dropshipId });
  decline(state);
  refreshWaiting(state);
}

/** Done by the task, or at once. When it fails for good the request stays open, and the supplier can still accept it. */
async function applyRequestedCancels(dropship: Dropship): Promise<void> {
  const { state } = dropship;
  try {
    await applyCancels(dropship, { lines: null, reason: state.cancelReason ?? 'other' });
  } catch (error) {
    if (!isFailure(error)) throw error;
  }
}

/** Without an actor the merchant's request is done as it is. */
type CancelsToApply = Pick<AcceptCancelInput, 'lines' | 'reason'> & Partial<AcceptCancelInput>;

/**
 * Cancels the requested units that have not shipped: at the supplier, then at the merchant. They are taken out of the
 * open units before anything is awaited: no shipment gets them.
 */
async function applyCancels(dropship: Dropship, toApply: CancelsToApply): Promise<void> {
  const { dropshipId, state } = dropship;
  const givenUp = giveUp(state, toApply.lines);
  if (givenUp.length === 0) return;
  const { reason } = toApply;
  const wanted = givenUp.map(({ lineId, remaining }) => ({ lineId, remaining }));
  const lines = await cancelAtSupplier({ ...toApply, dropshipId, lines: wanted }, () => takeBack(state, givenUp));
  if (takeBack(state, givenUp, lines)) await relayCancel(dropship, { lines, reason });
  refreshWaiting(state);
}

/** @returns how many units of these lines remain at the supplier: more than wanted where it has dropshipped units */
async function cancelAtSupplier(cancel: GivenUpAtSupplier, undo: () => void): Promise<Remaining[]> {
  try {
    return (await rows.cancelAtSupplier(cancel)).lines;
  } catch (error) {
    undo();
    throw error;
  }
}

async function followDownstream(dropship: Dropship, { lines, reason }: SupplierCancel): Promise<void> {
  if (dropship.state.ended !== null) return;
  const changed = follow(dropship.state, lines);
  if (changed.length > 0) await relayCancel(dropship, { lines: changed, reason });
}

const relayCancel = ({ dropshipId, state }: Dropship, cancel: SupplierCancel): Promise<void> =>
  orQueue(state, { kind: 'cancel', ...cancel }, () => rows.relayCancel({ dropshipId, ...cancel }));
