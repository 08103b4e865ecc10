import { DomainError } from '../errors.ts';
import { isOfGoods, unitsLeft, type AnyLine, type OrderStatus, type SplitGroup } from './order.ts';

export const fulfillmentTypes = ['in_house', 'dropshippable', 'automatically_dropshipped'] as const;
export type FulfillmentType = (typeof fulfillmentTypes)[number];

/** An order line with its product's rules about who ships it. */
export type RoutableLine = AnyLine & {
  lineId: string;
  sku: string;
  /** `null`: the SKU is not one of our products. */
  productId: string | null;
  fulfillmentType: FulfillmentType | null;
  /** The suppliers (`sup_`) the product is assigned to. */
  supplierIds: readonly string[];
  defaultSupplierId: string | null;
  /** Units that only the shop has cancelled, and that no person lets ship. Left out: none. */
  cancelledInShop?: number;
};

/** A leaf to be made. `supplierId`: null for units that stay in-house. */
export type Leaf = { supplierId: string | null; lines: SplitGroup };

/**
 * Automatic routing: lines of automatically dropshipped products go to their default supplier, the others stay in-house.
 * Lines that need no shipping stay too, and alone they make no leaf: they lie in the in-house leaf, else in the first.
 * @returns one leaf per supplier, in the order of their first line, then the in-house remainder if there is one
 */
export function planAutomatic(lines: readonly RoutableLine[]): Leaf[] {
  return group(lines, (line) => (line.fulfillmentType === 'automatically_dropshipped' ? line.defaultSupplierId : null));
}

/** @throws DomainError `order_is_split`, `order_cancelled`, `order_shipped` */
export function assertMayDropship(status: OrderStatus): void {
  if (status === 'split') throw new DomainError('order_is_split', 'The order is split; dropship one of its leaves.');
  if (status === 'cancelled') throw new DomainError('order_cancelled', 'The order is cancelled.');
  if (status === 'shipped' || status === 'partially_shipped')
    throw new DomainError('order_shipped', 'Units of the order have shipped.');
}

/**
 * Dropship by hand: only lines whose product is assigned to that supplier pass.
 * @param wanted the lines to dropship; without it, all that may pass
 * @returns the leaf for the supplier and the remainder, if there is one; no leaf when no line may pass
 */
export function planManual(lines: readonly RoutableLine[], supplierId: string, wanted?: readonly string[]): Leaf[] {
  const passes = (line: RoutableLine) =>
    isOfGoods(line) &&
    line.fulfillmentType !== 'in_house' &&
    line.supplierIds.includes(supplierId) &&
    (wanted?.includes(line.lineId) ?? true);
  if (!lines.some((line) => passes(line) && unitsLeft(line) > 0)) return [];
  return group(lines, (line) => (passes(line) ? supplierId : null));
}

function group(lines: readonly RoutableLine[], supplierOf: (line: RoutableLine) => string | null): Leaf[] {
  const open = lines.filter((line) => unitsLeft(line) > 0);
  const suppliers = open.filter(isOfGoods).map(supplierOf);
  const besides = suppliers.includes(null) ? null : (suppliers[0] ?? null);
  const leaves = new Map<string | null, { lineId: string; quantity: number }[]>();
  for (const line of open) {
    const supplierId = isOfGoods(line) ? supplierOf(line) : besides;
    const parts = leaves.get(supplierId) ?? [];
    parts.push({ lineId: line.lineId, quantity: unitsLeft(line) });
    leaves.set(supplierId, parts);
  }
  const inHouse = leaves.get(null);
  leaves.delete(null);
  const supplied: Leaf[] = [...leaves].map(([supplierId, parts]) => ({ supplierId, lines: parts }));
  return inHouse ? [...supplied, { supplierId: null, lines: inHouse }] : supplied;
}

/**
 * Whether the shop has cancelled all goods of this leaf: no supplier gets them by itself. A leaf of which the shop cancelled a
 * part goes to its supplier, and the merchant is asked.
 */
export function isCancelledInShop({ lines: parts }: Leaf, lines: readonly RoutableLine[]): boolean {
  const goods = lines.filter((line) => isOfGoods(line) && parts.some(({ lineId }) => lineId === line.lineId));
  return goods.every((line) => (line.cancelledInShop ?? 0) >= unitsLeft(line));
}

/** SKUs of goods that are no product. The order waits until they are mapped, so that no line is lost (rules §9). */
export const unmappedSkus = (lines: readonly RoutableLine[]): string[] =>
  lines.filter((line) => line.productId === null && isOfGoods(line) && unitsLeft(line) > 0).map((line) => line.sku);
