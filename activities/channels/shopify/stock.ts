import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ChannelError, onlyLocation, type Fault, type StockOutcome, type StockWrite } from '../channel.ts';
import { inChunks } from '../stock-chunks.ts';
import { listLocations } from './access.ts';
import type { Call } from './api.ts';
import { documents } from './documents.ts';
import { refused } from './parse.ts';

/** `locationId`: as the settings name it. */
type StockRoom = { call: Call; locationId: string | undefined };
type Place = { call: Call; location: string };
/** `from`: what the shop has on sale now. The shop refuses `to` once that has changed. */
type Planned = { write: StockWrite; itemId: string; from: number; to: number };

const variantSchema = z.object({
  id: z.string(),
  inventoryItem: z.object({
    id: z.string(),
    tracked: z.boolean(),
    inventoryLevel: z.object({ quantities: z.array(z.object({ quantity: z.int() })) }).nullable(),
  }),
});
type Item = z.infer<typeof variantSchema>['inventoryItem'];
const errorSchema = z.object({ field: z.array(z.string()).nullish(), code: z.string().nullish() });
const answerSchema = z.object({ result: z.object({ userErrors: z.array(errorSchema) }) });

/** The shop takes 250. A look at 100 costs 400 points of 1,000 by Shopify's published table. */
const chunkSize = 100;
/** A shop that sells all the time may be faster than we are; the next run tries again. */
const mostRounds = 6;
const variantGid = 'gid://shopify/ProductVariant/';

/** Writes what is on sale at one location, by compare and set. */
export async function writeInventory(room: StockRoom, batch: StockWrite[]): Promise<StockOutcome[]> {
  const location = room.locationId ?? onlyLocation(await listLocations(room.call), 'stockLocationId');
  return inChunks(batch, chunkSize, (chunk) => writeChunk({ call: room.call, location }, chunk));
}

async function writeChunk(at: Place, writes: StockWrite[]): Promise<StockOutcome[]> {
  const items = await readItems(at, writes);
  const outcomes: StockOutcome[] = [];
  const planned: Planned[] = [];
  for (const write of writes) {
    const { listingId } = write;
    const item = items.get(write.remoteProductId);
    if (!item?.tracked) {
      outcomes.push({ listingId, outcome: 'failed', fault: item ? untracked : gone });
      continue;
    }
    const to = Math.max(0, write.available);
    const from = availableOf(item) ?? (await stockThere(at, item.id));
    if (from === to) outcomes.push({ listingId, outcome: 'unchanged' });
    else planned.push({ write, itemId: item.id, from, to });
  }
  return [...outcomes, ...(await writePlanned(at, planned))];
}

const gone: Fault = { kind: 'gone', what: 'listing' };
/** The merchant has turned stock tracking off. Then a figure would have no effect in the shop. */
const untracked: Fault = { kind: 'invalid', field: 'tracked', code: 'untracked' };

async function readItems({ call, location }: Place, writes: readonly StockWrite[]): Promise<Map<string, Item>> {
  // The shop refuses a query with an id that is none of its own.
  const ids = [...new Set(writes.map(({ remoteProductId }) => remoteProductId))].filter((id) =>
    id.startsWith(variantGid),
  );
  if (ids.length === 0) return new Map();
  const answer = z.object({ nodes: z.array(variantSchema.nullable()) });
  const { nodes } = await call({ document: documents.levels, variables: { ids, location }, answer });
  return new Map(nodes.flatMap((variant) => (variant ? [[variant.id, variant.inventoryItem] as const] : [])));
}

/** Undefined for a product that is not stocked at the location. */
const availableOf = ({ inventoryLevel }: Item): number | undefined => inventoryLevel?.quantities[0]?.quantity;

/** @returns its units there: none */
async function stockThere({ call, location }: Place, id: string): Promise<number> {
  const variables = { id, location, key: randomUUID() };
  const { result } = await call({ document: documents.stockAtLocation, variables, answer: answerSchema });
  if (result.userErrors.length > 0) throw refused('items', 'not_stocked');
  return 0;
}

/**
 * One bad item refuses the whole call, and nothing is written. It ends, since each round has fewer items, or the shop has sold
 * meanwhile.
 */
async function writePlanned(at: Place, all: Planned[]): Promise<StockOutcome[]> {
  const outcomes: StockOutcome[] = [];
  let planned = all;
  for (let round = 0; planned.length > 0; round += 1) {
    const errors = await setQuantities(at, planned);
    if (errors.length === 0) return [...outcomes, ...planned.map((plan) => outcomeOf(plan, { outcome: 'written' }))];
    const bad = badOf(errors, planned);
    for (const [plan, fault] of bad) outcomes.push(outcomeOf(plan, { outcome: 'failed', fault }));
    const left = planned.filter((plan) => !bad.has(plan));
    if (round === mostRounds) return [...outcomes, ...left.map((plan) => outcomeOf(plan, tooBusy))];
    planned = await plannedAnew(at, left);
  }
  return outcomes;
}

const tooBusy = { outcome: 'failed', fault: { kind: 'unavailable' } } as const;
const outcomeOf = ({ write: { listingId } }: Planned, outcome: Omit<StockOutcome, 'listingId'>): StockOutcome => ({
  listingId,
  ...outcome,
});

/**
 * What the shop has sold since our look is not in our figure yet, so it is subtracted. What came back to the shop may be in it,
 * so it is not added.
 */
async function plannedAnew(at: Place, planned: readonly Planned[]): Promise<Planned[]> {
  const writes = planned.map(({ write }) => write);
  const items = await readItems(at, writes);
  return planned.map((plan) => {
    const item = items.get(plan.write.remoteProductId);
    const now = (item && availableOf(item)) ?? plan.from;
    return { ...plan, from: now, to: Math.max(0, plan.to + Math.min(0, now - plan.from)) };
  });
}

type UserError = z.infer<typeof errorSchema>;

async function setQuantities({ call, location: locationId }: Place, planned: readonly Planned[]): Promise<UserError[]> {
  const quantities = planned.map(({ itemId, from, to }) => ({
    inventoryItemId: itemId,
    locationId,
    quantity: to,
    changeFromQuantity: from,
  }));
  const input = { name: 'available', reason: 'correction', quantities };
  // A new key for each call: the figures of a repeat are other ones.
  const variables = { input, key: randomUUID() };
  const { result } = await call({ document: documents.setQuantities, variables, answer: answerSchema });
  return result.userErrors;
}

/** The items that the shop refuses for good, by the index in the error's path. @throws ChannelError for an error of the call */
function badOf(errors: readonly UserError[], planned: readonly Planned[]): Map<Planned, Fault> {
  const bad = new Map<Planned, Fault>();
  for (const { code, field } of errors) {
    if (code === 'CHANGE_FROM_QUANTITY_STALE') continue;
    if (code?.startsWith('IDEMPOTENCY_')) throw new ChannelError({ kind: 'unavailable' });
    const plan = field?.[1] === 'quantities' ? planned[Number(field[2])] : undefined;
    if (!plan) throw refused('items', 'refused');
    bad.set(plan, code === 'INVALID_INVENTORY_ITEM' ? gone : { kind: 'invalid', field: 'items', code: 'refused' });
  }
  return bad;
}
