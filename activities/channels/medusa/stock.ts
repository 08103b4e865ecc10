import { z } from 'zod';
import { onlyLocation, type Fault, type StockOutcome, type StockWrite } from '../channel.ts';
import { inChunks } from '../stock-chunks.ts';
import type { MedusaApi } from './api.ts';

/** `locationId`: the stock location to write; it may be left out where the shop has one only. */
type StockRoom = { api: MedusaApi; locationId: string | undefined };

const variantSchema = z.object({
  id: z.string(),
  manage_inventory: z.boolean(),
  inventory_items: z
    .array(z.object({ inventory_item_id: z.string(), required_quantity: z.number() }))
    .nullish()
    .transform((items) => items ?? []),
});
type Variant = z.infer<typeof variantSchema>;
const levelSchema = z.object({ location_id: z.string(), stocked_quantity: z.number(), reserved_quantity: z.number() });
type Level = z.infer<typeof levelSchema>;
/** `level`: as it was read last; undefined while the item is not stocked at the location. */
type Planned = { write: StockWrite; itemId: string; level: Level | undefined };

const chunkSize = 100;

/**
 * Writes absolute figures. Medusa counts units on hand, including those reserved for its open orders. So it gets our available
 * units plus its reserved ones, which are read just before; else the reserved units would be subtracted twice.
 */
export async function writeInventory({ api, locationId }: StockRoom, batch: StockWrite[]): Promise<StockOutcome[]> {
  const location = locationId ?? onlyLocation(await listLocations(api), 'stockLocationId');
  return inChunks(batch, chunkSize, (chunk) => writeChunk(api, location, chunk));
}

const locationsSchema = z.object({ stock_locations: z.array(z.object({ id: z.string(), name: z.string() })) });

export async function listLocations(api: MedusaApi): Promise<{ id: string; name: string }[]> {
  const query = { limit: 100, order: 'created_at', fields: 'id,name' };
  return (await api({ path: '/admin/stock-locations', query, answer: locationsSchema })).stock_locations;
}

async function writeChunk(api: MedusaApi, location: string, writes: StockWrite[]): Promise<StockOutcome[]> {
  const variants = await readVariants(api, writes);
  const outcomes: StockOutcome[] = [];
  const wanted: Omit<Planned, 'level'>[] = [];
  for (const write of writes) {
    const { listingId } = write;
    const variant = variants.get(write.remoteProductId);
    const fault = variant ? unwritable(variant) : gone;
    if (!variant || fault) outcomes.push({ listingId, outcome: 'failed', ...(fault && { fault }) });
    else wanted.push({ write, itemId: variant.inventory_items[0]!.inventory_item_id });
  }
  const levels = await readLevels(api, location, wanted);
  const planned = wanted.map((plan) => ({ ...plan, level: levels.get(plan.itemId) }));
  const unchanged = planned.filter((plan) => plan.level?.stocked_quantity === onHand(plan));
  outcomes.push(...unchanged.map(({ write: { listingId } }) => ({ listingId, outcome: 'unchanged' }) as const));
  const changed = planned.filter((plan) => !unchanged.includes(plan));
  await writePlanned(api, location, changed);
  return [...outcomes, ...changed.map(({ write: { listingId } }) => ({ listingId, outcome: 'written' }) as const)];
}

/**
 * The shop may count less than nothing as reserved, and then sells more than it has on hand. Its own sum must be our figure.
 * @see medusajs/medusa#12401
 */
const onHand = ({ write, level }: Planned): number => Math.max(0, Math.max(0, write.available) + reservedOf(level));
const reservedOf = (level: Level | undefined): number => level?.reserved_quantity ?? 0;

const gone: Fault = { kind: 'gone', what: 'listing' };

/** The merchant may have turned stock tracking off. A kit has several items, or one more than once: each has its own stock. */
function unwritable({ manage_inventory: isTracked, inventory_items: items }: Variant): Fault | undefined {
  if (!isTracked) return { kind: 'invalid', field: 'manage_inventory', code: 'untracked' };
  const isOne = items.length === 1 && items[0]?.required_quantity === 1;
  return isOne ? undefined : { kind: 'invalid', field: 'inventory_items', code: 'bundle' };
}

async function readVariants(api: MedusaApi, writes: StockWrite[]): Promise<Map<string, Variant>> {
  const ids = [...new Set(writes.map(({ remoteProductId }) => remoteProductId))];
  const query = { id: ids, limit: ids.length, fields: 'id,manage_inventory,*inventory_items' };
  const answer = z.object({ variants: z.array(variantSchema) });
  const { variants } = await api({ path: '/admin/product-variants', query, answer });
  return new Map(variants.map((variant) => [variant.id, variant]));
}

/** By the item's id: its SKU does not follow that of the variant. */
async function readLevels(
  api: MedusaApi,
  location: string,
  wanted: readonly { itemId: string }[],
): Promise<Map<string, Level>> {
  if (wanted.length === 0) return new Map();
  const ids = [...new Set(wanted.map(({ itemId }) => itemId))];
  const query = { id: ids, limit: ids.length, fields: 'id,*location_levels' };
  const item = z.object({ id: z.string(), location_levels: z.array(levelSchema).nullish() });
  const answer = z.object({ inventory_items: z.array(item) });
  const { inventory_items: items } = await api({ path: '/admin/inventory-items', query, answer });
  return new Map(
    items.flatMap(({ id, location_levels: levels }) => {
      const level = levels?.find(({ location_id: at }) => at === location);
      return level ? [[id, level]] : [];
    }),
  );
}

/**
 * Writes, and reads again. The shop may have shipped or released units between our read and our write. They were counted as
 * reserved, so the shop would sell them again. Those items are written again; it ends, since each time fewer units are reserved.
 * Units that the shop sold meanwhile are reserved in addition. That is right, since our figure does not contain those sales yet.
 */
async function writePlanned(api: MedusaApi, location: string, planned: readonly Planned[]): Promise<void> {
  if (planned.length === 0) return;
  const toLevel = (plan: Planned) => ({
    inventory_item_id: plan.itemId,
    location_id: location,
    stocked_quantity: onHand(plan),
  });
  const body = {
    create: planned.filter(({ level }) => !level).map(toLevel),
    update: planned.filter(({ level }) => level).map(toLevel),
  };
  const path = '/admin/inventory-items/location-levels/batch';
  await api({ path, body, answer: z.unknown(), missing: 'listing' });
  const levels = await readLevels(api, location, planned);
  const again = planned
    .map((plan) => ({ ...plan, level: levels.get(plan.itemId), before: reservedOf(plan.level) }))
    .filter(({ level, before }) => reservedOf(level) < before);
  await writePlanned(api, location, again);
}
