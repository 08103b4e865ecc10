import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { DropshipStart } from '../db/dropships/dropships.ts';
import type { LabelStart } from '../db/labels/labels.ts';
import { DomainError } from '../domain/errors.ts';
import type { SupplierCancel } from '../domain/dropships/state.ts';
import { workflowIds, type Queues } from '../workflows/names.ts';
import {
  acceptCancel,
  type AcceptCancelInput,
  acceptOrder,
  type AcceptOrderInput,
  cancelledDownstream,
  type CancelOutcome,
  cancelsReleased,
  correctTracking,
  type CorrectTrackingInput,
  declineCancel,
  type DeclineCancelInput,
  recordShipment,
  type RecordedShipment,
  type RecordShipmentInput,
  rejectOrder,
  type RejectOrderInput,
  requestCancel,
  type RequestCancelInput,
  type Resolution,
  resolveAttention,
  splitOrder,
  type SplitOrderInput,
  voidLabel,
  type VoidLabelInput,
  voidShipment,
  type VoidShipmentInput,
} from '../workflows/messages.ts';
import { dropshipReopening, labelReopening } from '../workflows/starts.ts';
import { ask, type Question } from './ask.ts';
import { answerMs, DropshipClosed, fromTemporal } from './errors.ts';
import { whileReachable } from './reachable.ts';

/**
 * Every message to a dropship's workflow, and the resolution of a parked step. The API gives an `updateId` made of account
 * and Idempotency-Key: a repeat gets the first answer. Activities give none: their inputs are idempotent by themselves,
 * and a refusal must not outlive its cause.
 */
export type Messages = {
  /**
   * A supplier's shipment. @returns it as it was recorded
   * @throws DomainError `dropship_not_open`, `line_not_found`, `quantity_exceeds_open`, `tracking_already_recorded`,
   *   `request_in_progress`, `temporal_unavailable`
   */
  recordShipment(dropshipId: string, input: RecordShipmentInput, updateId?: string): Promise<RecordedShipment>;
  /**
   * The merchant's request to cancel units. It is done at once before the supplier has the order.
   * @throws DomainError `dropship_not_open`, `line_not_found`, `order_shipped`, `order_cancelled`,
   *   `request_in_progress`, `temporal_unavailable`
   */
  requestCancel(dropshipId: string, input: RequestCancelInput, updateId?: string): Promise<{ outcome: CancelOutcome }>;
  /**
   * The supplier's consent to it.
   * @throws DomainError `dropship_not_open`, `no_cancel_requested`, `request_in_progress`, `temporal_unavailable`
   */
  acceptCancel(dropshipId: string, input: AcceptCancelInput, updateId?: string): Promise<void>;
  /**
   * The supplier's refusal of it.
   * @throws DomainError as `acceptCancel`
   */
  declineCancel(dropshipId: string, input: DeclineCancelInput, updateId?: string): Promise<void>;
  /**
   * The supplier will ship.
   * @throws DomainError `dropship_not_open`, `order_cancelled`, `order_shipped`, `request_in_progress`, `temporal_unavailable`
   */
  acceptOrder(dropshipId: string, input: AcceptOrderInput, updateId?: string): Promise<void>;
  /**
   * The supplier will not ship, all that is open or some units.
   * @throws DomainError as `acceptOrder`, and `order_dropshipped`, `line_not_found`, `quantity_exceeds_open`
   */
  rejectOrder(dropshipId: string, input: RejectOrderInput, updateId?: string): Promise<void>;
  /**
   * By the merchant before the supplier has the order, by the supplier later.
   * @throws DomainError `dropship_not_open`, `order_is_split`, `order_already_imported`, `order_cancelled`, `order_shipped`,
   *   `order_dropshipped`, `cancel_pending`, `split_refused`, `line_not_found`, `request_in_progress`, `temporal_unavailable`
   */
  splitOrder(dropshipId: string, input: SplitOrderInput, updateId?: string): Promise<void>;
  /**
   * A correction of a supplier's shipment. It reopens a closed dropship. @returns the shipment as it is now
   * @throws DomainError `shipment_not_found`, `shipment_voided`, `tracking_already_recorded`, `request_in_progress`,
   *   `temporal_unavailable`
   */
  correctTracking(start: DropshipStart, input: CorrectTrackingInput, updateId?: string): Promise<RecordedShipment>;
  /**
   * A void of a supplier's shipment: its units are open again. It reopens a closed dropship. @returns the shipment as it
   *   is now
   * @throws DomainError `shipment_not_found`, `shipment_voided`, `request_in_progress`, `temporal_unavailable`
   */
  voidShipment(start: DropshipStart, input: VoidShipmentInput, updateId?: string): Promise<RecordedShipment>;
  /**
   * A void of a label. It runs the label's closed workflow again. The money may come weeks later.
   * @throws DomainError `label_not_bought`, `label_scanned`, `order_is_split`, `order_dropshipped`, `temporal_unavailable`
   */
  voidLabel(start: LabelStart, input: VoidLabelInput, updateId?: string): Promise<void>;
  /** The Cancel Orders task of the supplier's portal runs. A closed dropship is left alone. */
  cancelsReleased(dropshipId: string): Promise<void>;
  /** Units that the supplier had dropshipped further are cancelled there. A closed dropship is left alone. */
  cancelledDownstream(dropshipId: string, cancel: SupplierCancel): Promise<void>;
  /**
   * Decides about a parked step. @returns `over`: the workflow has completed, whatever was parked before
   * @throws DomainError `nothing_parked`, `resolution_not_possible`, `temporal_unavailable`
   */
  resolveAttention(workflowId: string, resolution: Resolution, updateId?: string): Promise<'decided' | 'over'>;
};

type Tools = { client: Client; queues: Queues };
/** Longer than the workflow lets a caller wait for a void, which calls a provider and a shop. */
const voidMs = 10_000;

/** @param waitMs longest wait for an answer */
export function messages({ client, queues }: Tools, waitMs = answerMs): Messages {
  const handleOf = (dropshipId: string) => client.workflow.getHandle(workflowIds.dropship(dropshipId));
  const send =
    <R, Input extends object>(update: UpdateDefinition<R, [Input]>) =>
    (dropshipId: string, input: Input, updateId?: string): Promise<R> =>
      ask(client, { workflowId: workflowIds.dropship(dropshipId), update, args: [input], updateId, waitMs });
  const reopen =
    <R, Input extends object>(update: UpdateDefinition<R, [Input]>) =>
    (start: DropshipStart, input: Input, updateId?: string): Promise<R> => {
      const reopening = { type: 'dropship', start: dropshipReopening(start, queues) } as const;
      const { workflowId } = reopening.start;
      return askReopened(client, { workflowId, reopening, update, args: [input], updateId, waitMs });
    };
  return {
    recordShipment: send(recordShipment),
    requestCancel: send(requestCancel),
    acceptCancel: send(acceptCancel),
    declineCancel: send(declineCancel),
    acceptOrder: send(acceptOrder),
    rejectOrder: send(rejectOrder),
    splitOrder: send(splitOrder),
    correctTracking: reopen(correctTracking),
    voidShipment: reopen(voidShipment),
    voidLabel: (start, input, updateId) => {
      const reopening = { type: 'label', start: labelReopening(start, queues) } as const;
      const { workflowId } = reopening.start;
      const about = { workflowId, reopening, updateId, waitMs: Math.max(waitMs, voidMs) };
      return askReopened(client, { ...about, update: voidLabel, args: [input] });
    },
    cancelsReleased: (dropshipId) => unlessClosed(handleOf(dropshipId).signal(cancelsReleased)),
    cancelledDownstream: (dropshipId, cancel) => unlessClosed(handleOf(dropshipId).signal(cancelledDownstream, cancel)),
    resolveAttention: (workflowId, resolution, updateId) =>
      resolve(client, { workflowId, resolution, updateId, waitMs }),
  };
}

async function resolve(
  client: Client,
  {
    resolution,
    ...about
  }: { workflowId: string; resolution: Resolution; updateId: string | undefined; waitMs: number },
): Promise<'decided' | 'over'> {
  try {
    await ask(client, { ...about, update: resolveAttention, args: [resolution] });
    return 'decided';
  } catch (error) {
    if (!(error instanceof DropshipClosed)) throw error;
    if (await hasCompleted(client, about.workflowId)) return 'over';
    throw new DomainError('nothing_parked', 'The workflow of the parked step was ended by hand. Support can reset it.');
  }
}

/** A dropship that closes at that moment is asked once more. */
async function askReopened<R, A extends [object]>(client: Client, question: Question<R, A>): Promise<R> {
  try {
    return await ask(client, question);
  } catch (error) {
    if (!(error instanceof DropshipClosed)) throw error;
    return ask(client, question);
  }
}

async function unlessClosed(signal: Promise<void>): Promise<void> {
  try {
    await signal;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
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
