import { readCursor, saveCursor } from '../../db/channels/cursors.ts';
import {
  delistUnnamed,
  listUnlinked,
  storeListings,
  type NamedProduct,
  type Span,
  type StoredPage,
} from '../../db/catalogue/listing-page.ts';
import { insertMirrorProducts } from '../../db/catalogue/mirror-products.ts';
import { withAccount } from '../../db/engine/with-account.ts';
import { abilitiesOf } from '../../domain/channel.ts';
import { longestSku } from '../../domain/product.ts';
import { addCounts, listedFailures, noCounts, type TaskCounts, type TaskFailure } from '../../domain/task.ts';
import { ChannelError, type Channel, type ProductPage, type RemoteProduct } from '../channels/channel.ts';
import type { Deps } from '../deps.ts';
import { withChannel } from '../open-channel.ts';
import { ownerOfChannel } from '../owners.ts';

/** The result of a part of a run. `next`: where a complete catalogue continues, a remote id. */
export type CataloguePart = { counts: TaskCounts; failures: TaskFailure[]; more: boolean; next: string | null };
type Input = { channelId: string; after: string | null };
type Place = { accountId: string; channelId: string };

const task = 'import_products';
/** How long a part reads: long enough that a large catalogue makes a short history, and well below its time-out. */
const partMs = 20_000;
/** Products stored in one transaction. Shops give smaller pages. */
const batchSize = 500;

export const createImportProductActivities = (deps: Deps) => ({
  importProductPage: (input: Input) => importProductPage(deps, input),
});

/**
 * The next part of a catalogue, batch by batch; each batch is stored before the next is read. A shop lists what changed
 * since the cursor, which is stored and moves with each batch. A complete catalogue continues from `after`.
 */
async function importProductPage(deps: Deps, { channelId, after }: Input): Promise<CataloguePart> {
  const place = { accountId: await ownerOfChannel(deps.pool, channelId), channelId };
  const deadline = deps.now().getTime() + partMs;
  const isOver = () => deps.now().getTime() >= deadline;
  return withChannel(deps, place, async (channel) => {
    const isComplete = abilitiesOf(channel.kind).catalogue === 'complete';
    const part: CataloguePart = { counts: noCounts(), failures: [], more: true, next: null };
    let cursor = isComplete ? after : await inAccount(deps, place, (db) => readCursor(db, channelId, task));
    do {
      const page = await readBatch(channel, cursor, isOver);
      await importBatch(deps, { place, channel, part }, { page, after: cursor });
      deps.crashPoint('import.mid-page');
      cursor = page.next;
      if (!isComplete) await inAccount(deps, place, (db) => saveCursor(db, { channelId, task }, page.next));
      part.more = page.more;
    } while (part.more && !isOver());
    return { ...part, next: isComplete && part.more ? cursor : null };
  });
}

const inAccount = <T>({ pool }: Deps, { accountId }: Place, work: Parameters<typeof withAccount<T>>[2]) =>
  withAccount(pool, accountId, work);

/** Joins pages up to a batch. When a later page fails, the pages so far are the batch, and the next batch meets the failure. */
async function readBatch(channel: Channel, cursor: string | null, isOver: () => boolean): Promise<ProductPage> {
  let batch = await channel.importProducts(cursor);
  while (batch.more && batch.items.length < batchSize && !isOver()) {
    const page = await channel.importProducts(batch.next).catch(onlyRefusals);
    if (page === null) break;
    const { covers, ...rest } = page;
    batch = { ...rest, items: [...batch.items, ...page.items], covers: batch.covers === true && covers === true };
  }
  return batch;
}

function onlyRefusals(error: unknown): null {
  if (error instanceof ChannelError) return null;
  throw error;
}

async function importBatch(
  deps: Deps,
  { place, channel, part }: { place: Place; channel: Channel; part: CataloguePart },
  { page, after }: { page: ProductPage; after: string | null },
): Promise<void> {
  const named = toNamed(page.items);
  add(part, await store(deps, place, named));
  if (abilitiesOf(channel.kind).catalogue !== 'complete' || !page.covers) return;
  const upTo = page.more ? page.next : null;
  const delisted = await delist(deps, place, { after, upTo, named: named.map(({ remoteId }) => remoteId) });
  part.counts = addCounts(part.counts, { seen: delisted, updated: delisted });
}

/** A channel cannot be refused, so text is cut to the length of its column. Of a product that comes twice the last counts. */
function toNamed(products: readonly RemoteProduct[]): NamedProduct[] {
  const named = products.map(({ remoteId, sku, name }) => {
    const ownSku = storable(sku, longestSku);
    return { remoteId: storable(remoteId, 500), sku: ownSku, name: storable(name, 500) || ownSku };
  });
  return [...new Map(named.map((one) => [one.remoteId, one])).values()];
}

/** Postgres stores no zero byte and no half of a surrogate pair, which a cut may leave. Blank text becomes empty. */
function storable(text: string, length: number): string {
  const cut = Buffer.from(text.replaceAll('\0', '').slice(0, length)).toString();
  return cut.trim() === '' ? '' : cut;
}

async function store(deps: Deps, place: Place, named: readonly NamedProduct[]): Promise<StoredPage> {
  const { channelId } = place;
  if (named.length === 0) return { created: 0, updated: 0, unchanged: 0, withoutSku: [] };
  await inAccount(deps, place, async (db) => {
    await insertMirrorProducts(db, await listUnlinked(db, channelId, named));
  });
  return inAccount(deps, place, (db) => storeListings(db, channelId, named));
}

async function delist(deps: Deps, place: Place, span: Span & { named: readonly string[] }): Promise<number> {
  let count = 0;
  for (;;) {
    const { delisted, more } = await inAccount(deps, place, (db) => delistUnnamed(db, place.channelId, span));
    count += delisted;
    if (!more) return count;
  }
}

function add(part: CataloguePart, { withoutSku, ...stored }: StoredPage): void {
  const seen = stored.created + stored.updated + stored.unchanged + withoutSku.length;
  part.counts = addCounts(part.counts, { ...stored, seen, failed: withoutSku.length });
  const failures = withoutSku.map((item) => ({ item, code: 'sku_missing' }));
  // The result goes into a history, so it lists no more failures than the task's row.
  part.failures = [...part.failures, ...failures].slice(0, listedFailures);
}
