import type { Client } from '@temporalio/client';
import type { Shipment } from '../../db/shipments.ts';
import { DomainError } from '../../domain/errors.ts';
import { resolveAttention, type Resolution } from '../../workflows/attention.ts';
import { recordShipment, type RecordShipmentInput } from '../../workflows/dropship.ts';
import {
  acceptCancel,
  requestCancel,
  type AcceptCancelInput,
  type RequestCancelInput,
} from '../../workflows/dropship-cancels.ts';
import { workflowIds } from '../../workflows/names.ts';
import { ask } from './ask.ts';

export type Messages = {
  /**
   * A supplier's shipment. @returns it as it was recorded
   * @throws DomainError `dropship_not_open`, `line_not_found`, `quantity_exceeds_open`, `tracking_already_recorded`,
   *   `request_in_progress`, `temporal_unavailable`
   */
  recordShipment(dropshipId: string, input: RecordShipmentInput, updateId: string): Promise<Shipment>;
  /**
   * The merchant's wish that units do not leave: done before the supplier has the order, asked for later.
   * @throws DomainError `dropship_not_open`, `line_not_found`, `already_shipped`, `order_cancelled`,
   *   `request_in_progress`, `temporal_unavailable`
   */
  requestCancel(dropshipId: string, input: RequestCancelInput, updateId: string): Promise<void>;
  /**
   * The supplier's consent to it.
   * @throws DomainError `dropship_not_open`, `no_cancel_requested`, `request_in_progress`, `temporal_unavailable`
   */
  acceptCancel(dropshipId: string, input: AcceptCancelInput, updateId: string): Promise<void>;
  /** A decision about a parked step. @throws DomainError `nothing_parked`, `resolution_not_possible`, `temporal_unavailable` */
  resolveAttention(workflowId: string, resolution: Resolution, updateId: string): Promise<void>;
};

export function messages(client: Client): Messages {
  return {
    recordShipment: (dropshipId, input, updateId) => {
      const workflowId = workflowIds.dropship(dropshipId);
      return ask(client, { workflowId, update: recordShipment, args: [input], updateId });
    },
    requestCancel: async (dropshipId, input, updateId) => {
      const workflowId = workflowIds.dropship(dropshipId);
      await ask(client, { workflowId, update: requestCancel, args: [input], updateId });
    },
    acceptCancel: async (dropshipId, input, updateId) => {
      const workflowId = workflowIds.dropship(dropshipId);
      await ask(client, { workflowId, update: acceptCancel, args: [input], updateId });
    },
    resolveAttention: async (workflowId, resolution, updateId) => {
      try {
        await ask(client, { workflowId, update: resolveAttention, args: [resolution], updateId });
      } catch (error) {
        const isClosed = error instanceof DomainError && error.code === 'dropship_not_open';
        throw isClosed ? new DomainError('nothing_parked', 'What waited has ended.') : error;
      }
    },
  };
}
