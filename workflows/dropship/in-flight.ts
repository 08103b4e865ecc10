import { condition } from '@temporalio/workflow';
import { isUndecided, isWaiting, release, type Command, type DropshipState } from '../../domain/dropships/state.ts';
import { rows } from '../activities.ts';
import { isFailure } from '../failures.ts';

/** A dropship as its workflow works on it. */
export type Dropship = { dropshipId: string; state: DropshipState; inFlight: InFlight };

/** Bookkeeping of handlers in flight. It is not carried over continue-as-new, which waits for them. */
type InFlight = {
  /** Who asks to cancel while the import is under way. A parked import gives way to the first of them. */
  asking: string[];
  /** Cancels and splits that are decided before the supplier has the order. No import begins meanwhile. */
  deciding: number;
  /** Cancel requests that are being written into both accounts. The supplier may see and answer them already. */
  noting: number;
  /** Cancels take turns: each must see the units that the one before gave back. */
  turn: Promise<unknown>;
  /** Shipments that are being recorded and relayed. Their changes come after. */
  recording: Set<string>;
  /** Voids of recorded shipments on their way to the merchant. A new shipment with their units goes after them. */
  voiding: number;
};

export const nothingInFlight = (): InFlight => ({
  asking: [],
  deciding: 0,
  turn: Promise.resolve(),
  noting: 0,
  voiding: 0,
  recording: new Set(),
});

export async function inTurn<T>({ inFlight }: Dropship, work: () => Promise<T>): Promise<T> {
  const mine = inFlight.turn.then(work);
  inFlight.turn = mine.catch(() => undefined);
  return mine;
}

/** The supplier sees its order a moment before this workflow knows that the import is done. */
export async function importDecided({ dropshipId, state }: Dropship): Promise<void> {
  if (isWaiting(state)) {
    const { lines } = await rows.finishImport({ dropshipId });
    if (lines !== null) release(state, lines);
  }
  if (isUndecided(state)) await condition(() => !isUndecided(state));
}

/** Relays to the merchant at once. A relay that is refused for good joins the main loop, where it parks. */
export async function orQueue(state: DropshipState, command: Command, relay: () => Promise<unknown>): Promise<void> {
  try {
    await relay();
  } catch (error) {
    if (!isFailure(error)) throw error;
    state.backlog.push(command);
  }
}
