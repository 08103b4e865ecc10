import { condition, setHandler } from '@temporalio/workflow';
import { asSupplierSees, isImporting } from '../../domain/dropships/state.ts';
import { assertSplit } from '../../domain/dropships/splits.ts';
import { DomainError } from '../../domain/errors.ts';
import { rows } from '../activities.ts';
import { failedWith, refusing } from '../failures.ts';
import { importDecided, inTurn, orQueue, type Dropship } from './in-flight.ts';
import { splitOrder, type SplitOrderInput } from '../messages.ts';

/** A split takes all units before its first await: no other message gets them. They come back when nothing was written. */
export function listenToSplits(dropship: Dropship): void {
  const { state } = dropship;
  const split = (input: SplitOrderInput) =>
    input.side === 'merchant' ? splitEarly(dropship, input) : splitImported(dropship, input);
  setHandler(splitOrder, split, {
    validator: (input: SplitOrderInput) =>
      refusing(() => assertSplit(input.side === 'supplier' ? asSupplierSees(state) : state, input)),
  });
}

/** Before the import the order is the merchant's alone: each leaf gets a dropship of its own. */
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
    if (!failedWith(error, 'dropship_transition_refused')) throw error;
    // The supplier has the order: the answer of an import was lost. Importing again finds it.
    state.released = true;
    refusing(alreadyImported);
  } finally {
    inFlight.deciding -= 1;
  }
}

/** Waits for the end of an import and of cancels. @param by who makes a parked import give way */
async function nothingUnderWay({ state, inFlight }: Dropship, by: string): Promise<void> {
  inFlight.asking.push(by);
  await condition(() => state.opened && !isImporting(state) && inFlight.deciding === 0);
  inFlight.asking.splice(inFlight.asking.indexOf(by), 1);
}

function alreadyImported(): never {
  throw new DomainError('order_already_imported', 'The supplier has the order already.');
}

/** At the supplier, then at the merchant. */
async function splitImported(dropship: Dropship, input: SplitOrderInput): Promise<void> {
  const { state } = dropship;
  await importDecided(dropship);
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

const relaySplit = ({ dropshipId, state }: Dropship): Promise<void> =>
  orQueue(state, { kind: 'split' }, () => rows.relaySplit({ dropshipId }));
