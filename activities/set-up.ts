import { taskTypes } from '../domain/task.ts';
import { recordSeen, type SeenSchedule } from '../db/channels/schedules.ts';
import { requireOwnAccount } from '../db/accounts/accounts.ts';
import { insertPortal, markScheduled } from '../db/channels/channels.ts';
import { markConnectionSetUp, requireConnection } from '../db/accounts/connections.ts';
import { insertSupplier } from '../db/accounts/suppliers.ts';
import { readInAccount, withAccount, withSystem } from '../db/engine/with-account.ts';
import { rhythmAgain, taskSchedule } from '../workflows/schedules.ts';
import type { Deps } from './deps.ts';
import { ownerOfChannel } from './owners.ts';
import { copyOwnBrand } from './paper/brand-copy.ts';
import { createScheduleOnce } from '../temporal/schedule.ts';

export function createSetUpActivities(deps: Deps) {
  const { pool, client, queues, crashPoint } = deps;
  const partiesOf = (connectionId: string) => withSystem(pool, (db) => requireConnection(db, connectionId));

  return {
    /** The merchant gets a supplier entry and a warehouse, the supplier a portal, each named after the other side. Idempotent. */
    async setUpConnection({ connectionId }: { connectionId: string }): Promise<{ channelId: string }> {
      const { merchantAccountId, supplierAccountId } = await partiesOf(connectionId);
      const merchant = await readInAccount(pool, merchantAccountId, (db) => requireOwnAccount(db));
      const supplier = await readInAccount(pool, supplierAccountId, (db) => requireOwnAccount(db));
      await withAccount(pool, merchantAccountId, (db) => insertSupplier(db, { connectionId, name: supplier.name }));
      const channelId = await withAccount(pool, supplierAccountId, (db) =>
        insertPortal(db, { connectionId, name: merchant.name }),
      );
      return { channelId };
    },

    /** The supplier also gets the merchant's brand. It comes last: where its bytes are not to be had, orders go on. */
    async confirmConnectionSetUp({ connectionId }: { connectionId: string }): Promise<void> {
      const { merchantAccountId, supplierAccountId } = await partiesOf(connectionId);
      await copyOwnBrand(deps, merchantAccountId, supplierAccountId);
      await withAccount(pool, merchantAccountId, (db) => markConnectionSetUp(db, connectionId));
    },

    /** Makes the Schedules of a channel. Those that exist stay as they are. */
    async ensureSchedules({ channelId }: { channelId: string }): Promise<void> {
      const accountId = await ownerOfChannel(pool, channelId);
      const made: SeenSchedule[] = [];
      for (const task of taskTypes) {
        const rhythm = rhythmAgain(task, undefined);
        const isNew = await createScheduleOnce(client, taskSchedule(task, channelId, { ...rhythm, accountId, queues }));
        if (isNew) made.push({ channelId, task, ...rhythm });
      }
      crashPoint('schedule.created');
      await withAccount(pool, accountId, async (db) => {
        await recordSeen(db, made);
        await markScheduled(db, channelId);
      });
    },
  };
}
