import { z } from 'zod';
import type { WooCommerceApi } from './api.ts';
import { productIdOf } from './orders.ts';
import { instantOf } from './walk.ts';

const saleSchema = z.object({
  id: z.int(),
  date_created_gmt: z.string(),
  date_paid_gmt: z.string().nullish(),
  line_items: z.array(z.object({ product_id: z.int(), variation_id: z.int(), quantity: z.number() })),
});
type Sale = z.infer<typeof saleSchema>;

/** The orders that held stock at a moment, as far as they are of its last second. `since`: that second. */
export type Sales = { since: number; ids: ReadonlySet<number> };

/** An unpaid order of a checkout holds no units; after an hour the shop cancels it. An older one, paid now, held them before. */
const checkoutMs = 3_600_000;
/** In these an order holds its units. */
const holding = 'processing,on-hold,completed';

async function listSales(api: WooCommerceApi, since: number): Promise<Sale[]> {
  const query = {
    status: holding,
    // Strictly later, in whole seconds.
    modified_after: new Date(since - 1_000).toISOString().slice(0, 19),
    dates_are_gmt: 'true',
    orderby: 'modified',
    order: 'desc',
    per_page: '100',
    _fields: 'id,date_created_gmt,date_paid_gmt,line_items',
  };
  return api.call({ path: 'orders', query, answer: z.array(saleSchema) });
}

const timeOf = (gmt: string): number => Date.parse(instantOf(gmt));
const secondOf = (moment: Date): number => Math.floor(moment.getTime() / 1_000) * 1_000;

/** What the shop has sold by now. */
export async function readSales(api: WooCommerceApi): Promise<Sales> {
  const before = secondOf(api.shopNow());
  const sales = await listSales(api, before);
  // The answer shows the shop's clock, which ours may be far from.
  const since = Math.min(before, secondOf(api.shopNow()));
  return { since, ids: new Set(sales.map(({ id }) => id)) };
}

/** Units by product that the shop has sold after that moment. An older order that somebody has edited sells nothing anew. */
export async function soldSince(api: WooCommerceApi, { since, ids }: Sales): Promise<Map<string, number>> {
  const sales = await listSales(api, since);
  const units = new Map<string, number>();
  const isNew = ({ id, date_paid_gmt: paid, date_created_gmt: created }: Sale) =>
    !ids.has(id) && timeOf(paid ?? created) >= since && timeOf(created) >= since - checkoutMs;
  for (const { product_id, variation_id, quantity } of sales.filter(isNew).flatMap(({ line_items }) => line_items)) {
    const key = productIdOf(product_id, variation_id);
    units.set(key, (units.get(key) ?? 0) + quantity);
  }
  return units;
}
