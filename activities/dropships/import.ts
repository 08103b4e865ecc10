import { assertConnectionCarries } from '../../domain/connection.ts';
import type { StateLine } from '../../domain/dropships/state.ts';
import type { RecoveredState } from '../../domain/dropships/recovery.ts';
import { isLive } from '../../domain/dropships/dropship.ts';
import { DomainError } from '../../domain/errors.ts';
import { runsInstantly } from '../../domain/intervals.ts';
import type { TaskType } from '../../domain/task.ts';
import { closeWithEvent } from '../../db/attentions.ts';
import { findPortal } from '../../db/channels/channels.ts';
import { requireConnection, type Connection } from '../../db/accounts/connections.ts';
import { cancelDropship, confirmStarted, requireDropship, type Dropship } from '../../db/dropships/dropships.ts';
import { assertUnclaimed, claimImport, freeOldClaim, markImported, noteSignalled } from '../../db/dropships/imports.ts';
import { findReceivedOrder, lockOrder } from '../../db/orders/orders.ts';
import { storeOrders, type Origin, type StoredIncoming } from '../../db/orders/store-order.ts';
import { listReservedVersions, markReserved } from '../../db/stock/of-orders.ts';
import { findLinkedToLines } from '../../db/catalogue/sku-meanings.ts';
import { ensureMirrorProducts } from '../../db/catalogue/mirror-products.ts';
import { readInAccount, withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { workflowIds } from '../../workflows/names.ts';
import { ChannelError, type RemoteOrder } from '../channels/channel.ts';
import type { Deps } from '../deps.ts';
import { toIncomingOrder } from '../tasks/incoming-order.ts';
import { readCrossing } from '../channels/portal/portal.ts';
import { toFailure } from '../failures.ts';
import { endsOf, partiesOf, type Parties } from '../owners.ts';
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
  const { pool } = deps;

  return {
    openDropship: ({ dropshipId }: DropshipId) => openDropship(deps, dropshipId),

    importDropship: ({ dropshipId }: DropshipId) => importDropship(deps, dropshipId),

    /** Finishes an import that has reached the supplier. @returns `lines: null` where the supplier has nothing */
    async finishImport({ dropshipId }: DropshipId): Promise<{ lines: StateLine[] | null }> {
      const { supplierId } = await endsOf(pool, dropshipId);
      const received = await readInAccount(pool, supplierId, (db) => findReceivedOrder(db, dropshipId));
      return received === undefined ? { lines: null } : importDropship(deps, dropshipId);
    },

    /**
     * Takes an order back before the supplier has it; its units await fulfillment again.
     * @throws DomainError `dropship_transition_refused` when the supplier has it: an import whose answer was lost looks
     *   like a failed import
     */
    async cancelDropship({ dropshipId }: DropshipId): Promise<void> {
      const { orderId, merchantId, supplierId } = await endsOf(pool, dropshipId);
      await assertNotReceived(deps, supplierId, dropshipId);
      await withAccount(pool, merchantId, async (db) => {
        await lockOrder(db, orderId);
        await assertUnclaimed(db, dropshipId);
        await cancelDropship(db, dropshipId, { kind: 'merchant', id: merchantId });
      });
    },
  };
}

/**
 * Makes the supplier's order of a dropship: reads as the merchant, writes as the supplier, then records the import at the
 * merchant. Each part is idempotent. @returns `lines: null` while the connection is paused
 */
async function importDropship(deps: Deps, dropshipId: string): Promise<{ lines: StateLine[] | null }> {
  const { pool, crashPoint } = deps;
  const { merchantId, supplierId } = await endsOf(pool, dropshipId);
  const claimed = await withAccount(pool, merchantId, (db) => claimActive(db, dropshipId));
  const remote = claimed.remote ?? (await claimReceived(deps, { ...claimed, dropshipId, merchantId, supplierId }));
  if (remote === null) return { lines: null };
  crashPoint('copy.read-done');
  const connectionId = claimed.connection.id;
  const { stored, reserved } = await storeAsSupplier(deps, { connectionId, merchantId, supplierId, remotes: [remote] });
  crashPoint('supplier-order.committed');
  await startNewDropships(deps, supplierId, stored.flatMap((one) => one.dropshipIds)); // prettier-ignore
  await withAccount(pool, merchantId, async (db) => {
    await markImported(db, [{ dropshipId, orderId: stored[0]!.orderId }]);
    await markReserved(db, reserved);
    await noteSignalled(db, [dropshipId]);
  });
  return { lines: toStateLines(remote) };
}

type Claimed = { connection: Connection; remote: RemoteOrder | null };

/** Over an active connection the import begins at once. */
async function claimActive(db: AccountDb, dropshipId: string): Promise<Claimed> {
  const dropship = await requireDropship(db, dropshipId);
  const connection = await requireConnection(db, dropship.connectionId);
  return { connection, remote: connection.status === 'active' ? await claim(db, dropship) : null };
}

/** An import that has reached the supplier is finished even if the connection is not active any more. */
async function claimReceived(
  { pool }: Deps,
  of: { connection: Connection; dropshipId: string; merchantId: string; supplierId: string },
): Promise<RemoteOrder | null> {
  const { connection, dropshipId, merchantId, supplierId } = of;
  const received = await readInAccount(pool, supplierId, (db) => findReceivedOrder(db, dropshipId));
  if (received === undefined) {
    await withAccount(pool, merchantId, async (db) => freeOldClaim(db, await requireDropship(db, dropshipId)));
    if (connection.status === 'paused') return null;
    assertConnectionCarries(connection.status);
  }
  return withAccount(pool, merchantId, async (db) => claim(db, await requireDropship(db, dropshipId)));
}

async function claim(db: AccountDb, dropship: Dropship): Promise<RemoteOrder> {
  if (!isLive(dropship.status)) throw toFailure(new ChannelError({ kind: 'gone', what: 'order' }));
  await claimImport(db, dropship);
  return readCrossing(db, dropship.id);
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

export const toStateLines = ({ lines }: RemoteOrder): StateLine[] =>
  lines.map((line) => ({ lineId: line.remoteLineId, quantity: line.ordered, shipped: 0, cancelled: 0 }));

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
  return schedule !== null && runsInstantly(schedule);
}

type ToReceive = { connectionId: string; merchantId: string; supplierId: string; remotes: readonly RemoteOrder[] };
/** `stored`: one for each order; `reserved`: the versions that contain their lines, by the merchant's line ids. */
export type Received = { stored: StoredIncoming[]; reserved: { lineId: string; version: number }[] };

/** Stores orders of one merchant at its supplier. @throws Error until the connection is set up: then it is tried again */
export function storeAsSupplier({ pool }: Deps, received: ToReceive): Promise<Received> {
  const { connectionId, merchantId, supplierId, remotes } = received;
  return withAccount(pool, supplierId, async (db) => {
    const portal = await findPortal(db, connectionId);
    if (!portal) throw new Error('The connection is not set up yet.');
    const lines = remotes.flatMap((remote) => remote.lines);
    const linked = await findLinkedToLines(db, portal.id, lines);
    const unlinked = lines.filter((_line, index) => linked[index] === null);
    if (unlinked.length > 0) await ensureMirrorProducts(db, portal.id, unlinked);
    const stored = await storeOrders(db, {
      channelId: portal.id,
      orders: remotes.map((remote) => ({ order: toIncomingOrder(remote), origin: originOf(remote) })),
      actor: { kind: 'merchant', id: merchantId },
    });
    const dropshipIds = remotes.map(({ remoteId }) => remoteId);
    return { stored, reserved: await listReservedVersions(db, dropshipIds) };
  });
}

function originOf({ origin }: RemoteOrder): Origin {
  if (!origin) throw new DomainError('dropship_not_found', 'A portal gives orders with their origin.');
  return origin;
}
