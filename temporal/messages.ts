import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { Shipment } from '../db/shipments/shipments.ts';
import { DomainError } from '../domain/errors.ts';
import { workflowIds } from '../workflows/names.ts';
import { ask } from './ask.ts';
import { answerMs, fromTemporal } from './errors.ts';
import { whileReachable } from './reachable.ts';
import {
  acceptCancel,
  type AcceptCancelInput,
  acceptOrder,
  type AcceptOrderInput,
  declineCancel,
  type DeclineCancelInput,
  recordShipment,
  type RecordShipmentInput,
  rejectOrder,
  type RejectOrderInput,
  requestCancel,
  type RequestCancelInput,
  type Resolution,
  resolveAttention,
  splitOrder,
  type SplitOrderInput,
} from '../workflows/messages.ts';

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
  /**
   * The supplier's refusal of it.
   * @throws DomainError as `acceptCancel`
   */
  declineCancel(dropshipId: string, input: DeclineCancelInput, updateId: string): Promise<void>;
  /**
   * The supplier will ship.
   * @throws DomainError `dropship_not_open`, `order_cancelled`, `order_shipped`, `request_in_progress`, `temporal_unavailable`
   */
  acceptOrder(dropshipId: string, input: AcceptOrderInput, updateId: string): Promise<void>;
  /**
   * The supplier will not ship, all that is open or some units.
   * @throws DomainError as `acceptOrder`, and `order_dropshipped`, `line_not_found`, `quantity_exceeds_open`
   */
  rejectOrder(dropshipId: string, input: RejectOrderInput, updateId: string): Promise<void>;
  /**
   * By the merchant before the supplier has the order, by the supplier later.
   * @throws DomainError `dropship_not_open`, `order_is_split`, `order_already_imported`, `order_cancelled`, `order_shipped`,
   *   `order_dropshipped`, `cancel_pending`, `split_refused`, `line_not_found`, `request_in_progress`, `temporal_unavailable`
   */
  splitOrder(dropshipId: string, input: SplitOrderInput, updateId: string): Promise<void>;
  /**
   * A decision about a parked step. @returns `over`: its workflow has come to its end, whatever was parked before
   * @throws DomainError `nothing_parked`, `resolution_not_possible`, `temporal_unavailable`
   */
  resolveAttention(workflowId: string, resolution: Resolution, updateId: string): Promise<'decided' | 'over'>;
};

export function messages(client: Client): Messages {
  const send =
    <R, Input extends object>(update: UpdateDefinition<R, [Input]>) =>
    (dropshipId: string, input: Input, updateId: string): Promise<R> =>
      ask(client, { workflowId: workflowIds.dropship(dropshipId), update, args: [input], updateId });
  const request = send(requestCancel);
  return {
    recordShipment: send(recordShipment),
    requestCancel: async (...given) => void (await request(...given)),
    acceptCancel: send(acceptCancel),
    declineCancel: send(declineCancel),
    acceptOrder: send(acceptOrder),
    rejectOrder: send(rejectOrder),
    splitOrder: send(splitOrder),
    resolveAttention: async (workflowId, resolution, updateId) => {
      try {
        await ask(client, { workflowId, update: resolveAttention, args: [resolution], updateId });
        return 'decided';
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'dropship_not_open') throw error;
        if (await hasCompleted(client, workflowId)) return 'over';
        throw new DomainError('nothing_parked', 'What waited was ended by hand: its workflow can be reset.');
      }
    },
  };
}

async function hasCompleted(client: Client, workflowId: string): Promise<boolean> {
  const describe = () => client.workflow.getHandle(workflowId).describe();
  try {
    const { status } = await whileReachable(client, () => client.withDeadline(Date.now() + answerMs, describe));
    return status.name === 'COMPLETED';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw fromTemporal(error);
  }
}
