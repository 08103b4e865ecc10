import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { ScheduleNotFoundError } from '@temporalio/client';
import { pino } from 'pino';
import { createGate } from '../../../activities/gate.ts';
import { createSafeFetch } from '../../../activities/channels/safe-fetch.ts';
import type { Deps } from '../../../activities/deps.ts';
import { createWriteInventoryActivities, type StockPage } from '../../../activities/tasks/write-inventory.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import type { Sealer } from '../../../db/engine/sealing.ts';
import { addCounts, noCounts } from '../../../domain/task.ts';

/** The Schedule of Import Orders on the channel at hand. */
export type Importing = 'running' | 'paused' | 'missing';
const clientWith = (importing: Importing) => ({
  schedule: {
    getHandle: (scheduleId: string) => ({
      describe: async () => {
        if (importing === 'missing') throw new ScheduleNotFoundError('none', scheduleId);
        const info = { recentActions: [], nextActionTimes: [] };
        return {
          spec: { intervals: [{ every: 3_600_000, offset: 0 }] },
          state: { paused: importing === 'paused' },
          info,
        };
      },
    }),
  },
});

type Workshop = { pool: Pool; sealer: Sealer; host?: string };
export type Change = Partial<Omit<Deps, 'client'>> & { importing?: Importing };

/** The activities of Write Inventory Back, with a fake of Temporal alone. `host`: a local shop they may reach. */
export function writingActivities({ pool, sealer, host }: Workshop, { importing = 'running', ...change }: Change = {}) {
  const deps = {
    pool,
    sealer,
    gate: createGate({ slots: 40 }),
    client: clientWith(importing),
    fetch: createSafeFetch({ allowedPrivateHosts: host === undefined ? [] : [host], timeoutMs: 5_000 }),
    now: () => new Date(),
    log: pino({ level: 'silent' }),
    crashPoint: () => undefined,
    ...change,
  };
  return createWriteInventoryActivities(deps as unknown as Deps);
}

/** All pages of one run, as its workflow asks for them. */
export async function writeAll(workshop: Workshop, channelId: string, change: Change = {}) {
  const activities = writingActivities(workshop, change);
  const inside = { cancellationSignal: new AbortController().signal } as Context;
  const run = { counts: noCounts(), failures: [] as { item: string; code: string }[], pages: 0 };
  for (let after: string | null = null; ;) {
    const input = { channelId, after };
    const page: StockPage = await asyncLocalStorage.run(inside, () => activities.writeInventoryPage(input));
    run.counts = addCounts(run.counts, page.counts);
    run.failures.push(...page.failures);
    run.pages += 1;
    if (!page.more) return run;
    after = page.next;
  }
}
