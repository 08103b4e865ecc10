import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { workflowIds } from '../workflows/names.ts';
import type { RecordShipmentInput } from '../workflows/dropship.ts';
import type { Messenger } from './channels/portal-tools.ts';

/** Messages to the workflow one step upstream: how a portal "pushes". */
export function createMessenger(client: Client): Messenger {
  return {
    // Without an update id: Temporal would give a refusal again after its cause is gone. The shipment's id is the key.
    async recordShipment(dropshipId: string, input: RecordShipmentInput) {
      try {
        const handle = client.workflow.getHandle(workflowIds.dropship(dropshipId));
        await handle.executeUpdate('recordShipment', { args: [input] });
        return { outcome: 'recorded' };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { outcome: 'closed' };
        if (!(error instanceof WorkflowUpdateFailedError)) throw error;
        const { cause } = error;
        return {
          outcome: 'refused',
          code: cause instanceof ApplicationFailure ? (cause.type ?? 'unexpected') : 'unexpected',
        };
      }
    },
  };
}
