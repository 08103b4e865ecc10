import { ActivityFailure, condition, isCancellation, setHandler } from '@temporalio/workflow';
import { assertAcceptance, assertRejection, groupsOf, takeAway } from '../../domain/dropships/supplier-response.ts';
import { isUndecided, type SupplierReject } from '../../domain/dropships/state.ts';
import { rows } from '../activities.ts';
import { inTurn, type Dropship } from './cancels.ts';
import { refusing } from '../failures.ts';
import { refreshWaiting } from './stage.ts';
import { acceptOrder, type AcceptOrderInput, rejectOrder, type RejectOrderInput } from '../messages.ts';

export function listenToSupplierResponses(dropship: Dropship): void {
  const { state } = dropship;
  setHandler(acceptOrder, (input) => decided(dropship, () => accept(dropship, input)), {
    validator: (input: AcceptOrderInput) => refusing(() => assertAcceptance(state, input)),
  });
  setHandler(rejectOrder, (input) => decided(dropship, () => reject(dropship, input)), {
    validator: (input: RejectOrderInput) => refusing(() => assertRejection(state, input)),
  });
}

/** The supplier sees its order a moment before this workflow knows that the import is done. */
async function decided(dropship: Dropship, work: () => Promise<void>): Promise<void> {
  const { state } = dropship;
  if (isUndecided(state)) await condition(() => !isUndecided(state));
  await inTurn(dropship, work);
}

async function accept({ dropshipId, state }: Dropship, input: AcceptOrderInput): Promise<void> {
  refusing(() => assertAcceptance(state, input));
  await rows.acceptOrder({ ...input, dropshipId });
  refreshWaiting(state, 'The supplier has accepted the order. Waits for its shipments.');
}

/** The units are out of reach for other messages before anything is awaited. */
async function reject(dropship: Dropship, input: RejectOrderInput): Promise<void> {
  const { dropshipId, state } = dropship;
  const { lines, ...message } = input;
  refusing(() => assertRejection(state, input));
  const groups = refusing(() => groupsOf(state, lines));
  const giveBack = takeAway(state, groups === null ? 'rejected' : 'split');
  try {
    if (groups === null) await rows.rejectOrder({ ...message, dropshipId });
    else await rows.rejectUnits({ ...message, ...groups, dropshipId });
  } catch (error) {
    giveBack();
    throw error;
  }
  await relayReject(dropship, { reason: input.reason, cancelReason: state.cancelReason, isPart: groups !== null });
}

/** To the merchant at once; what is refused for good is left to the main loop, where it parks. */
async function relayReject({ dropshipId, state }: Dropship, back: SupplierReject): Promise<void> {
  try {
    await rows.relayReject({ dropshipId, ...back });
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    state.backlog.push({ kind: 'reject', ...back });
  }
}
