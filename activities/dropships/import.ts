import { assertConnectionCarries } from '../../domain/connection.ts';
import type { StateLine } from '../../domain/dropships/state.ts';
import type { RecoveredState } from '../../domain/dropships/recovery.ts';
import { isLive } from '../../domain/dropships/dropship.ts';
import { DomainError } from '../../domain/errors.ts';
import { intervalOfMs } from '../../domain/intervals.ts';
import type { TaskType } from '../../domain/task.ts';
import { closeWithEvent } from '../../db/attentions.ts';
import { findPortal } from '../../db/channels/channels.ts';
import { cancelDropship, claimImport, confirmStarted, markImported } from '../../db/dropships/dropships.ts';
import { findReceivedOrder } from '../../db/orders/orders.ts';
import { storeOrder } from '../../db/orders/store-order.ts';
import { listReservedVersions, markReserved } from '../../db/stock/of-orders.ts';
import { findLinkedToLines } from '../../db/catalogue/listings.ts';
import { ensureMirrorProducts } from '../../db/catalogue/mirror-products.ts';
import { readInAccount, withAccount } from '../../db/engine/with-account.ts';
import { workflowIds } from '../../workflows/names.ts';
import type { RemoteOrder } from '../channels/channel.ts';
import type { Deps } from '../deps.ts';
import { toIncomingOrder } from '../tasks/incoming-order.ts';
import { withChannel } from '../open-channel.ts';
import { partiesOf, type Parties } from '../owners.ts';
import { describeSchedule } from '../../temporal/schedule.ts';
import { finishNotes, recoverState } from './recovery.ts';
import { startNewDropships } from './start.ts';

type DropshipId = { dropshipId: string };
/**
 * `released`: the portal's Import Orders is instant, so the dropship does not wait for it. `ended`: the dropship's row
 * has ended; Temporal had forgotten the closed workflow and started it again. `recovered`: the recovered state, if the
 * supplier has the order.
 */
type Opened = { released: boolean; ended: boolean; recovered?: RecoveredState };

export function createDropshipActivities(deps: Deps) {
  const { pool, crashPoint } = deps;

  return {
    openDropship: ({ dropshipId }: DropshipId) => openDropship(deps, dropshipId),

    /**
     * Makes the supplier's order of a dropship: reads as the merchant, writes as the supplier, then records the import
     * at the merchant. Each part is idempotent. @returns `lines: null` while the connection is paused
     */
    async importDropship({ dropshipId }: DropshipId): Promise<{ lines: StateLine[] | null }> {
      const parties = await partiesOf(pool, dropshipId);
      // An import that has reached the supplier is finished even if the connection is not active any more.
      const received = await readInAccount(pool, parties.supplierId, (db) => findReceivedOrder(db, dropshipId));
      if (received === undefined) {
        if (parties.connection.status === 'paused') return { lines: null };
        assertConnectionCarries(parties.connection.status);
      }
      const channelId = await portalOf(deps, parties);
      await withAccount(pool, parties.merchantId, (db) => claimImport(db, parties.dropship));
      const remote = await withChannel(deps, { accountId: parties.supplierId, channelId }, (portal) =>
        portal.getOrder(dropshipId),
      );
      crashPoint('copy.read-done');
      const stored = await storeAsSupplier(deps, { parties, channelId, remote });
      crashPoint('supplier-order.committed');
      await startNewDropships(deps, parties.supplierId, stored.dropshipIds);
      const reserved = await readInAccount(pool, parties.supplierId, (db) => listReservedVersions(db, [dropshipId]));
      await withAccount(pool, parties.merchantId, async (db) => {
        await markImported(db, dropshipId, stored.orderId);
        await markReserved(db, reserved);
      });
      return { lines: remote.lines.map(toStateLine) };
    },

    /**
     * Takes an order back before the supplier has it; its units await fulfillment again.
     * @throws DomainError `dropship_transition_refused` when the supplier has it: an import whose answer was lost looks
     *   like a failed import
     */
    async cancelDropship({ dropshipId }: DropshipId): Promise<void> {
      const { merchantId, supplierId } = await partiesOf(pool, dropshipId);
      await assertNotReceived(deps, supplierId, dropshipId);
      await withAccount(pool, merchantId, (db) => cancelDropship(db, dropshipId, { kind: 'merchant', id: merchantId }));
    },
  };
}

/** Records that the workflow has started, for the sweep, and closes an attention that an earlier run left open. */
async function openDropship(deps: Deps, dropshipId: string): Promise<Opened> {
  const parties = await partiesOf(deps.pool, dropshipId);
  const workflowId = workflowIds.dropship(dropshipId);
  await withAccount(deps.pool, parties.merchantId, async (db) => {
    await confirmStarted(db, [dropshipId]);
    await closeWithEvent(db, { workflowId, action: 'retry', actor: { kind: 'system', id: workflowId } });
  });
  const { status } = parties.dropship;
  if (!isLive(status)) return { released: false, ended: true };
  if (status === 'requested') return { released: await isInstant(deps, parties, 'import_orders'), ended: false };
  await finishNotes(deps, parties);
  return { released: true, ended: false, recovered: await recoverState(deps, parties) };
}

const toStateLine = (line: RemoteOrder['lines'][number]): StateLine => ({
  lineId: line.remoteLineId,
  quantity: line.ordered,
  shipped: 0,
  cancelled: 0,
});

/** @throws DomainError `dropship_transition_refused` when the supplier has the order already */
export async function assertNotReceived({ pool }: Deps, supplierId: string, dropshipId: string): Promise<void> {
  const received = await readInAccount(pool, supplierId, (db) => findReceivedOrder(db, dropshipId));
  if (received === undefined) return;
  throw new DomainError('dropship_transition_refused', 'The supplier has the order already.');
}

/** Whether the task is instant on the supplier's portal. */
export async function isInstant(
  { client, pool }: Deps,
  { supplierId, connection }: Parties,
  task: TaskType,
): Promise<boolean> {
  if (connection.status !== 'active') return false;
  const portal = await readInAccount(pool, supplierId, (db) => findPortal(db, connection.id));
  if (!portal) return false;
  const schedule = await describeSchedule(client, { task, channelId: portal.id });
  return schedule !== null && !schedule.paused && intervalOfMs(schedule.everyMs) === 'instant';
}

/** The portal is made when the connection is set up. Until then this fails and the import is retried. */
async function portalOf({ pool }: Deps, { supplierId, connection }: Parties): Promise<string> {
  const portal = await readInAccount(pool, supplierId, (db) => findPortal(db, connection.id));
  if (!portal) throw new Error('The connection is not set up yet.');
  return portal.id;
}

function storeAsSupplier({ pool }: Deps, facts: { parties: Parties; channelId: string; remote: RemoteOrder }) {
  const { parties, channelId, remote } = facts;
  const { origin } = remote;
  if (!origin) throw new DomainError('dropship_not_found', 'A portal gives orders with their origin.');
  return withAccount(pool, parties.supplierId, async (db) => {
    const linked = await findLinkedToLines(db, channelId, remote.lines);
    const unlinked = remote.lines.filter((_line, index) => linked[index] === null);
    await ensureMirrorProducts(db, channelId, unlinked);
    return storeOrder(db, {
      channelId,
      order: toIncomingOrder(remote),
      origin,
      actor: { kind: 'merchant', id: parties.merchantId },
    });
  });
}
