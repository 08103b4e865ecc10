import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Client } from '@temporalio/client';
import { createSetUpActivities } from '../../../activities/set-up.ts';
import { createTaskActivities } from '../../../activities/tasks/tasks.ts';
import { connectTemporal } from '../../../temporal/connection.ts';
import { deleteChannel } from '../../../db/channels/channels.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { requireTask } from '../../../db/channels/tasks.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { queuesFor, workflowIds } from '../../../workflows/names.ts';
import { aMerchant, type Merchant } from '../../support/trade/database-trade.ts';
import { facts, ownNamespace } from '../../support/engine/facts.ts';
import { onDatabase } from '../../support/engine/database.ts';
import { atTheEnd } from '../../support/engine/for-the-file.ts';

const type = 'import_orders';
let pool: Pool;
let client: Client;
let merchant: Merchant;
let tasks: ReturnType<typeof createTaskActivities>;
onDatabase(5, async (opened) => {
  pool = opened;
  const temporal = connectTemporal(facts().temporal.address);
  atTheEnd(() => temporal.close());
  client = new Client({ connection: temporal.connection, namespace: ownNamespace() });
  const queues = queuesFor(`-${randomBytes(4).toString('hex')}`);
  const deps = { pool, client, queues, crashPoint: () => undefined } as never;
  merchant = await aMerchant(pool);
  await createSetUpActivities(deps).ensureSchedules(merchant);
  tasks = createTaskActivities(deps);
});

const schedule = () => client.schedule.getHandle(workflowIds.task(type, merchant.channelId));
const begin = (scheduledAt: string | null) => {
  const runId = randomBytes(4).toString('hex');
  return tasks.startTask({ channelId: merchant.channelId, type, workflowId: `${type}/x`, runId, scheduledAt });
};
const triggerOf = async (scheduledAt: string | null) => {
  const { taskId } = (await begin(scheduledAt))!;
  return (await withAccount(pool, merchant.accountId, (db) => requireTask(db, taskId))).trigger;
};

describe('a run of a task', () => {
  it('is known as the clock’s at the moments that Temporal names, else as somebody’s', async () => {
    const { nextActionTimes } = (await schedule().describe()).info;
    const offTheGrid = new Date(nextActionTimes[0]!.getTime() + 1_000).toISOString();

    const clock = await Promise.all(nextActionTimes.slice(0, 3).map((time) => triggerOf(time.toISOString())));

    expect(clock).toEqual(['schedule', 'schedule', 'schedule']);
    expect([await triggerOf(offTheGrid), await triggerOf(null)]).toEqual(['sync', 'sync']);
  });

  it('of a deleted channel does not begin, and takes its Schedule away', async () => {
    await withAccount(pool, merchant.accountId, (db) => deleteChannel(db, merchant.channelId));

    expect(await begin(null)).toBeNull();

    await expect(schedule().describe()).rejects.toThrow(/not found/i);
  });
});
