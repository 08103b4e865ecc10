import { setHandler } from '@temporalio/workflow';
import { assertAcceptance, assertRejection, groupsOf, takeAway } from '../../domain/dropships/supplier-response.ts';
import { asSupplierSees, type SupplierReject } from '../../domain/dropships/state.ts';
import { rows } from '../activities.ts';
import { refusing } from '../failures.ts';
import { importDecided, inTurn, orQueue, type Dropship } from './in-flight.ts';
import { refreshWaiting } from './stage.ts';
import { acceptOrder, type AcceptOrderInput, rejectOrder, type RejectOrderInput } from '../messages.ts';

export function listenToSupplierResponses(dropship: Dropship): void {
  const { state } = dropship;
  setHandler(acceptOrder, (input) => afterImport(dropship, () => accept(dropship, input)), {
    validator: (input: AcceptOrderInput) => refusing(() => assertAcceptance(asSupplierSees(state), input)),
  });
  setHandler(rejectOrder, (input) => afterImport(dropship, () => reject(dropship, input)), {
    validator: (input: RejectOrderInput) => refusing(() => assertRejection(asSupplierSees(state), input)),
  });
}

async function afterImport(dropship: Dropship, work: () => Promise<void>): Promise<void> {
  await importDecided(dropship);
  await inTurn(dropship, work);
}

async function accept({ dropshipId, state }: Dropship, input: AcceptOrderInput): Promise<void> {
  refusing(() => assertAcceptance(state, input));
  await rows.acceptOrder({ ...input, dropshipId });
  refreshWaiting(state, 'The supplier has accepted the order. Waits for its shipments.');
}

/** Takes the units away before anything is awaited: no other message gets them. */
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

const relayReject = ({ dropshipId, state }: Dropship, reject: SupplierReject): Promise<void> =>
  orQueue(state, { kind: 'reject', ...reject }, () => rows.relayReject({ dropshipId, ...reject }));
