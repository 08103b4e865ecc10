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
import { abilitiesOf } from '../../domain/channel.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import { published } from '../../domain/stock.ts';
import { addCounts, listedFailures, noCounts, type TaskCounts, type TaskFailure } from '../../domain/task.ts';
import { ChannelError, type Channel, type Fault, type StockOutcome } from '../channels/channel.ts';
import type { Deps } from '../deps.ts';
import { codeOf } from '../failures.ts';
import { withChannel } from '../open-channel.ts';
import { findOwnerOfChannel, ownerOfChannel } from '../owners.ts';
import { describeSchedule } from '../../temporal/schedule.ts';

/** What a run does. `import_and_write`: it imports the shop's orders first. `import_paused`: Import Orders is paused. */
type WritePlan = 'nothing' | 'write' | 'import_and_write' | 'import_paused';
/** The result of a page. `next`: the id of its last listing. */
export type StockPage = { counts: TaskCounts; failures: TaskFailure[]; more: boolean; next: string | null };

type PageInput = { channelId: string; after: string | null };
type Writing = { deps: Deps; accountId: string; channelId: string; channel: Channel };

/** Listings per call. A portal's batch is one transaction of ours. A shop's batch is small, so that its call ends soon
 * after its versions are claimed. */
const batchSizes = { portal: 2_000, shop: 100 };
/** A page ends well before its activity's time-out, in milliseconds. */
const pageMs = 20_000;

export const createWriteInventoryActivities = (deps: Deps) => ({
  planWriteBack: (input: { channelId: string }) => planWriteBack(deps, input),
  writeInventoryPage: (input: PageInput) => writeInventoryPage(deps, input),
});

/**
 * A shop subtracts its own sales, and an absolute figure would undo sales that we do not know yet. So its orders are
 * imported first. If Import Orders is paused no stock is written: sold units would be on sale again.
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
  if (!abilitiesOf(kind).hasOrdersToRead) return { plan: 'write' };
  const importing = await describeSchedule(client, { task: 'import_orders', channelId });
  return { plan: importing?.paused ? 'import_paused' : 'import_and_write' };
}

/**
 * Writes batch after batch for `pageMs`. Each listing has one outcome. A batch that the channel refuses as a whole is
 * halved until the refused listing is found.
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
      // No listing is due, or the channel accepts no stock now.
      if (outcomes.length === 0) return { ...page, more: false };
      add(page, outcomes);
      page.next = batch.at(-1)!.listingId;
      deps.crashPoint('stock.mid-page');
    } while (deps.now().getTime() < deadline);
    return page;
  });
}

function readBatch({ deps, accountId, channelId, channel }: Writing, after: string | null): Promise<DueListing[]> {
  const page = abilitiesOf(channel.kind).isShop
    ? ({ after, limit: batchSizes.shop, of: 'all' } as const)
    : ({ after, limit: batchSizes.portal, of: 'own' } as const);
  return readInAccount(deps.pool, accountId, (db) => listDue(db, channelId, page));
}

/**
 * Calls the channel once and records the result of each listing.
 * @returns `refused` when the channel refuses the whole batch because of something in it
 * @throws ChannelError for a fault of the channel as a whole, which is recorded on the batch's listings
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
  if (abilitiesOf(channel.kind).versionedStock) return outcomes;
  return [...outcomes, ...overtaken.map(({ listingId }) => ({ listingId, outcome: 'stale' }) as const)];
}

/** Where the channel does not compare versions itself, a late call would leave an older figure there. */
async function claim({ deps, accountId, channel }: Writing, batch: readonly DueListing[]): Promise<DueListing[]> {
  if (abilitiesOf(channel.kind).versionedStock) return [...batch];
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

/** The fault is about this batch's content. Any other fault would meet the next batch too. */
const isAboutContent = (fault: Fault): boolean =>
  (fault.kind === 'invalid' && fault.field === 'items') || (fault.kind === 'gone' && fault.what === 'listing');

const causeOf = ({ outcome, fault }: StockOutcome): ErrorCode | null => {
  if (outcome !== 'failed') return null;
  return fault ? codeOf(fault) : 'unexpected';
};

function toSyncResult(outcome: StockOutcome, version: number): SyncResult {
  const { listingId, fault } = outcome;
  const permanent = outcome.outcome === 'failed' && (fault?.kind === 'gone' || fault?.kind === 'invalid');
  return { listingId, version, cause: causeOf(outcome), permanent, withdrawn: outcome.outcome === 'withdrawn' };
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
