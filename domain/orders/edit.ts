import { DomainError } from '../errors.ts';
import {
  isOfGoods,
  unitsLeft,
  type Address,
  type AnyLine,
  type IncomingLine,
  type IncomingOrder,
  type LineUnits,
} from './order.ts';

/** The fields of a shop's order, besides its lines, whose edit matters here. */
export type ShopFacts = { shipTo: Address; shippingMethod: string | null };

/** One difference. Quantities are ordered units, cancelled ones included. */
export type EditChange =
  | { kind: 'quantity_changed'; lineId: string; remoteLineId: string; sku: string; from: number; to: number }
  | { kind: 'line_added'; remoteLineId: string; sku: string; name: string; from: 0; to: number }
  | { kind: 'line_removed'; lineId: string; remoteLineId: string; sku: string; from: number; to: 0 }
  | { kind: 'ship_to_changed'; from: Address; to: Address }
  | { kind: 'shipping_method_changed'; from: string | null; to: string | null };

/** An order as stored. `shop`: as the shop reported it last. `remaining`: units that are not cancelled, on all its leaves. */
export type StoredOrder = ShopFacts & {
  shop: ShopFacts | null;
  lines: readonly { lineId: string; remoteLineId: string; sku: string; quantity: number; remaining: number }[];
};

export type OrderInShop = Pick<IncomingOrder, 'shipTo' | 'shippingMethod' | 'lines'>;

/** An edit that waits for a decision. `inShop`: the order in the shop, with personal data, which stays in the row (law 8). */
export type PendingEdit = { id: string; seenAt: string; changes: EditChange[]; inShop: OrderInShop };

/**
 * The edits of an order in its shop. Shipped and cancelled units are no edit: they are handled elsewhere. A changed email
 * address is none either, since it is the customer's and not the order's; nor is a change that we have made already.
 */
export function changesOf(stored: StoredOrder, inShop: OrderInShop): EditChange[] {
  const changes = stored.lines.flatMap((line) => changeOfLine(line, inShop));
  for (const line of inShop.lines) {
    const isKnown = stored.lines.some(({ remoteLineId }) => remoteLineId === line.remoteLineId);
    if (isKnown || line.quantity === (line.cancelled ?? 0)) continue;
    const { remoteLineId, sku, name, quantity } = line;
    changes.push({ kind: 'line_added', remoteLineId, sku, name, from: 0, to: quantity });
  }
  const { shipTo, shippingMethod } = stored.shop ?? stored;
  if (!isSamePlace(shipTo, inShop.shipTo) && !isSamePlace(stored.shipTo, inShop.shipTo)) {
    changes.push({ kind: 'ship_to_changed', from: stored.shipTo, to: inShop.shipTo });
  }
  if (shippingMethod !== inShop.shippingMethod && stored.shippingMethod !== inShop.shippingMethod) {
    changes.push({ kind: 'shipping_method_changed', from: stored.shippingMethod, to: inShop.shippingMethod });
  }
  return changes;
}

function changeOfLine(line: StoredOrder['lines'][number], inShop: OrderInShop): EditChange[] {
  const { remaining, quantity: from, ...named } = line;
  const now = inShop.lines.find(({ remoteLineId }) => remoteLineId === line.remoteLineId);
  const { quantity: to, cancelled = 0 } = now ?? { quantity: 0 };
  // Units that the shop has taken off may be cancelled here already.
  const isMade = to < from && remaining === to - cancelled;
  if (isMade || to === from) return [];
  if (now) return [{ kind: 'quantity_changed', ...named, from, to }];
  return [{ kind: 'line_removed', ...named, from, to: 0 }];
}

const isSamePlace = (one: Address, other: Address): boolean => plain(one) === plain(other);

function plain({ email: _, ...place }: Address): string {
  const inShop = Object.entries(place).filter(([, text]) => text !== undefined && text !== '');
  return JSON.stringify(inShop.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * The units of a line, of which none has shipped, after an edit. Units that are cancelled here stay cancelled: added units
 * are open, removed units are taken from the cancelled ones before the open ones.
 * @param inShop undefined for a line that is gone: all of it is cancelled
 */
export function unitsAfter(
  line: LineUnits,
  inShop: Pick<IncomingLine, 'quantity' | 'cancelled'> | undefined,
): { quantity: number; cancelled: number } {
  if (!inShop) return { quantity: line.quantity, cancelled: line.quantity };
  const { quantity, cancelled = 0 } = inShop;
  if (quantity >= line.quantity) return { quantity, cancelled: line.cancelled };
  const open = Math.min(unitsLeft(line), quantity - cancelled);
  return { quantity, cancelled: quantity - open };
}

/**
 * Shipped units cannot be taken back by an edit. A line that needs no shipping may still grow.
 * @throws DomainError `order_shipped`
 */
export function assertNothingShipped(
  lines: readonly (AnyLine & { lineId: string })[],
  changes: readonly EditChange[],
): void {
  const isLowered = (lineId: string) =>
    changes.some((one) => 'lineId' in one && one.lineId === lineId && one.to < one.from);
  if (lines.some((line) => line.shipped > 0 && (isOfGoods(line) || isLowered(line.lineId))))
    throw new DomainError('order_shipped', 'Units of the order have shipped.');
}

/** @throws DomainError `order_dropshipped`: a dropshipped order has the goods of one supplier only */
export function assertStaysWithSupplier(
  supplierId: string,
  lines: readonly (AnyLine & { isNew: boolean; supplierIds: readonly string[] })[],
): void {
  const goods = lines.filter(isOfGoods);
  if (goods.every((line) => unitsLeft(line) === 0)) {
    throw new DomainError(
      'order_dropshipped',
      'Nothing would be left of an order that is dropshipped: cancel it instead.',
    );
  }
  const foreign = goods.some((line) => line.isNew && unitsLeft(line) > 0 && !line.supplierIds.includes(supplierId));
  if (!foreign) return;
  throw new DomainError(
    'order_dropshipped',
    'The order is dropshipped, and its supplier does not have a new line: cancel the order and let the buyer order ' +
      'again, or ship the line by hand and dismiss the edit.',
  );
}
