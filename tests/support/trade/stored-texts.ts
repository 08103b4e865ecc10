import { tables } from '../../../db/engine/tables.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { readInAccount } from '../../../db/engine/with-account.ts';
import { canary } from './trade.ts';

/** Words of `canary`, and of the note that its orders have. */
const words = ['Quillfeather', canary.address1, canary.city, canary.phone, canary.email];

/** Where an account still stores something about `canary`: tables, with the words that were found there. */
export async function tracesOf(pool: Pool, accountId: string): Promise<Record<string, string[]>> {
  const owned = Object.entries(tables).flatMap(([name, columns]) => ('account_id' in columns ? [name] : []));
  return readInAccount(pool, accountId, async (db) => {
    const found: Record<string, string[]> = {};
    for (const table of owned) {
      const { rows } = await db.raw<{ rows: { text: string }[] }>(
        `select coalesce(string_agg(t::text, ' '), '') as text from ${table} t`,
      );
      const here = words.filter((word) => rows[0]!.text.toLowerCase().includes(word.toLowerCase()));
      if (here.length > 0) found[table] = here;
    }
    return found;
  });
}
