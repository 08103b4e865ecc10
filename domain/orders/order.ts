import { DomainError } from '../errors.ts';

export const orderStatuses = [
  'awaiting_fulfillment',
  'dropship_requested',
  'partially_shipped',
  'shipped',
  'cancelled',
  'split',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** `country` is ISO 3166-1 alpha-2. */
export type Address = {
  name: string;
  company?: string;
  address1: string;
  address2?: string;
  city: string;
  province?: string;
  postalCode: string;
  country: string;
  phone?: string;
  email?: string;
};
export type Customer = { name: string; email?: string; phone?: string };

/** Integer minor units of `currency` (ISO 4217). */
export type Money = { amount: number; currency: string };

export const maximumQuantity = 1_000_000;

/** A new order from a shop, by REST or through a portal. Quantities are units, prices minor units. */
export type IncomingOrder = {
  remoteId: string;
  number: string;
  placedAt: string;
  currency: string;
  shipTo: Address;
  billTo?: Address;
  customer?: Customer;
  shippingMethod: string | null;
  notes?: { customer?: string; internal?: string };
  tags?: string[];
  lines: IncomingLine[];
};
export type IncomingLine = {
  remoteLineId: string;
  /** The channel's id of the product, where it names one. */
  remoteProductId?: string;
  sku: string;
  name: string;
  quantity: number;
  /** Units that the shop had cancelled, or shipped itself, before the order was imported. */
  cancelled?: number;
  shipped?: number;
  unitPriceMinor: number | null;
  /** Left out: true. False for a gift card, a download, a tip or a fee. */
  requiresShipping?: boolean;
  /** The cost per unit that the supplier agreed to, where the merchant shares it. */
  unitCostMinor?: number;
};

/** Units of one line. Always `0 <= shipped + cancelled <= quantity`. */
export type LineUnits = { quantity: number; shipped: number; cancelled: number };

/** A line of goods, or one that needs no shipping: those never go to a supplier, and are delivered when they are stored. */
export type AnyLine = LineUnits & { requiresShipping?: boolean };

export const isOfGoods = ({ requiresShipping = true }: Pick<AnyLine, 'requiresShipping'>): boolean => requiresShipping;

/** Lines that need no shipping are shipped as soon as their order is stored. */
export const shipsByItself = ({ lines }: { lines: readonly Pick<AnyLine, 'requiresShipping'>[] }): boolean =>
  !lines.every(isOfGoods);

export const unitsLeft = ({ quantity, shipped, cancelled }: LineUnits): number => quantity - shipped - cancelled;

/**
 * The status of a leaf follows from its lines and from whether it has a live dropship. While goods are left, lines that
 * need no shipping do not count: the goods can still be split and dropshipped.
 * @see rules §4
 */
export function statusOf(lines: readonly AnyLine[], hasLiveDropship: boolean): Exclude<OrderStatus, 'split'> {
  const isShipped = ({ shipped }: LineUnits) => shipped > 0;
  if (lines.every((line) => unitsLeft(line) === 0)) return lines.some(isShipped) ? 'shipped' : 'cancelled';
  if (lines.filter(isOfGoods).some(isShipped)) return 'partially_shipped';
  return hasLiveDropship ? 'dropship_requested' : 'awaiting_fulfillment';
}

/** The status that a parent shows: it follows from its leaves, cancelled ones left out. */
export function overallStatusOf(leaves: readonly OrderStatus[]): OrderStatus {
  const living = leaves.filter((status) => status !== 'cancelled');
  if (living.length === 0) return 'cancelled';
  if (living.every((status) => status === 'shipped')) return 'shipped';
  if (living.some((status) => status === 'shipped' || status === 'partially_shipped')) return 'partially_shipped';
  return living.some((status) => status === 'dropship_requested') ? 'dropship_requested' : 'awaiting_fulfillment';
}

/** Shipped goods fit into no leaf of a split. Delivered lines that need no shipping stay with the parent. */
export const hasShippedGoods = (lines: readonly AnyLine[]): boolean =>
  lines.some((line) => isOfGoods(line) && line.shipped > 0);

/** The number of the n-th leaf. The suffix is ours: shops and suppliers never get it. */
export const leafNumber = (number: string, position: number): string => `${number}-${position}`;

export type SplitGroup = readonly { lineId: string; quantity: number }[];

/**
 * Checks that the groups use up every open unit of a leaf exactly once.
 * @throws DomainError `order_is_split`, `order_cancelled`, `order_shipped`, `line_not_found`, `split_refused` naming the
 *   line
 * @see rules §4: at least two groups, none empty, all open units used, nothing shipped, not cancelled
 */
export function assertSplittable(
  status: OrderStatus,
  lines: readonly (AnyLine & { lineId: string })[],
  groups: readonly SplitGroup[],
): void {
  if (status === 'split')
    throw new DomainError('order_is_split', 'The order is split already; split one of its leaves.');
  if (status === 'cancelled') throw new DomainError('order_cancelled', 'The order is cancelled.');
  if (hasShippedGoods(lines)) throw new DomainError('order_shipped', 'Units of the order have shipped.');
  if (groups.length < 2 || groups.some((group) => group.length === 0)) {
    throw new DomainError('split_refused', 'A split has at least two groups, none of them empty.');
  }
  const known = new Set(lines.map((line) => line.lineId));
  for (const [index, group] of groups.entries()) {
    const at = group.findIndex((part) => !known.has(part.lineId));
    if (at >= 0) throw lineNotFound(group[at]!.lineId, `/groups/${index}/lines/${at}/lineId`);
  }
  for (const line of lines) {
    const used = groups.flat().filter((part) => part.lineId === line.lineId);
    const units = used.reduce((sum, part) => sum + part.quantity, 0);
    if (units !== unitsLeft(line) || used.some((part) => !Number.isInteger(part.quantity) || part.quantity < 1)) {
      throw new DomainError(
        'split_refused',
        `Line ${line.lineId} has ${unitsLeft(line)} open units, the groups use ${units}.`,
      );
    }
  }
}

function lineNotFound(lineId: string, pointer: string): DomainError {
  const detail = `Line ${lineId} is not a line of this order.`;
  return new DomainError('line_not_found', detail, [{ pointer, detail }]);
}

/** Ship-to and notes may change until the supplier has the order (rules §5). @throws DomainError otherwise */
export function assertEditable(status: OrderStatus, isImported: boolean): void {
  if (isImported) throw new DomainError('order_already_imported', 'The supplier has the order already.');
  if (status === 'split') throw new DomainError('order_is_split', 'The order is split; change its leaves.');
  if (status === 'cancelled') throw new DomainError('order_cancelled', 'The order is cancelled.');
  if (status === 'shipped') throw new DomainError('order_shipped', 'The order has shipped.');
}
