import { z } from 'zod';
import { ChannelError, onlyLocation, type Fault, type StockOutcome, type StockWrite } from '../channel.ts';
import { inChunks } from '../stock-chunks.ts';
import type { VendureApi } from './api.ts';

/** `locationId`: the stock location to write; without it, the only one that the shop has. */
type StockRoom = { api: VendureApi; locationId: string | undefined; tracksByDefault: () => Promise<boolean> };

const levelSchema = z.object({ stockLocationId: z.string(), stockOnHand: z.int(), stockAllocated: z.int() });
const variantSchema = z.object({
  id: z.string(),
  trackInventory: z.enum(['TRUE', 'FALSE', 'INHERIT']),
  stockLevels: z.array(levelSchema),
});
type Variant = z.infer<typeof variantSchema>;
/** `allocated`: units that the shop holds for its own open orders at that location. */
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
 * Writes absolute figures. Vendure counts units on hand, including those allocated to its open orders. So it gets our
 * available units plus its allocated units, which are read just before; else the allocated units would be subtracted
 * twice.
 */
export async function writeInventory(room: StockRoom, batch: StockWrite[]): Promise<StockOutcome[]> {
  const locationId = room.locationId ?? onlyLocation(await listLocations(room.api), 'stockLocationId');
  return inChunks(batch, chunkSize, (chunk) => writeChunk(room, chunk, locationId));
}

export async function listLocations(api: VendureApi): Promise<{ id: string; name: string }[]> {
  return (await api.call({ document: locationsDocument, answer: locationsSchema })).stockLocations.items;
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

/** The merchant may have turned stock tracking off. Then a figure would have no effect in the shop. */
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
 * A variant that was deleted since it was read, or that the shop refuses, fails its whole batch; no figure is written
 * then. Halving finds that variant. Figures are absolute, so a half whose outcome is unknown may be written again.
 * @throws ChannelError when each write has an unknown outcome, as when the shop is down
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
  // A shop that does not know the mutation refuses every half too.
  if (fault.kind === 'invalid' && fault.field === 'document') throw new ChannelError(fault);
  if (planned.length === 1) return planned.map(({ write: { listingId } }) => ({ listingId, outcome: 'failed', fault }));
  const middle = Math.ceil(planned.length / 2);
  return [...(await writeHalving(api, planned.slice(0, middle))), ...(await writeHalving(api, planned.slice(middle)))];
}

/**
 * The shop may have shipped or released units between our read and our write. They were counted as allocated, so the shop
 * would sell them again. Those variants are written again; it ends, since each time fewer units are allocated. Units that
 * the shop sold meanwhile are allocated in addition. That is right, since our figure does not contain those sales yet.
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
