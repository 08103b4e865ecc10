import {
  isGrpcDeadlineError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  WithStartWorkflowOperation,
  type Client,
} from '@temporalio/client';
import { ApplicationFailure, type UpdateDefinition } from '@temporalio/common';
import type { DropshipStart } from '../db/dropships/dropships.ts';
import type { SupplierCancel } from '../domain/dropships/state.ts';
import { workflowIds, type Queues } from '../workflows/names.ts';
import { dropshipReopening } from '../workflows/starts.ts';
import type { Messenger } from './channels/portal/tools.ts';
import {
  cancelledDownstream,
  cancelsReleased,
  type CancelOutcome,
  correctTracking,
  type RecordedShipment,
  recordShipment,
  type RecordShipmentInput,
  requestCancel,
  type RequestCancelInput,
  voidShipment,
} from '../workflows/messages.ts';

/** What a message came to. `closed`: the workflow has ended, or was not started. */
type Refusal = { outcome: 'closed' } | { outcome: 'refused'; code: string };

/** A request that waits, for the end of an import, waits by itself: whoever sent it need not. */
const answerMs = 8_000;

/** Messages to the workflows that govern an order's units: one step up, or one step down. */
export type DropshipMessenger = Messenger & {
  requestCancel(
    dropshipId: string,
    input: RequestCancelInput,
  ): Promise<{ outcome: CancelOutcome | 'unanswered' } | Refusal>;
  /** The supplier's Cancel Orders task has come by. */
  cancelsReleased(dropshipId: string): Promise<void>;
  /** What a supplier had handed on further is cancelled there. */
  cancelledDownstream(dropshipId: string, cancel: SupplierCancel): Promise<void>;
};

export function createMessenger({ client, queues }: { client: Client; queues: Queues }): DropshipMessenger {
  const handleOf = (dropshipId: string) => client.workflow.getHandle(workflowIds.dropship(dropshipId));
  // Without an update id: told again, a revision that is known changes nothing.
  const change = async <Input>(
    message: UpdateDefinition<RecordedShipment, [Input]>,
    start: DropshipStart,
    input: Input,
  ) => {
    const startWorkflowOperation = new WithStartWorkflowOperation('dropship', dropshipReopening(start, queues));
    const update = client.workflow.executeUpdateWithStart(message, { args: [input], startWorkflowOperation });
    const answer = await refusalOr(update.then(() => ({ outcome: 'recorded' as const })));
    // It closed just then, and opens again for the next try.
    if (answer.outcome === 'closed') throw new Error(`The dropship closed before ${message.name}.`);
    return answer;
  };
  return {
    // Without an update id: Temporal would give a refusal again after its cause is gone. The shipment's id is the key.
    async recordShipment(dropshipId: string, input: RecordShipmentInput) {
      const update = handleOf(dropshipId).executeUpdate(recordShipment, { args: [input] });
      return refusalOr(update.then(() => ({ outcome: 'recorded' as const })));
    },

    correctTracking: (start, input) => change(correctTracking, start, input),
    voidShipment: (start, input) => change(voidShipment, start, input),

    // Without an update id too: so many units kept is the same however often it is told.
    async requestCancel(dropshipId, input) {
      const send = () => handleOf(dropshipId).executeUpdate(requestCancel, { args: [input] });
      return refusalOr(client.withDeadline(Date.now() + answerMs, send).catch(unanswered));
    },

    cancelsReleased: (dropshipId) => unlessClosed(handleOf(dropshipId).signal(cancelsReleased)),
    cancelledDownstream: (dropshipId, cancel) => unlessClosed(handleOf(dropshipId).signal(cancelledDownstream, cancel)),
  };
}

async function refusalOr<T>(answer: Promise<T>): Promise<T | Refusal> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { outcome: 'closed' };
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    const { cause } = error;
    return {
      outcome: 'refused',
      code: cause instanceof ApplicationFailure ? (cause.type ?? 'unexpected') : 'unexpected',
    };
  }
}

function unanswered(error: unknown): { outcome: 'unanswered' } {
  const isLate =
    error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
    isGrpcDeadlineError(error) ||
    isGrpcDeadlineError((error as Error).cause);
  if (isLate) return { outcome: 'unanswered' };
  throw error;
}

async function unlessClosed(signal: Promise<void>): Promise<void> {
  try {
    await signal;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
