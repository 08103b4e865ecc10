import { runsInstantly } from '../../domain/intervals.ts';
import { listSeenAtPortals } from '../channels/schedules.ts';
import type { Pool } from '../engine/pool.ts';
import { withSystem } from '../engine/with-account.ts';
import type { DropshipStart } from './dropships.ts';

/**
 * The starts of dropships that were committed just now. It is read after the commit: who makes a portal instant has
 * noted it before, or runs Import Orders after.
 * @returns `fresh` is left out where the portal was not seen yet; then the workflow asks its Schedule
 */
export async function freshStarts(pool: Pool, starts: readonly DropshipStart[]): Promise<DropshipStart[]> {
  const connectionIds = [...new Set(starts.map((start) => start.connectionId))];
  const seen = await withSystem(pool, (db) => listSeenAtPortals(db, 'import_orders', connectionIds));
  return starts.map((start) => {
    const rhythm = seen.get(start.connectionId);
    return rhythm ? { ...start, fresh: { released: runsInstantly(rhythm) } } : start;
  });
}
