import { patched } from '@temporalio/workflow';
import { rows } from './activities.ts';

/**
 * A connection was ended: the merchant's stock of that supplier is taken away, once (domain rules §2). What waits for its
 * import would wait for ever, so it is told to go on, and parks for its merchant to see.
 */
export async function endConnection({ connectionId }: { connectionId: string }): Promise<void> {
  while ((await rows.withdrawStock({ connectionId })).more);
  if (!patched('releases-waiting')) return;
  for (let after: string | null = ''; after !== null;)
    ({ last: after } = await rows.releaseWaiting({ connectionId, after }));
}
