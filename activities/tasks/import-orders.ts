import { isGrpcServiceError } from '@temporalio/client';
import { TemporalFailure } from '@temporalio/common';
import { cancelled, sleep } from '@temporalio/activity';
import { DatabaseError } from '../../db/engine/database-error.ts';
import {
  awaitOrder,
  giveUpAwaited,
  listAwaited,
  readCursor,
  saveCursor,
  stopAwaiting,
} from '../../db/channels/cursors.ts';
import { countImported } from '../../db/dropships/dropships.ts';
import { listOpenWebhooks, markWebhooksProcessed } from '../../db/channels/inbound-webhooks.ts';
import { forgetEdit, noteEdit } from '../../db/orders/edits.ts';
import { noteShopCancel } from '../../db/orders/shop-cancels.ts';
import { noteRefund } from '../../db/orders/refunds.ts';
import { storeOrder } from '../../db/orders/store-order.ts';
import type { Pool } from '../../db/engine/pool.ts';
import { readInAccount, withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { abilitiesOf } from '../../domain/channel.ts';
import { DomainError } from '../../domain/errors.ts';
import { shipsByItself } from '../../domain/orders/order.ts';
import { addCounts, noCounts, type TaskCounts } from '../../domain/task.ts';
import { ChannelError, unitsWanted, type RemoteOrder } from '../channels/channel.ts';
import type { Deps } from '../deps.ts';
import { leftInShop, toIncomingOrder } from './incoming-order.ts';
import { withChannel } from '../open-channel.ts';
import { ownerOfChannel, partiesOf } from '../owners.ts';
import { startNewDropships, startPushes } from '../dropships/start.ts';
import { emptyPage, type OrderPage } from './order-page.ts';
import { hasChangedInShop, storeTogether } from './store-together.ts';
import { rereadOrders } from './reread-orders.ts';
import { importReleased } from './import-released.ts';

type PageInput = { channelId: string; after: string | null };
type Place = { accountId: string; channelId: string };

const pageSize = 50;
const task = 'import_orders';
/** A page of single look-ups ends well before its activity's time-out, so that a slow shop makes progress too. */
const lookUpMs = 20_000;

export const createImportOrderActivities = (deps: Deps) => ({
  importNamedOrders: (input: { channelId: string }) => importNamedOrders(deps, input),
  importOrderPage: (input: PageInput) => importOrderPage(deps, input),
  importAwaitedOrders: (input: PageInput) => importAwaitedOrders(deps, input),
  awaitImported: (input: { channelId: string; dropshipIds: string[] }) => awaitImported(deps, input),
});

const placeOf = async (pool: Pool, channelId: string): Promise<Place> => ({
  accountId: await ownerOfChannel(pool, channelId),
  channelId,
});

/** Fetches the orders that webhooks name. A webhook's own content is not trusted. */
async function importNamedOrders(deps: Deps, { channelId }: { channelId: string }): Promise<OrderPage> {
  const { pool } = deps;
  const place = await placeOf(pool, channelId);
  const webhooks = await readInAccount(pool, place.accountId, (db) =>
    listOpenWebhooks(db, { channelId, task, limit: pageSize }),
  );
  const remoteIds = [...new Set(webhooks.flatMap((webhook) => webhook.remoteOrderIds))];
  const { asked, page } = await fetchEach(deps, place, remoteIds);
  await withAccount(pool, place.accountId, async (db) => {
    for (const remoteId of remoteIds.slice(asked)) await awaitOrder(db, channelId, remoteId);
    await markWebhooksProcessed(
      db,
      webhooks.map((webhook) => webhook.id),
    );
  });
  return { ...page, more: webhooks.length === pageSize };
}

/** The next page of new orders. The cursor moves once each order is stored or recorded as failing. */
async function importOrderPage(deps: Deps, { channelId, after }: PageInput): Promise<OrderPage> {
  const { pool, crashPoint } = deps;
  const place = await placeOf(pool, channelId);
  return withChannel(deps, place, async (channel) => {
    if (abilitiesOf(channel.kind).orders === 'released') return importReleased(deps, channel, after);
    const cursor = await readInAccount(pool, place.accountId, (db) => readCursor(db, channelId, task));
    const { items, next, more } = await channel.importOrders(cursor);
    const page = await storeEach(deps, place, items);
    crashPoint('import.mid-page');
    await withAccount(pool, place.accountId, (db) => saveCursor(db, { channelId, task }, next));
    if (more) return { ...page, more };
    const store = (orders: readonly RemoteOrder[]) => storeEach(deps, place, orders);
    const again = await rereadOrders(deps, { ...place, channel, store });
    return {
      ...page,
      counts: addCounts(page.counts, again.counts),
      failures: [...page.failures, ...again.failures],
      more,
    };
  });
}

/** Orders that were not paid when they were first read. A cursor by time of change would miss the payment. */
async function importAwaitedOrders(deps: Deps, { channelId, after }: PageInput): Promise<OrderPage> {
  const { pool } = deps;
  const place = await placeOf(pool, channelId);
  const remoteIds = await withAccount(pool, place.accountId, async (db) => {
    await giveUpAwaited(db, channelId);
    return listAwaited(db, channelId, { after: after ?? '', limit: pageSize });
  });
  const { asked, page } = await fetchEach(deps, place, remoteIds);
  const { counts } = page;
  // Waiting orders were counted when they were first read.
  return {
    ...page,
    counts: { ...counts, seen: counts.seen - counts.waiting, waiting: 0 },
    more: asked < remoteIds.length || remoteIds.length === pageSize,
    next: remoteIds[asked - 1] ?? null,
  };
}

/** Waits briefly for the released dropships, so that the task counts real imports. */
async function awaitImported(
  deps: Deps,
  {
    dropshipIds,
  }: {
    channelId: string;
    dropshipIds: string[];
  },
): Promise<Pick<OrderPage, 'counts' | 'failures'>> {
  const { pool } = deps;
  const { merchantId } = await partiesOf(pool, dropshipIds[0]!);
  const deadline = deps.now().getTime() + briefWaitMs;
  for (;;) {
    const created = await readInAccount(pool, merchantId, (db) => countImported(db, dropshipIds));
    if (created === dropshipIds.length || deps.now().getTime() > deadline) {
      return { counts: { ...noCounts(), created, waiting: dropshipIds.length - created }, failures: [] };
    }
    await Promise.race([sleep(100), cancelled()]);
  }
}

const briefWaitMs = 20_000;

/** Asks for orders one by one. @returns `asked`: how many were asked for; fewer than given if the shop is slow, at least 1 */
async function fetchEach(
  deps: Deps,
  place: Place,
  remoteIds: readonly string[],
): Promise<{ asked: number; page: OrderPage }> {
  const page = emptyPage();
  if (remoteIds.length === 0) return { asked: 0, page };
  const deadline = deps.now().getTime() + lookUpMs;
  return withChannel(deps, place, async (channel) => {
    let asked = 0;
    for (const remoteId of remoteIds) {
      if (asked > 0 && deps.now().getTime() > deadline) break;
      const outcome = await itemOutcome(deps, { place, remoteId }, () => channel.getOrder(remoteId));
      await startMade(deps, place, outcome.dropshipIds ?? []);
      add(page, remoteId, outcome);
      asked += 1;
    }
    return { asked, page };
  });
}

async function storeEach(deps: Deps, place: Place, orders: readonly RemoteOrder[]): Promise<OrderPage> {
  const page = emptyPage();
  const together = await storeTogether(deps, place, orders);
  const made = [...together.values()].flat();
  try {
    for (const order of orders) {
      const { remoteId } = order;
      // A shop may list an order twice.
      if (together.delete(remoteId)) {
        add(page, remoteId, { counts: { created: 1 } });
        continue;
      }
      const outcome = await itemOutcome(deps, { place, remoteId }, async () => order);
      made.push(...(outcome.dropshipIds ?? []));
      add(page, remoteId, outcome);
    }
  } finally {
    // Also where an outage stops the page: the next try finds these orders stored.
    await startMade(deps, place, made);
  }
  return page;
}

/** A crash before it leaves them to the sweep (law 1). */
async function startMade(deps: Deps, { accountId }: Place, dropshipIds: readonly string[]): Promise<void> {
  if (dropshipIds.length === 0) return;
  await startNewDropships(deps, accountId, dropshipIds);
  deps.crashPoint('store-order.started');
}

/** `dropshipIds`: of the dropships to start. */
type Outcome = { counts: Partial<TaskCounts>; code?: string; dropshipIds?: string[] };

function add(page: OrderPage, item: string, { counts, code }: Outcome): void {
  page.counts = addCounts(page.counts, { seen: 1, ...counts });
  if (code !== undefined) page.failures.push({ item, code });
}

/**
 * A bad item does not stop the others. An outage of the channel or of Postgres stops them all. An order that could not be
 * stored joins the awaited orders, since neither the cursor nor its webhook comes back to it.
 */
async function itemOutcome(
  deps: Deps,
  { place, remoteId }: { place: Place; remoteId: string },
  read: () => Promise<RemoteOrder>,
): Promise<Outcome> {
  const { accountId, channelId } = place;
  try {
    return await storeOne(deps, place, await read());
  } catch (error) {
    if (stopsAll(error)) throw error;
    if (error instanceof ChannelError) {
      if (error.fault.kind !== 'gone') return { counts: { failed: 1 }, code: 'channel_refused' };
      await withAccount(deps.pool, accountId, (db) => stopAwaiting(db, channelId, [remoteId]));
      return { counts: { unchanged: 1 } };
    }
    const code = error instanceof DomainError ? error.code : 'unexpected';
    // Only the error's name: its message may quote the order.
    if (code === 'unexpected') deps.log.error({ remoteId, cause: (error as Error).name }, 'order not stored');
    await withAccount(deps.pool, accountId, (db) => awaitOrder(db, channelId, remoteId));
    return { counts: { failed: 1 }, code };
  }
}

/**
 * Whether an error says nothing about the item itself, so that the whole page is retried. `gone` of the channel is such
 * an error: the shop is missing, not its order.
 */
export function stopsAll(error: unknown): boolean {
  if (error instanceof ChannelError) {
    const { fault } = error;
    if (fault.kind === 'gone') return fault.what !== 'order';
    return fault.kind !== 'invalid' && fault.kind !== 'held';
  }
  if (error instanceof DatabaseError) return error.isPassing;
  if (error instanceof TemporalFailure || (error as Error).name === 'AbortError') return true;
  return isGrpcServiceError(error) || isGrpcServiceError((error as Error).cause);
}

type ChannelActor = { kind: 'channel'; id: string };

/** Cancels and refunds of an order in its shop. They change no units here. */
async function noteInShop(db: AccountDb, order: RemoteOrder, actor: ChannelActor): Promise<void> {
  const place = { channelId: actor.id, remoteId: order.remoteId, actor };
  await noteShopCancel(db, { ...place, left: leftInShop(unitsWanted(order)) });
  await noteRefund(db, { ...place, refundedMinor: order.refundedMinor });
}

async function storeOne(deps: Deps, { accountId, channelId }: Place, order: RemoteOrder): Promise<Outcome> {
  const { pool } = deps;
  const actor = { kind: 'channel', id: channelId } as const;
  if (order.state === 'waiting') {
    await withAccount(pool, accountId, (db) => awaitOrder(db, channelId, order.remoteId));
    return { counts: { waiting: 1 } };
  }
  if (order.state === 'cancelled') {
    await withAccount(pool, accountId, async (db) => {
      await stopAwaiting(db, channelId, [order.remoteId]);
      await forgetEdit(db, { channelId, remoteId: order.remoteId, actor });
      await noteInShop(db, order, actor);
    });
    return { counts: { unchanged: 1 } };
  }
  const incoming = toIncomingOrder(order);
  const stored = await withAccount(pool, accountId, async (db) => {
    await stopAwaiting(db, channelId, [order.remoteId]);
    const stored = await storeOrder(db, { channelId, order: incoming, actor });
    const { orderId, isNew } = stored;
    const isEdited = !isNew && (await noteEdit(db, { orderId, order: incoming, actor, at: deps.now() })).isNew;
    if (!isNew || hasChangedInShop(order)) await noteInShop(db, order, actor);
    deps.crashPoint('store-order.before-commit');
    return { ...stored, isEdited };
  });
  deps.crashPoint('store-order.committed');
  const { orderId, isNew, isEdited, dropshipIds } = stored;
  if (isNew && shipsByItself(incoming)) await startPushes(deps, accountId, orderId);
  if (isNew) return { counts: { created: 1 }, dropshipIds };
  return { counts: isEdited ? { updated: 1 } : { unchanged: 1 } };
}
