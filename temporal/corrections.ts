import type { Client } from '@temporalio/client';
import type { DropshipStart } from '../db/dropships/dropships.ts';
import type { Shipment } from '../db/shipments/shipments.ts';
import { DomainError } from '../domain/errors.ts';
import type { Queues } from '../workflows/names.ts';
import { dropshipReopening } from '../workflows/starts.ts';
import { ask, type Question } from './ask.ts';
import {
  correctTracking,
  type CorrectTrackingInput,
  voidShipment,
  type VoidShipmentInput,
} from '../workflows/messages.ts';

/** Late words about a supplier's shipment: a dropship that has closed runs again for them. */
export type Corrections = {
  /**
   * @returns the shipment as it is now
   * @throws DomainError `shipment_not_found`, `shipment_voided`, `tracking_already_recorded`, `request_in_progress`,
   *   `temporal_unavailable`
   */
  correctTracking(start: DropshipStart, input: CorrectTrackingInput, updateId: string): Promise<Shipment>;
  /**
   * Its units are open again. @returns the shipment as it is now
   * @throws DomainError `shipment_not_found`, `shipment_voided`, `request_in_progress`, `temporal_unavailable`
   */
  voidShipment(start: DropshipStart, input: VoidShipmentInput, updateId: string): Promise<Shipment>;
};

export function corrections(client: Client, queues: Queues): Corrections {
  return {
    correctTracking: (start, input, updateId) =>
      askReopened(client, reopened(start, queues), { update: correctTracking, args: [input], updateId }),
    voidShipment: (start, input, updateId) =>
      askReopened(client, reopened(start, queues), { update: voidShipment, args: [input], updateId }),
  };
}

const reopened = (start: DropshipStart, queues: Queues) => {
  const reopening = dropshipReopening(start, queues);
  return { reopening, workflowId: reopening.workflowId };
};

/** One that closes just then is asked once more. */
async function askReopened<R, A extends [object]>(
  client: Client,
  place: ReturnType<typeof reopened>,
  question: Pick<Question<R, A>, 'update' | 'args' | 'updateId'>,
): Promise<R> {
  try {
    return await ask(client, { ...place, ...question });
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'dropship_not_open') throw error;
    return ask(client, { ...place, ...question });
  }
}
