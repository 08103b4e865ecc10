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
  const { life } = dropship;
  const split = (input: SplitOrderInput) =>
    input.side === 'merchant' ? splitEarly(dropship, input) : splitImported(dropship, input);
  setHandler(splitOrder, split, {
    validator: (input: SplitOrderInput) => refusing(() => assertSplit(life, input)),
  });
}

/** Before the import the order is the merchant's own affair: its leaves are handed on anew. */
async function splitEarly(dropship: Dropship, input: SplitOrderInput): Promise<void> {
  const { dropshipId, life, desk } = dropship;
  await nothingUnderWay(dropship, input.actor.id);
  refusing(() => assertSplit(life, input));
  life.ended = 'split';
  desk.deciding += 1;
  try {
    await rows.splitBeforeImport({ ...input, dropshipId });
    life.cancelled = true;
  } catch (error) {
    life.ended = null;
    if (!isTooLate(error)) throw error;
    // An import whose answer was lost: importing again finds what the supplier has.
    life.released = true;
    refusing(alreadyImported);
  } finally {
    desk.deciding -= 1;
  }
}

/** Waits for the end of an import and of cancels. @param by who makes an import give way that is parked */
async function nothingUnderWay({ life, desk }: Dropship, by: string): Promise<void> {
  desk.asking.push(by);
  await condition(() => life.opened && !isImporting(life) && desk.deciding === 0);
  desk.asking.splice(desk.asking.indexOf(by), 1);
}

const isTooLate = (error: unknown): boolean =>
  error instanceof ActivityFailure && codeOf(error) === 'dropship_transition_refused';

function alreadyImported(): never {
  throw new DomainError('order_already_imported', 'The supplier has the order already.');
}

/** At the supplier, then at the merchant. */
async function splitImported(dropship: Dropship, input: SplitOrderInput): Promise<void> {
  const { life } = dropship;
  if (isUndecided(life)) await condition(() => !isUndecided(life));
  await inTurn(dropship, async () => {
    refusing(() => assertSplit(life, input));
    life.ended = 'split';
    await splitAtSupplier(dropship, input);
    await relaySplit(dropship);
  });
}

async function splitAtSupplier({ dropshipId, life }: Dropship, input: SplitOrderInput): Promise<void> {
  try {
    await rows.splitAtSupplier({ ...input, dropshipId });
  } catch (error) {
    life.ended = null;
    throw error;
  }
}

/** To the merchant at once; what is refused for good is left to the main loop, where it parks. */
async function relaySplit({ dropshipId, life }: Dropship): Promise<void> {
  try {
    await rows.relaySplit({ dropshipId });
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    life.backlog.push({ kind: 'split' });
  }
}
