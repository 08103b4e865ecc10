import { WorkflowNotFoundError } from '@temporalio/client';
import { listBehindCredentials, settleAttention } from '../db/attentions.ts';
import { withAccount, withSystem } from '../db/with-account.ts';
import type { Resolution } from '../workflows/attention.ts';
import type { Deps } from './deps.ts';
import { withChannel } from './open-channel.ts';
import { ownerOfChannel } from './owners.ts';

/** Permissions by the shop's names, stock locations by its ids. */
export type ChannelCheck = { missing: string[]; unproven: string[]; locations: { id: string; name: string }[] };

const resumedAtOnce = 20;

export function createChannelActivities(deps: Deps) {
  return {
    /** Tries the credentials. */
    async checkChannel({ channelId }: { channelId: string }): Promise<ChannelCheck> {
      const accountId = await ownerOfChannel(deps.pool, channelId);
      const { missing, unproven, locations } = await withChannel(deps, { accountId, channelId }, (channel) =>
        channel.describeAccess(),
      );
      return { missing, unproven, locations };
    },

    /** Tells what is parked behind old credentials to try again, a few at a time. */
    async resumeBehindCredentials({ channelId }: { channelId: string }): Promise<{ more: boolean }> {
      const resumed = await resumeParked(deps, { channelId, limit: resumedAtOnce });
      return { more: resumed === resumedAtOnce };
    },
  };
}

/** Sends `retry` to workflows parked behind old credentials, the longest waiting first. @returns how many */
export async function resumeParked(
  { pool, client }: Deps,
  filter: { channelId?: string; limit: number },
): Promise<number> {
  const parked = await withSystem(pool, (db) => listBehindCredentials(db, filter));
  const retry: Resolution = { action: 'retry', by: 'credentials' };
  await Promise.all(
    parked.map(async ({ accountId, workflowId }) => {
      try {
        await client.workflow.getHandle(workflowId).signal('attentionResolved', retry);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        // Somebody ended the workflow: nothing waits any more, whatever the row says.
        const gone = { workflowId, action: 'cancel', by: 'workflow_gone' } as const;
        await withAccount(pool, accountId, (db) => settleAttention(db, gone));
      }
    }),
  );
  return parked.length;
}
