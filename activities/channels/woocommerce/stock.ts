import { z } from 'zod';
import { ChannelError, type Fault, type StockOutcome, type StockWrite } from '../channel.ts';
import { inChunks } from '../stock-chunks.ts';
import type { WooCommerceApi } from './api.ts';
import { productSchema } from './products.ts';
import { readSales, soldSince, type Sales } from './sales.ts';

/** `parent`: the product of a variation, at whose address the shop has the stock. */
type Place = { parent: string | null; id: string };
/** `stock`: the shop's figure when it was read. */
type Planned = { write: StockWrite; place: Place; wanted: number };
type Stock = z.infer<typeof stockSchema>;

const stockSchema = productSchema.pick({ id: true, manage_stock: true, stock_quantity: true });
const writtenSchema = z.object({
  update: z.array(z.union([z.object({ id: z.int(), error: z.object({ code: z.string() }) }), stockSchema])),
});
/** The shop refuses a batch of 101. */
const chunkSize = 100;

/**
 * Writes absolute figures of what is for sale: the shop subtracts its own orders by itself. It has no compare-and-set, so
 * units that it sells during the write are looked up afterwards.
 */
export async function writeInventory(api: WooCommerceApi, batch: StockWrite[]): Promise<StockOutcome[]> {
  return inChunks(batch, chunkSize, (chunk) => writeChunk(api, chunk));
}

async function writeChunk(api: WooCommerceApi, writes: StockWrite[]): Promise<StockOutcome[]> {
  const sales = await readSales(api);
  const places = writes.map((write) => ({ write, place: placeOf(write.remoteProductId) }));
  const stocks = await readStocks(api, places.map(({ place }) => place)); // prettier-ignore
  const outcomes: StockOutcome[] = [];
  const planned: Planned[] = [];
  for (const { write, place } of places) {
    const { listingId } = write;
    const stock = stocks.get(keyOf(place));
    const wanted = Math.max(0, write.available);
    const fault = stock ? untracked(stock) : gone;
    if (fault) outcomes.push({ listingId, outcome: 'failed', fault });
    else if (stock?.stock_quantity === wanted) outcomes.push({ listingId, outcome: 'unchanged' });
    else planned.push({ write, place, wanted });
  }
  return [...outcomes, ...(await writePlanned(api, planned, sales))];
}

const keyOf = ({ parent, id }: Place): string => (parent === null ? id : `${parent}/${id}`);

function placeOf(remoteProductId: string): Place {
  const [first = '', variation] = remoteProductId.split('/');
  return variation === undefined ? { parent: null, id: first } : { parent: first, id: variation };
}

const gone: Fault = { kind: 'gone', what: 'listing' };

/**
 * The shop ignores a figure for a product without stock management, and says nothing. Several variations may share the stock
 * of their product, which no figure for one of them describes.
 */
function untracked({ manage_stock }: Stock): Fault | undefined {
  if (manage_stock === true) return undefined;
  return { kind: 'invalid', field: 'manage_stock', code: manage_stock === 'parent' ? 'shared' : 'untracked' };
}

function byParent<Item>(items: readonly Item[], parentOf: (item: Item) => string | null): Map<string | null, Item[]> {
  const groups = new Map<string | null, Item[]>();
  for (const item of items) groups.set(parentOf(item), [...(groups.get(parentOf(item)) ?? []), item]);
  return groups;
}

const pathOf = (parent: string | null): string => (parent === null ? 'products' : `products/${parent}/variations`);

async function readStocks(api: WooCommerceApi, places: Place[]): Promise<Map<string, Stock>> {
  const stocks = new Map<string, Stock>();
  const known = places.filter((place) => /^\d+(\/\d+)?$/.test(keyOf(place)));
  for (const [parent, group] of byParent(known, (place) => place.parent)) {
    const ids = [...new Set(group.map(({ id }) => id))];
    const query = { include: ids.join(','), per_page: String(ids.length) };
    const request = { path: pathOf(parent), query, answer: z.array(stockSchema), missing: 'listing' } as const;
    const attempt = await api.attempt(request);
    if ('fault' in attempt && attempt.fault.kind !== 'gone') throw new ChannelError(attempt.fault);
    // Without its product a variation is gone as well.
    if ('fault' in attempt) continue;
    for (const stock of attempt.data) stocks.set(keyOf({ parent, id: String(stock.id) }), stock);
  }
  return stocks;
}

/** Variations only at their product: elsewhere the shop refuses them, or the figure lands on the product. */
async function writePlanned(api: WooCommerceApi, planned: Planned[], sales: Sales): Promise<StockOutcome[]> {
  if (planned.length === 0) return [];
  const outcomes = await writeEach(api, planned);
  const sold = await soldSince(api, sales);
  const doubtful = planned.filter(({ place }) => sold.has(keyOf(place)));
  if (doubtful.length === 0) return outcomes;
  const stocks = await readStocks(api, doubtful.map(({ place }) => place)); // prettier-ignore
  const overwritten = doubtful.flatMap((plan) => {
    const stock = stocks.get(keyOf(plan.place))?.stock_quantity ?? plan.wanted;
    // What was sold after the write has lowered the figure already; what was sold before it, we have overwritten.
    const lost = sold.get(keyOf(plan.place))! - (plan.wanted - stock);
    return lost > 0 ? [{ ...plan, wanted: Math.max(0, stock - lost) }] : [];
  });
  const again = overwritten.length === 0 ? [] : await writeEach(api, overwritten);
  return outcomes.map((outcome) => again.find(({ listingId }) => listingId === outcome.listingId) ?? outcome);
}

async function writeEach(api: WooCommerceApi, planned: Planned[]): Promise<StockOutcome[]> {
  const outcomes: StockOutcome[] = [];
  for (const [parent, group] of byParent(planned, ({ place }) => place.parent)) {
    const body = { update: group.map(({ place, wanted }) => ({ id: Number(place.id), stock_quantity: wanted })) };
    const path = `${pathOf(parent)}/batch`;
    const { update } = await api.call({ method: 'POST', path, body, answer: writtenSchema, missing: 'listing' });
    outcomes.push(
      ...group.map((plan) =>
        outcomeOf(
          plan,
          update.find(({ id }) => String(id) === plan.place.id),
        ),
      ),
    );
  }
  return outcomes;
}

/** The answer is the figure as it is stored: one that was ignored shows here. */
function outcomeOf({ write: { listingId }, wanted }: Planned, written: object | undefined): StockOutcome {
  const stock = stockSchema.safeParse(written).data;
  if (!stock) return { listingId, outcome: 'failed', fault: gone };
  const fault = untracked(stock);
  if (fault) return { listingId, outcome: 'failed', fault };
  if (stock.stock_quantity === wanted) return { listingId, outcome: 'written' };
  return { listingId, outcome: 'failed', fault: { kind: 'unknown_outcome' } };
}
