import {
  claimVersions,
  hasDue,
  listDue,
  recordSyncResults,
  type DueListing,
  type SyncResult,
} from '../../db/catalogue/write-back.ts';
import { requireChannel } from '../../db/channels/channels.ts';
import { readInAccount, withAccount } from '../../db/engine/with-account.ts';
import type { ChannelKind } from '../../domain/channel.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import { published } from '../../domain/stock.ts';
import { addCounts, listedFailures, noCounts, type TaskCounts, type TaskFailure } from '../../domain/task.ts';
import { ChannelError, type Channel, type Fault, type StockOutcome } from '../channels/channel.ts';
import type { Deps } from '../deps.ts';
import { codeOf } from '../failures.ts';
import { withChannel } from '../open-channel.ts';
import { findOwnerOfChannel, ownerOfChannel } from '../owners.ts';
import { describeSchedule } from '../schedules.ts';

/** What a run has to do. `import_and_write`: the shop's orders first. `import_paused`: nobody may import them now. */
export type WritePlan = 'nothing' | 'write' | 'import_and_write' | 'import_paused';
/** What one page did. `next`: the last listing it passed. */
export type StockPage = { counts: TaskCounts; failures: TaskFailure[]; more: boolean; next: string | null };

type PageInput = { channelId: string; after: string | null };
/** One page at work. */
type Writing = { deps: Deps; accountId: string; channelId: string; channel: Channel };

/** A portal's batch is one transaction of ours; a shop's should be under way no longer than its fence is fresh. */
const batchSizes = { portal: 2_000, shop: 100 };
/** A page ends well below its activity's limit. */
const pageMs = 20_000;

export const createWriteInventoryActivities = (deps: Deps) => ({
  planWriteBack: (input: { channelId: string }) => planWriteBack(deps, input),
  writeInventoryPage: (input: PageInput) => writeInventoryPage(deps, input),
});

/**
 * A shop counts its own sales down, and an absolute figure hides those that we do not know yet: its orders are imported
 * first. Where Import Orders is paused nothing is written either: units that the shop sold would be on sale again.
 */
async function planWriteBack(
  { pool, client }: Deps,
  { channelId }: { channelId: string },
): Promise<{ plan: WritePlan }> {
  const accountId = await findOwnerOfChannel(pool, channelId);
  if (accountId === undefined) return { plan: 'nothing' };
  const { kind, isDue } = await readInAccount(pool, accountId, async (db) => ({
    kind: (await requireChannel(db, channelId)).kind,
    isDue: await hasDue(db, channelId),
  }));
  if (!isDue) return { plan: 'nothing' };
  if (!hasOrdersToRead(kind)) return { plan: 'write' };
  const importing = await describeSchedule(client, 'import_orders', channelId);
  return { plan: importing?.paused ? 'import_paused' : 'import_and_write' };
}

/** An api channel's orders are posted; a portal's are dropships, which the merchant's figures know of by themselves. */
const hasOrdersToRead = (kind: ChannelKind): boolean => kind !== 'portal' && kind !== 'api';

/**
 * Writes batch after batch for some time. Each listing is passed once, whatever becomes of it; a batch that the channel
 * refuses as a whole is halved until the one that it means is found.
 */
async function writeInventoryPage(deps: Deps, { channelId, after }: PageInput): Promise<StockPage> {
  const accountId = await ownerOfChannel(deps.pool, channelId);
  const deadline = deps.now().getTime() + pageMs;
  return withChannel(deps, { accountId, channelId }, async (channel) => {
    const writing = { deps, accountId, channelId, channel };
    const page: StockPage = { counts: noCounts(), failures: [], more: true, next: after };
    const waiting: DueListing[][] = [];
    do {
      const batch = waiting.shift() ?? (await readBatch(writing, page.next));
      const outcomes = batch.length > 0 ? await write(writing, batch) : [];
      if (outcomes === 'refused') {
        const middle = Math.ceil(batch.length / 2);
        waiting.unshift(batch.slice(0, middle), batch.slice(middle));
        continue;
      }
      // Nothing is left, or nothing may be told now.
      if (outcomes.length === 0) return { ...page, more: false };
      add(page, outcomes);
      page.next = batch.at(-1)!.listingId;
      deps.crashPoint('stock.mid-page');
    } while (deps.now().getTime() < deadline);
    return page;
  });
}

function readBatch({ deps, accountId, channelId, channel }: Writing, after: string | null): Promise<DueListing[]> {
  const page =
    channel.kind === 'portal'
      ? ({ after, limit: batchSizes.portal, of: 'own' } as const)
      : ({ after, limit: batchSizes.shop, of: 'all' } as const);
  return readInAccount(deps.pool, accountId, (db) => listDue(db, channelId, page));
}

/**
 * One call of the channel, and what became of each listing noted.
 * @returns `refused` where the channel takes none of the batch because of something in it
 * @throws ChannelError what concerns the channel as a whole, noted on the batch's listings
 */
async function write(writing: Writing, batch: readonly DueListing[]): Promise<StockOutcome[] | 'refused'> {
  const { deps, accountId, channel } = writing;
  const mine = await claim(writing, batch);
  const overtaken = batch.filter((listing) => !mine.includes(listing));
  const outcomes = mine.length > 0 ? await send(writing, mine) : [];
  if (outcomes === 'refused') return outcomes;
  deps.crashPoint('stock.sent');
  const versions = new Map(mine.map(({ listingId, version }) => [listingId, version]));
  const results = outcomes.map((outcome) => toSyncResult(outcome, versions.get(outcome.listingId)!));
  await withAccount(deps.pool, accountId, (db) => recordSyncResults(db, results));
  if (channel.kind === 'portal') return outcomes;
  return [...outcomes, ...overtaken.map(({ listingId }) => ({ listingId, outcome: 'stale' }) as const)];
}

/** The other end of a portal compares versions itself; at a shop an older figure would stay. */
async function claim({ deps, accountId, channel }: Writing, batch: readonly DueListing[]): Promise<DueListing[]> {
  if (channel.kind === 'portal') return [...batch];
  const mine = await withAccount(deps.pool, accountId, (db) => claimVersions(db, batch));
  return batch.filter(({ listingId }) => mine.has(listingId));
}

async function send(
  { deps, accountId, channel }: Writing,
  batch: readonly DueListing[],
): Promise<StockOutcome[] | 'refused'> {
  try {
    return await channel.writeInventory(
      batch.map((listing) => ({ ...listing, available: published(listing.available) })),
    );
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    const { fault } = error;
    const failed = batch.map(({ listingId }) => ({ listingId, outcome: 'failed', fault }) as const);
    if (isAboutContent(fault)) return batch.length > 1 ? 'refused' : failed;
    const causes = batch.map(({ listingId, version }) => ({
      listingId,
      version,
      cause: codeOf(fault),
      permanent: false,
    }));
    await withAccount(deps.pool, accountId, (db) => recordSyncResults(db, causes));
    throw error;
  }
}

/** What the batch says is refused; anything else would be said of the next batch too. */
const isAboutContent = (fault: Fault): boolean =>
  (fault.kind === 'invalid' && fault.field === 'items') || (fault.kind === 'gone' && fault.what === 'listing');

const causeOf = ({ outcome, fault }: StockOutcome): ErrorCode | null => {
  if (outcome !== 'failed') return null;
  return fault ? codeOf(fault) : 'unexpected';
};

function toSyncResult(outcome: StockOutcome, version: number): SyncResult {
  const { listingId, fault } = outcome;
  const permanent = outcome.outcome === 'failed' && (fault?.kind === 'gone' || fault?.kind === 'invalid');
  return { listingId, version, cause: causeOf(outcome), permanent };
}

function add(page: StockPage, outcomes: readonly StockOutcome[]): void {
  const failures = outcomes.flatMap((outcome) => {
    const code = causeOf(outcome);
    return code === null ? [] : [{ item: outcome.listingId, code }];
  });
  const written = outcomes.filter(({ outcome }) => outcome === 'written').length;
  const seen = outcomes.length;
  const failed = failures.length;
  page.counts = addCounts(page.counts, { seen, written, failed, unchanged: seen - written - failed });
  page.failures = [...page.failures, ...failures].slice(0, listedFailures);
}
