import { cancelled, sleep } from '@temporalio/activity';
import {
  remainingUnits,
  shareUnits,
  stillToAsk,
  unitsAsked,
  unitsToGo,
  type CancelLeaf,
  type CancelLine,
  type Remaining,
} from '../../domain/orders/cancel.ts';
import { abilitiesOf } from '../../domain/channel.ts';
import { DomainError, isErrorCode } from '../../domain/errors.ts';
import type { ShipmentLine } from '../../domain/shipments/shipment.ts';
import { addCounts, noCounts, type TaskCounts, type TaskFailure } from '../../domain/task.ts';
import { cancelParts, countCancels, lockRemoteLeaves } from '../../db/orders/cancels.ts';
import { readCursor, saveCursor } from '../../db/channels/cursors.ts';
import { storeShopCancel } from '../../db/orders/shop-cancels.ts';
import { leaveUncovered } from '../../db/stock/of-orders.ts';
import { readInAccount, withAccount } from '../../db/engine/with-account.ts';
import type { Cancellation, Channel } from '../channels/channel.ts';
import type { Deps } from '../deps.ts';
import { stopsAll } from './import-orders.ts';
import { leftInShop } from './incoming-order.ts';
import { messages } from '../../temporal/messages.ts';
import { requestCancel } from '../messenger.ts';
import { withChannel } from '../open-channel.ts';
import { ownerOfChannel, partiesOf } from '../owners.ts';
import { startDropships } from '../dropships/start.ts';
import type { CancelOutcome } from '../../workflows/messages.ts';

/** The result of a page. `asked`: dropships that got the message to apply their cancel requests. `next`: an id. */
type CancelPage = {
  counts: TaskCounts;
  failures: TaskFailure[];
  asked: string[];
  more: boolean;
  next: string | null;
};
type PageInput = { channelId: string; after: string | null };
type Place = { accountId: string; channelId: string };

const task = 'cancel_orders';

export const createCancelOrderActivities = (deps: Deps) => ({
  cancelOrderPage: (input: PageInput) => cancelOrderPage(deps, input),
  awaitCancelled: (input: { channelId: string; dropshipIds: string[] }) => awaitCancelled(deps, input),
});

/** The next page of cancels. A shop's cursor moves once each item is done or recorded as failing. */
async function cancelOrderPage(deps: Deps, { channelId, after }: PageInput): Promise<CancelPage> {
  const { pool } = deps;
  const place = { accountId: await ownerOfChannel(pool, channelId), channelId };
  return withChannel(deps, place, async (channel) => {
    if (abilitiesOf(channel.kind).orders === 'released') return applyRequestsPage(deps, channel, after);
    const cursor = await readInAccount(pool, place.accountId, (db) => readCursor(db, channelId, task));
    const { items, next, more } = await channel.listCancelled(cursor);
    const page = await cancelEach(deps, place, items);
    await withAccount(pool, place.accountId, (db) => saveCursor(db, { channelId, task }, next));
    return { ...page, asked: [], more, next: null };
  });
}

/** A portal's cancels are requests that wait in dropship workflows. Each gets a message to apply them now. */
async function applyRequestsPage(
  { client, queues }: Deps,
  channel: Channel,
  after: string | null,
): Promise<CancelPage> {
  const { items, next, more } = await channel.listCancelled(after);
  const asked = items.map((item) => item.remoteOrderId);
  const downstream = messages({ client, queues });
  await Promise.all(asked.map((dropshipId) => downstream.cancelsReleased(dropshipId)));
  return { counts: { ...noCounts(), seen: asked.length }, failures: [], asked, more, next };
}

/**
 * Waits for the cancels as long as their number falls, so that the task counts real cancels. Units that the supplier has
 * dropshipped wait for the next supplier and count as waiting. Units that shipped first count as unchanged.
 */
async function awaitCancelled(
  deps: Deps,
  { dropshipIds }: { channelId: string; dropshipIds: string[] },
): Promise<Pick<CancelPage, 'counts' | 'failures'>> {
  const { merchantId } = await partiesOf(deps.pool, dropshipIds[0]!);
  const began = deps.now().getTime();
  let last = { pending: dropshipIds.length, at: began };
  for (;;) {
    const { pending, cancelled: done } = await readInAccount(deps.pool, merchantId, (db) =>
      countCancels(db, dropshipIds),
    );
    const now = deps.now().getTime();
    if (pending < last.pending) last = { pending, at: now };
    if (pending === 0 || now - last.at > quietMs || now - began > longestWaitMs) {
      const unchanged = dropshipIds.length - pending - done;
      return { counts: { ...noCounts(), cancelled: done, waiting: pending, unchanged }, failures: [] };
    }
    await Promise.race([sleep(100), cancelled()]);
  }
}

const quietMs = 3_000;
const longestWaitMs = 20_000;

type Outcome = { counts: Partial<TaskCounts>; code?: string };
/** `isCancelled`: in-house units are cancelled. `dropshipped`: what to request from suppliers. */
type Begun = { isCancelled: boolean; dropshipped: { dropshipId: string; lines: Remaining[] }[] };

/** A bad item does not stop the others. An outage of Postgres or Temporal stops them all. */
async function cancelEach(
  deps: Deps,
  place: Place,
  items: readonly Cancellation[],
): Promise<Pick<CancelPage, 'counts' | 'failures'>> {
  const begun: (Begun | Outcome)[] = [];
  for (const item of items) begun.push(await orFailure(deps, item, () => cancelOwn(deps, place, item)));
  // In parallel, so that slow dropships do not add up.
  const finish = async (one: Begun | Outcome, index: number) =>
    'dropshipped' in one
      ? orFailure(deps, items[index]!, () => askAll(deps, place, { item: items[index]!, begun: one }))
      : one;
  const outcomes: Outcome[] = await Promise.all(begun.map(finish));
  return {
    counts: outcomes.reduce((sum, { counts }) => addCounts(sum, counts), { ...noCounts(), seen: items.length }),
    failures: outcomes.flatMap(({ code }, index) =>
      code === undefined ? [] : [{ item: items[index]!.remoteOrderId, code }],
    ),
  };
}

async function orFailure<T>(deps: Deps, item: Cancellation, work: () => Promise<T>): Promise<T | Outcome> {
  try {
    return await work();
  } catch (error) {
    if (stopsAll(error)) throw error;
    const code = error instanceof DomainError ? error.code : 'unexpected';
    // Only the error's name: its message may quote the order.
    if (code === 'unexpected')
      deps.log.error({ remoteId: item.remoteOrderId, cause: (error as Error).name }, 'cancel not done');
    return { counts: { failed: 1 }, code };
  }
}

/**
 * Cancels the in-house units of an order that was cancelled in the shop. The shop says what it still wants, so this is idempotent.
 * An order that is not here is ignored, and shipped units stay shipped. The shop already sells all the cancelled units
 * again, also those we cannot cancel, so their stock is written to it again.
 */
const cancelOwn = ({ pool }: Deps, { accountId, channelId }: Place, item: Cancellation): Promise<Begun> =>
  withAccount(pool, accountId, async (db) => {
    const leaves = await lockRemoteLeaves(db, channelId, item.remoteOrderId);
    const left = leftInShop(item.left);
    const toGo = unitsToGo(leaves, left);
    const sellsAgain = leaves.flatMap(({ lines }) => lines).filter(({ key }) => (toGo.get(key) ?? 0) > 0);
    await leaveUncovered(
      db,
      sellsAgain.map(({ lineId }) => lineId),
    );
    const parts = shareUnits(leaves, toGo, stillToAsk);
    const leafOf = (orderId: string) => leaves.find((leaf) => leaf.orderId === orderId)!;
    const own = parts.filter(({ orderId }) => leafOf(orderId).dropshipId === null);
    const actor = { kind: 'channel', id: channelId } as const;
    await cancelParts(db, own, { actor, reason });
    // What a supplier has stays marked, should it decline.
    await storeShopCancel(db, { channelId, remoteId: item.remoteOrderId, left, actor });
    return {
      isCancelled: own.length > 0,
      dropshipped: parts.flatMap(({ orderId, lines }) => requestOf(leafOf(orderId), lines)),
    };
  });

/** Shops give no reliable reason. */
const reason = 'other';

function requestOf({ dropshipId, lines }: CancelLeaf, units: readonly ShipmentLine[]): Begun['dropshipped'] {
  if (dropshipId === null) return [];
  const lineOf = (lineId: string) => lines.find((line) => line.lineId === lineId)!;
  const remaining = (line: CancelLine, quantity: number) => remainingUnits(line) - unitsAsked(line) - quantity;
  return [
    {
      dropshipId,
      lines: units.map(({ lineId, quantity }) => ({ lineId, remaining: remaining(lineOf(lineId), quantity) })),
    },
  ];
}

/** A dropship may have been split, or have ended, since the order was read. Then ask whoever has its units now. */
async function askAll(
  deps: Deps,
  place: Place,
  { item, begun, tries = 3 }: { item: Cancellation; begun: Begun; tries?: number },
): Promise<Outcome> {
  const answers = await Promise.all(begun.dropshipped.map((wish) => ask(deps, place, wish)));
  if (tries > 0 && answers.includes('ended')) {
    const again = await cancelOwn(deps, place, item);
    const isCancelled = begun.isCancelled || again.isCancelled;
    return askAll(deps, place, { item, begun: { ...again, isCancelled }, tries: tries - 1 });
  }
  return outcomeOf(begun, answers);
}

function outcomeOf({ isCancelled }: Begun, answers: readonly Answer[]): Outcome {
  if (isCancelled || answers.includes('cancelled')) return { counts: { cancelled: 1 } };
  const waits = answers.includes('requested') || answers.includes('unanswered');
  return { counts: waits ? { waiting: 1 } : { unchanged: 1 } };
}

/** Refusals when the units have shipped or been cancelled meanwhile. */
const nothingToCancel: readonly string[] = ['order_shipped', 'order_cancelled'];
/** Refusals when other dropships have the units after a split, or the merchant has them again. */
const inOtherHands: readonly string[] = ['order_is_split', 'dropship_not_open'];
type Answer = CancelOutcome | 'unanswered' | 'ended';

async function ask(
  deps: Deps,
  { accountId, channelId }: Place,
  { dropshipId, lines }: Begun['dropshipped'][number],
): Promise<Answer> {
  const actor = { kind: 'channel', id: channelId } as const;
  const send = () => requestCancel(deps, dropshipId, { lines, reason, actor });
  let answer = await send();
  if (answer.outcome === 'closed') {
    // A crash may have lost its start. A dropship that has ended does not start again.
    await startDropships(deps, accountId, [dropshipId]);
    answer = await send();
  }
  if (answer.outcome === 'closed') return 'ended';
  if (answer.outcome !== 'refused') return answer.outcome;
  if (inOtherHands.includes(answer.code)) return 'ended';
  if (nothingToCancel.includes(answer.code)) return 'unchanged';
  throw new DomainError(isErrorCode(answer.code) ? answer.code : 'unexpected', 'The dropship refused the cancel.');
}
