import { ApplicationFailure } from '@temporalio/common';
import { cancelled, sleep } from '@temporalio/activity';
import { DatabaseError } from '../db/database-error.ts';
import { awaitOrder, listAwaited, readCursor, saveCursor, stopAwaiting } from '../db/channel-cursors.ts';
import { countImported, listDropshipStarts } from '../db/dropships.ts';
import { listOpenWebhooks, markWebhooksProcessed } from '../db/inbound-webhooks.ts';
import { takeIn } from '../db/order-intake.ts';
import type { Pool } from '../db/pool.ts';
import { withAccount } from '../db/with-account.ts';
import { DomainError } from '../domain/errors.ts';
import { addCounts, noCounts, type TaskCounts, type TaskFailure } from '../domain/task.ts';
import { ChannelError, type Channel, type RemoteOrder } from './channels/channel.ts';
import type { Deps } from './deps.ts';
import { toIncomingOrder } from './incoming-order.ts';
import { withChannel } from './open-channel.ts';
import { ownerOfChannel, partiesOf } from './owners.ts';
import { releaseDropship, startDropships } from './starts.ts';

/** What one page did; `released`: dropships told to go on. `next`: where the run goes on, remote ids only. */
export type OrderPage = {
  counts: TaskCounts;
  failures: TaskFailure[];
  released: string[];
  more: boolean;
  next: string | null;
};
type PageInput = { channelId: string; after: string | null };
type Place = { accountId: string; channelId: string };

const pageSize = 50;
const task = 'import_orders';

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

/** The orders that webhooks named, fetched anew: a webhook is a hint, the shop's answer is the truth. */
async function importNamedOrders(deps: Deps, { channelId }: { channelId: string }): Promise<OrderPage> {
  const { pool } = deps;
  const place = await placeOf(pool, channelId);
  const webhooks = await withAccount(pool, place.accountId, (db) =>
    listOpenWebhooks(db, { channelId, task, limit: pageSize }),
  );
  const remoteIds = [...new Set(webhooks.flatMap((webhook) => webhook.remoteOrderIds))];
  const page = remoteIds.length > 0 ? await fetchEach(deps, place, remoteIds) : emptyPage();
  await withAccount(pool, place.accountId, (db) => markWebhooksProcessed(db, webhooks.map((webhook) => webhook.id))); // prettier-ignore
  return { ...page, more: webhooks.length === pageSize };
}

/** The next page of what is new; the cursor moves when every item is stored or noted as failing. */
async function importOrderPage(deps: Deps, { channelId, after }: PageInput): Promise<OrderPage> {
  const { pool, crashPoint } = deps;
  const place = await placeOf(pool, channelId);
  return withChannel(deps, place, async (channel) => {
    if (channel.traits.orders === 'released') return releasePage(deps, channel, after);
    const cursor = await withAccount(pool, place.accountId, (db) => readCursor(db, channelId, task));
    const { items, next, more } = await channel.importOrders(cursor);
    const page = await storeEach(deps, place, items);
    crashPoint('import.mid-page');
    await withAccount(pool, place.accountId, (db) => saveCursor(db, { channelId, task }, next));
    return { ...page, more };
  });
}

/** Orders that were not paid when they were seen: "updated since" cursors miss the payment. */
async function importAwaitedOrders(deps: Deps, { channelId, after }: PageInput): Promise<OrderPage> {
  const { pool } = deps;
  const place = await placeOf(pool, channelId);
  const remoteIds = await withAccount(pool, place.accountId, (db) =>
    listAwaited(db, channelId, { after: after ?? '', limit: pageSize }),
  );
  if (remoteIds.length === 0) return emptyPage();
  const { counts, ...page } = await fetchEach(deps, place, remoteIds);
  // Orders that wait were counted when they were first seen.
  return {
    ...page,
    counts: { ...counts, seen: counts.seen - counts.waiting, waiting: 0 },
    more: remoteIds.length === pageSize,
    next: remoteIds.at(-1) ?? null,
  };
}

/** Waits briefly for the released dropships, so that the task counts what was really imported. */
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
    const created = await withAccount(pool, merchantId, (db) => countImported(db, dropshipIds));
    if (created === dropshipIds.length || deps.now().getTime() > deadline) {
      return { counts: { ...noCounts(), created, waiting: dropshipIds.length - created }, failures: [] };
    }
    await Promise.race([sleep(100), cancelled()]);
  }
}

const briefWaitMs = 20_000;

const emptyPage = (): OrderPage => ({ counts: noCounts(), failures: [], released: [], more: false, next: null });

/** A portal's orders are waiting workflows: they are told to go on, and import themselves. */
async function releasePage(deps: Deps, channel: Channel, after: string | null): Promise<OrderPage> {
  const { items, next, more } = await channel.importOrders(after);
  const released = items.map((item) => item.remoteId);
  if (released.length === 0) return emptyPage();
  const { merchantId } = await partiesOf(deps.pool, released[0]!);
  const starts = await withAccount(deps.pool, merchantId, (db) => listDropshipStarts(db, released));
  await Promise.all(starts.map((start) => releaseDropship(deps, start)));
  return { counts: { ...noCounts(), seen: released.length }, failures: [], released, more, next };
}

async function fetchEach(deps: Deps, place: Place, remoteIds: readonly string[]): Promise<OrderPage> {
  return withChannel(deps, place, async (channel) => {
    const page = emptyPage();
    for (const remoteId of remoteIds) {
      const one = await itemOutcome(remoteId, async () => storeOne(deps, place, await channel.getOrder(remoteId)));
      if (one.gone) await withAccount(deps.pool, place.accountId, (db) => stopAwaiting(db, place.channelId, remoteId));
      add(page, remoteId, one);
    }
    return page;
  });
}

async function storeEach(deps: Deps, place: Place, orders: readonly RemoteOrder[]): Promise<OrderPage> {
  const page = emptyPage();
  for (const order of orders)
    add(page, order.remoteId, await itemOutcome(order.remoteId, () => storeOne(deps, place, order)));
  return page;
}

type Outcome = { counts: Partial<TaskCounts>; code?: string; gone?: boolean };

function add(page: OrderPage, item: string, { counts, code }: Outcome): void {
  page.counts = addCounts(page.counts, { seen: 1, ...counts });
  if (code !== undefined) page.failures.push({ item, code });
}

/** One bad item never stops the others; a channel or database that does not answer stops them all. */
async function itemOutcome(remoteId: string, work: () => Promise<Partial<TaskCounts>>): Promise<Outcome> {
  try {
    return { counts: await work() };
  } catch (error) {
    if (error instanceof ChannelError && error.fault.kind === 'gone') return { counts: { unchanged: 1 }, gone: true };
    if (error instanceof ChannelError && error.fault.kind === 'invalid')
      return { counts: { failed: 1 }, code: 'channel_refused' };
    if (error instanceof DomainError) return { counts: { failed: 1 }, code: error.code };
    if (error instanceof DatabaseError && !error.isAway) return { counts: { failed: 1 }, code: 'unexpected' };
    throw error instanceof ChannelError || error instanceof DatabaseError
      ? error
      : ApplicationFailure.fromError(error, { type: 'unexpected', message: `Order ${remoteId}: unexpected error.` });
  }
}

async function storeOne(deps: Deps, { accountId, channelId }: Place, order: RemoteOrder): Promise<Partial<TaskCounts>> {
  const { pool } = deps;
  if (order.state === 'waiting') {
    await withAccount(pool, accountId, (db) => awaitOrder(db, channelId, order.remoteId));
    return { waiting: 1 };
  }
  if (order.state === 'cancelled') {
    await withAccount(pool, accountId, (db) => stopAwaiting(db, channelId, order.remoteId));
    return { unchanged: 1 };
  }
  const incoming = toIncomingOrder(order);
  const intake = await withAccount(pool, accountId, async (db) => {
    await stopAwaiting(db, channelId, order.remoteId);
    const taken = await takeIn(db, { channelId, order: incoming, actor: { kind: 'channel', id: channelId } });
    deps.crashPoint('intake.before-commit');
    return taken;
  });
  deps.crashPoint('intake.committed');
  await startDropships(deps, accountId, intake.dropshipIds);
  deps.crashPoint('intake.started');
  return intake.isNew ? { created: 1 } : { unchanged: 1 };
}
