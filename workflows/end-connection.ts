import { rows } from './activities.ts';

/** A connection was ended: the merchant's stock of that supplier is taken away, once (domain rules §2). */
export async function endConnection({ connectionId }: { connectionId: string }): Promise<void> {
  for (;;) {
    const { more } = await rows.withdrawStock({ connectionId });
    if (!more) return;
  }
}
