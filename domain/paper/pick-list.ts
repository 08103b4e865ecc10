import type { PaperLanguage } from './language.ts';
import type { PickOrder } from './paper.ts';
import { unitsToPack, type PrintedOrder } from './printed-order.ts';

/** Units of a product for all orders of the list. `orders`: how many of them need it. */
type Pick = { sku: string; name: string; bin: string | null; units: number; orders: number };
type PickedOrder = {
  orderId: string;
  number: string;
  lines: { sku: string; name: string; bin: string | null; units: number }[];
};

/** `picks` in the order of one's way through the bins, then by SKU; `orders` as the job lies. */
export type PickListContent = { language: PaperLanguage; picks: Pick[]; orders: PickedOrder[] };

/** @param orders in the job's order. An order with nothing to pack is not in the list. */
export function pickListOf(orders: readonly PrintedOrder[], language: PaperLanguage): PickListContent {
  const picked = orders.map(toPicked).filter(({ lines }) => lines.length > 0);
  return { language, picks: summedPicks(picked), orders: picked };
}

/** Sorts the orders of a print job: by number, by their first SKU, or by the first bin on the way. */
export function inPickOrder(orders: readonly PrintedOrder[], sort: PickOrder): PrintedOrder[] {
  const keyed = orders.map((order) => ({ order, key: sort === 'number' ? null : firstOf(order, sort) }));
  return keyed
    .sort((one, other) => byKey(one.key, other.key) || inText(one.order.number, other.order.number))
    .map(({ order }) => order);
}

const collator = new Intl.Collator('en', { numeric: true });
const inText = (one: string, other: string): number => collator.compare(one, other) || (one < other ? -1 : 1);

/** What has no bin comes last: it has to be looked for. */
function byKey(one: string | null, other: string | null): number {
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? 1 : -1;
  return inText(one, other);
}

function firstOf(order: PrintedOrder, by: 'sku' | 'bin'): string | null {
  const keys = toPicked(order).lines.map((line) => line[by]);
  return keys.sort(byKey)[0] ?? null;
}

function toPicked(order: PrintedOrder): PickedOrder {
  const packed = unitsToPack(order).filter(({ here }) => here > 0);
  const lines = packed.map(({ line: { sku, name, bin }, here }) => ({ sku, name, bin, units: here }));
  return { orderId: order.id, number: order.number, lines };
}

/** Lines without a SKU are the same where their names are. */
function summedPicks(orders: readonly PickedOrder[]): Pick[] {
  const picks = new Map<string, Pick & { in: Set<string> }>();
  for (const { orderId, lines } of orders)
    for (const { sku, name, bin, units } of lines) {
      const key = JSON.stringify(sku === '' ? [name, bin] : [sku, bin]);
      const pick = picks.get(key) ?? { sku, name, bin, units: 0, orders: 0, in: new Set() };
      picks.set(key, { ...pick, units: pick.units + units, in: pick.in.add(orderId) });
    }
  return [...picks.values()]
    .map(({ in: needing, ...pick }) => ({ ...pick, orders: needing.size }))
    .sort((one, other) => byKey(one.bin, other.bin) || inText(one.sku, other.sku));
}
