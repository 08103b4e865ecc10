import { z } from 'zod';
import { ChannelError, type Fault, type StockOutcome, type StockWrite } from '../channel.ts';
import type { VendureApi } from './api.ts';

/** What stock needs of the shop. `locationId`: where our stock is kept; the shop's first location when not chosen. */
export type StockRoom = { api: VendureApi; locationId: string | undefined; tracksByDefault: () => Promise<boolean> };

const levelSchema = z.object({ stockLocationId: z.string(), stockOnHand: z.int(), stockAllocated: z.int() });
const variantSchema = z.object({
  id: z.string(),
  trackInventory: z.enum(['TRUE', 'FALSE', 'INHERIT']),
  stockLevels: z.array(levelSchema),
});
type Variant = z.infer<typeof variantSchema>;
/** `allocated`: units that the shop holds for its own orders at that place. */
type Planned = { write: StockWrite; variantId: string; locationId: string; allocated: number };

const chunkSize = 100;
const readDocument = `query ($ids: [String!]!, $take: Int!) {
  productVariants(options: { filter: { id: { in: $ids } }, take: $take }) {
    items { id trackInventory stockLevels { stockLocationId stockOnHand stockAllocated } } } }`;
const writeDocument = `mutation ($input: [UpdateProductVariantInput!]!) {
  updateProductVariants(input: $input) { id stockLevels { stockLocationId stockOnHand stockAllocated } } }`;
const writtenSchema = z.object({
  updateProductVariants: z.array(z.object({ id: z.string(), stockLevels: z.array(levelSchema) }).nullable()),
});
const locationsDocument = `query { stockLocations(options: { take: 100, sort: { createdAt: ASC } }) { items { id name } } }`;
const locationsSchema = z.object({
  stockLocations: z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) }),
});

/**
 * Writes absolute figures. The shop counts what lies on the shelf, of which its open orders hold some: it gets our
 * available plus its own allocated, read just before, else those units would count down twice.
 */
export async function writeInventory(room: StockRoom, batch: StockWrite[]): Promise<StockOutcome[]> {
  const latest = latestPerListing(batch);
  const outcomes: StockOutcome[] = batch
    .filter((write) => !latest.includes(write))
    .map(({ listingId }) => ({ listingId, outcome: 'stale' }));
  const locationId = room.locationId ?? (await listLocations(room.api))[0]?.id;
  if (!locationId) throw new ChannelError({ kind: 'invalid', field: 'stockLocationId', code: 'no_location' });
  for (let start = 0; start < latest.length; start += chunkSize) {
    outcomes.push(...(await writeChunk(room, latest.slice(start, start + chunkSize), locationId)));
  }
  return outcomes;
}

export async function listLocations(api: VendureApi): Promise<{ id: string; name: string }[]> {
  return (await api.call({ document: locationsDocument, answer: locationsSchema })).stockLocations.items;
}

/** Two figures for one listing in a batch: the older version must not win by coming last. */
function latestPerListing(batch: StockWrite[]): StockWrite[] {
  const latest = new Map<string, StockWrite>();
  for (const write of batch) {
    const other = latest.get(write.listingId);
    if (!other || write.version > other.version) latest.set(write.listingId, write);
  }
  return [...latest.values()];
}

async function writeChunk(room: StockRoom, writes: StockWrite[], locationId: string): Promise<StockOutcome[]> {
  const variants = await readVariants(room.api, writes);
  const tracksByDefault = await room.tracksByDefault();
  const outcomes: StockOutcome[] = [];
  const planned: Planned[] = [];
  for (const write of writes) {
    const { listingId } = write;
    const variant = variants.get(write.remoteProductId);
    const fault = variant ? untracked(variant, tracksByDefault) : gone;
    if (!variant || fault) {
      outcomes.push({ listingId, outcome: 'failed', ...(fault && { fault }) });
      continue;
    }
    const level = variant.stockLevels.find((candidate) => candidate.stockLocationId === locationId);
    const plan = { write, variantId: variant.id, locationId, allocated: level?.stockAllocated ?? 0 };
    if (level?.stockOnHand === onHand(plan)) outcomes.push({ listingId, outcome: 'unchanged' });
    else planned.push(plan);
  }
  return [...outcomes, ...(await writePlanned(room.api, planned))];
}

const onHand = ({ write, allocated }: Planned): number => Math.max(0, write.available) + allocated;

const gone: Fault = { kind: 'gone', what: 'listing' };

/** Tracking is the merchant's choice; a figure for what is never out of stock would only look as if it counted. */
function untracked({ trackInventory }: Variant, tracksByDefault: boolean): Fault | undefined {
  const tracks = trackInventory === 'TRUE' || (trackInventory === 'INHERIT' && tracksByDefault);
  return tracks ? undefined : { kind: 'invalid', field: 'trackInventory', code: 'untracked' };
}

async function readVariants(api: VendureApi, writes: StockWrite[]): Promise<Map<string, Variant>> {
  const ids = [...new Set(writes.map(({ remoteProductId }) => remoteProductId))];
  const answer = z.object({ productVariants: z.object({ items: z.array(variantSchema) }) });
  const variables = { ids, take: ids.length };
  const { productVariants } = await api.call({ document: readDocument, variables, answer });
  return new Map(productVariants.items.map((variant) => [variant.id, variant]));
}

/**
 * One variant that the shop will not have, deleted since it was read or refused, fails its whole batch, and nothing is
 * written: halves find it. Figures are absolute, so that a half whose answer was in doubt may be told again.
 * @throws ChannelError when the shop takes none of them and does not say why
 */
async function writePlanned(api: VendureApi, planned: Planned[]): Promise<StockOutcome[]> {
  if (planned.length === 0) return [];
  const outcomes = await writeHalving(api, planned);
  const faults = outcomes.map(({ fault }) => fault);
  const [first] = faults;
  const isShopDown = planned.length > 1 && faults.every((fault) => fault?.kind === 'unknown_outcome');
  if (first && isShopDown) throw new ChannelError(first);
  return outcomes;
}

async function writeHalving(api: VendureApi, planned: Planned[]): Promise<StockOutcome[]> {
  const input = planned.map((plan) => ({
    id: plan.variantId,
    stockLevels: [{ stockLocationId: plan.locationId, stockOnHand: onHand(plan) }],
  }));
  const request = { document: writeDocument, variables: { input }, answer: writtenSchema, missing: 'listing' } as const;
  const attempt = await api.attempt(request);
  if ('data' in attempt) return writeReleased(api, planned, attempt.data);
  const { fault } = attempt;
  // A shop that does not know the mutation refuses every one.
  if (fault.kind === 'invalid' && fault.field === 'document') throw new ChannelError(fault);
  if (planned.length === 1) return planned.map(({ write: { listingId } }) => ({ listingId, outcome: 'failed', fault }));
  const middle = Math.ceil(planned.length / 2);
  return [...(await writeHalving(api, planned.slice(0, middle))), ...(await writeHalving(api, planned.slice(middle)))];
}

/**
 * Units that the shop shipped or released between our look and our write were counted as held: it would sell them once
 * more. Those variants are written again; each time the shop holds less. Units that it sold meanwhile are held on top,
 * and may stay: they are not in our figure yet.
 */
async function writeReleased(
  api: VendureApi,
  planned: Planned[],
  { updateProductVariants }: z.infer<typeof writtenSchema>,
): Promise<StockOutcome[]> {
  const again = planned.flatMap((plan) => {
    const levels = updateProductVariants.find((variant) => variant?.id === plan.variantId)?.stockLevels ?? [];
    const held = levels.find(({ stockLocationId }) => stockLocationId === plan.locationId)?.stockAllocated;
    return held !== undefined && held < plan.allocated ? [{ ...plan, allocated: held }] : [];
  });
  const written = planned.filter(({ write }) => !again.some((plan) => plan.write === write));
  const outcomes = written.map(({ write: { listingId } }) => ({ listingId, outcome: 'written' }) as const);
  return again.length === 0 ? outcomes : [...outcomes, ...(await writeHalving(api, again))];
}
