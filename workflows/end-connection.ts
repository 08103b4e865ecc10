import { rows } from './activities.ts';

/**
 * A connection was ended. Takes away the merchant's stock of that supplier (rules §2). Then releases the dropships that
 * wait for their import: nothing else would, and so they park where their merchant sees them.
 */
export async function endConnection({ connectionId }: { connectionId: string }): Promise<void> {
  while ((await rows.withdrawStock({ connectionId })).more);
  for (let after: string | null = ''; after !== null;)
    ({ last: after } = await rows.releaseWaiting({ connectionId, after }));
}
