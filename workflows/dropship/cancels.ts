import { ActivityFailure, condition, isCancellation, setHandler } from '@temporalio/workflow';
import type { Kept } from '../../domain/orders/cancel.ts';
import {
  assertAcceptable,
  assertAcceptanceTold,
  assertRequestable,
  follow,
  giveUp,
  isCancelTold,
  request,
  requestedLines,
  takeBack,
} from '../../domain/dropships/cancels.ts';
import { isImporting, type DropshipLife, type SupplierCancel } from '../../domain/dropships/state.ts';
import { rows } from '../activities.ts';
import { codeOf, refusing } from '../failures.ts';
import { refreshWaiting } from './stage.ts';
import {
  acceptCancel,
  type AcceptCancelInput,
  cancelledDownstream,
  cancelledUpstream,
  type CancelOutcome,
  requestCancel,
  type RequestCancelInput,
  type SupplierSettlement,
} from '../messages.ts';

/** One dropship as its workflow works on it. */
export type Dropship = { dropshipId: string; life: DropshipLife; desk: Desk };
/** What this run knows besides the life: nothing of it is left when a run hands over to the next. */
export type Desk = {
  /** Who asks to cancel while the import is under way: one that is parked gives way to them. */
  asking: string[];
  /** Requests that are being decided before the supplier has the order: no import begins meanwhile. */
  deciding: number;
  /** Requests that are being written into both accounts: the supplier may see them and answer already. */
  noting: number;
  /** Cancels take turns: what one gives back the next must see. */
  turn: Promise<unknown>;
  /** Voids on their way to the merchant: a parcel with their units goes after them. */
  voiding: number;
};
export const newDesk = (): Desk => ({ asking: [], deciding: 0, turn: Promise.resolve(), noting: 0, voiding: 0 });

export function listenToCancels(dropship: Dropship): void {
  const { life, desk } = dropship;
  setHandler(requestCancel, (input) => decide(dropship, input), {
    validator: (input: RequestCancelInput) => refusing(() => assertRequestable(life, input)),
  });
  setHandler(acceptCancel, (input) => inTurn(dropship, () => accept(dropship, input)), {
    // The supplier sees a request a moment before this workflow knows that it is noted.
    validator: (input: AcceptCancelInput) =>
      refusing(() => (desk.noting > 0 ? assertAcceptanceTold(input) : assertAcceptable(life, input))),
  });
  setHandler(cancelledUpstream, () => inTurn(dropship, () => settleRequested(dropship)));
  setHandler(cancelledDownstream, (told) => {
    if (isCancelTold(told)) return inTurn(dropship, () => followDownstream(dropship, told));
  });
}

export async function inTurn<T>({ desk }: Dropship, work: () => Promise<T>): Promise<T> {
  const mine = desk.turn.then(work);
  desk.turn = mine.catch(() => undefined);
  return mine;
}

/** Before the import a request is the merchant's own affair; later the supplier is asked. */
async function decide(dropship: Dropship, input: RequestCancelInput): Promise<{ outcome: CancelOutcome }> {
  const { life } = dropship;
  for (let by: string | undefined = input.actor.id; ; by = undefined) {
    // Looked at again after the wait: a release that came in with this request begins an import at the same moment.
    while (isImporting(life)) await importDecided(dropship, by);
    refusing(() => assertRequestable(life, input));
    if (life.lines !== null) return inTurn(dropship, () => note(dropship, input));
    const outcome = await cancelEarly(dropship, input);
    if (outcome !== 'too_late') return { outcome };
    // An import whose answer was lost: importing again finds what the supplier has.
    life.released = true;
  }
}

/** @param by who makes an import give way that is parked */
async function importDecided({ life, desk }: Dropship, by: string | undefined): Promise<void> {
  if (by !== undefined) desk.asking.push(by);
  await condition(() => !isImporting(life));
  if (by !== undefined) desk.asking.splice(desk.asking.indexOf(by), 1);
}

async function cancelEarly(
  { dropshipId, life, desk }: Dropship,
  input: RequestCancelInput,
): Promise<CancelOutcome | 'too_late'> {
  desk.deciding += 1;
  try {
    const { cancelled, ended } = await rows.cancelBeforeImport({ ...input, dropshipId });
    if (ended) life.cancelled = true;
    return cancelled ? 'cancelled' : 'unchanged';
  } catch (error) {
    if (error instanceof ActivityFailure && codeOf(error) === 'dropship_transition_refused') return 'too_late';
    throw error;
  } finally {
    desk.deciding -= 1;
  }
}

/** Both sides see what is asked for; it happens when the supplier accepts, or its Cancel Orders task comes by. */
async function note(dropship: Dropship, input: RequestCancelInput): Promise<{ outcome: CancelOutcome }> {
  const { life } = dropship;
  // Units may have shipped while this waited for its turn.
  refusing(() => assertRequestable(life, input));
  const wanted = requestedLines(life.lines!, input.lines);
  const lines = wanted.map((line) => ({ lineId: line.lineId, keep: line.quantity - (line.cancelRequested ?? 0) }));
  const { isInstant } = await noteOnBothSides(dropship, { ...input, lines });
  const isNew = request(life, input);
  refreshWaiting(life);
  if (isInstant) await settleRequested(dropship);
  return { outcome: isNew ? 'requested' : 'unchanged' };
}

async function noteOnBothSides(
  { dropshipId, desk }: Dropship,
  input: RequestCancelInput,
): Promise<{ isInstant: boolean }> {
  desk.noting += 1;
  try {
    return await rows.noteCancelRequest({ ...input, dropshipId });
  } finally {
    desk.noting -= 1;
  }
}

async function accept(dropship: Dropship, input: AcceptCancelInput): Promise<void> {
  refusing(() => assertAcceptable(dropship.life, input));
  await settle(dropship, input);
}

/** By the task, or at once. Where it fails for good the request stays visible: the supplier can still accept. */
async function settleRequested(dropship: Dropship): Promise<void> {
  const { life } = dropship;
  try {
    await settle(dropship, { lines: null, reason: life.cancelReason ?? 'other' });
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
  }
}

/** Without an actor: the merchant's wish is done as it is. */
type Settlement = Pick<AcceptCancelInput, 'lines' | 'reason'> & Partial<AcceptCancelInput>;

/**
 * Cancels what is asked for and has not shipped: at the supplier, then at the merchant. The units are out of reach for
 * shipments before anything is awaited.
 */
async function settle(dropship: Dropship, settlement: Settlement): Promise<void> {
  const { dropshipId, life } = dropship;
  const givenUp = giveUp(life, settlement.lines);
  if (givenUp.length === 0) return;
  const { reason } = settlement;
  const wanted = givenUp.map(({ lineId, keep }) => ({ lineId, keep }));
  const lines = await cancelAtSupplier({ ...settlement, dropshipId, lines: wanted }, () => takeBack(life, givenUp));
  if (takeBack(life, givenUp, lines)) await relayCancel(dropship, { lines, reason });
  refreshWaiting(life);
}

/** @returns what the supplier keeps of these lines: more than is wanted where it has handed units on */
async function cancelAtSupplier(cancel: SupplierSettlement, undo: () => void): Promise<Kept[]> {
  try {
    return (await rows.cancelAtSupplier(cancel)).lines;
  } catch (error) {
    undo();
    throw error;
  }
}

async function followDownstream(dropship: Dropship, { lines, reason }: SupplierCancel): Promise<void> {
  if (dropship.life.ended !== null) return;
  const changed = follow(dropship.life, lines);
  if (changed.length > 0) await relayCancel(dropship, { lines: changed, reason });
}

/** To the merchant at once, like a tracking; what is refused for good is left to the main loop, where it parks. */
async function relayCancel({ dropshipId, life }: Dropship, cancel: SupplierCancel): Promise<void> {
  try {
    await rows.relayCancel({ dropshipId, ...cancel });
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    life.backlog.push({ kind: 'cancel', ...cancel });
  }
}
