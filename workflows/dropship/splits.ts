import { ActivityFailure, condition, isCancellation, setHandler } from '@temporalio/workflow';
import { isImporting, isUndecided } from '../../domain/dropships/state.ts';
import { assertSplit } from '../../domain/dropships/splits.ts';
import { DomainError } from '../../domain/errors.ts';
import { rows } from '../activities.ts';
import { inTurn, type Dropship } from './cancels.ts';
import { codeOf, refusing } from '../failures.ts';
import { splitOrder, type SplitOrderInput } from '../messages.ts';

/** Before the first await the units are out of reach for every other message; they come back when nothing was written. */
export function listenToSplits(dropship: Dropship): void {
  const { state } = dropship;
  const split = (input: SplitOrderInput) =>
    input.side === 'merchant' ? splitEarly(dropship, input) : splitImported(dropship, input);
  setHandler(splitOrder, split, {
    validator: (input: SplitOrderInput) => refusing(() => assertSplit(state, input)),
  });
}

/** Before the import the order is the merchant's own affair: its leaves are handed on anew. */
async function splitEarly(dropship: Dropship, input: SplitOrderInput): Promise<void> {
  const { dropshipId, state, inFlight } = dropship;
  await nothingUnderWay(dropship, input.actor.id);
  refusing(() => assertSplit(state, input));
  state.ended = 'split';
  inFlight.deciding += 1;
  try {
    await rows.splitBeforeImport({ ...input, dropshipId });
    state.cancelled = true;
  } catch (error) {
    state.ended = null;
    if (!isTooLate(error)) throw error;
    // An import whose answer was lost: importing again finds what the supplier has.
    state.released = true;
    refusing(alreadyImported);
  } finally {
    inFlight.deciding -= 1;
  }
}

/** Waits for the end of an import and of cancels. @param by who makes an import give way that is parked */
async function nothingUnderWay({ state, inFlight }: Dropship, by: string): Promise<void> {
  inFlight.asking.push(by);
  await condition(() => state.opened && !isImporting(state) && inFlight.deciding === 0);
  inFlight.asking.splice(inFlight.asking.indexOf(by), 1);
}

const isTooLate = (error: unknown): boolean =>
  error instanceof ActivityFailure && codeOf(error) === 'dropship_transition_refused';

function alreadyImported(): never {
  throw new DomainError('order_already_imported', 'The supplier has the order already.');
}

/** At the supplier, then at the merchant. */
async function splitImported(dropship: Dropship, input: SplitOrderInput): Promise<void> {
  const { state } = dropship;
  if (isUndecided(state)) await condition(() => !isUndecided(state));
  await inTurn(dropship, async () => {
    refusing(() => assertSplit(state, input));
    state.ended = 'split';
    await splitAtSupplier(dropship, input);
    await relaySplit(dropship);
  });
}

async function splitAtSupplier({ dropshipId, state }: Dropship, input: SplitOrderInput): Promise<void> {
  try {
    await rows.splitAtSupplier({ ...input, dropshipId });
  } catch (error) {
    state.ended = null;
    throw error;
  }
}

/** To the merchant at once; what is refused for good is left to the main loop, where it parks. */
async function relaySplit({ dropshipId, state }: Dropship): Promise<void> {
  try {
    await rows.relaySplit({ dropshipId });
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    state.backlog.push({ kind: 'split' });
  }
}
