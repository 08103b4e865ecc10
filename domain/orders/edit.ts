import { DomainError } from '../errors.ts';
import { unitsLeft, type Address, type IncomingLine, type IncomingOrder, type LineUnits } from './order.ts';

/** What a shop says of an order besides its lines, as far as an edit of it matters here. */
export type ShopFacts = { shipTo: Address; shippingMethod: string | null };

/** One thing that differs: what, from what, to what. Quantities in units as ordered, cancelled ones included. */
export type EditChange =
  | { kind: 'quantity_changed'; lineId: string; remoteLineId: string; sku: string; from: number; to: number }
  | { kind: 'line_added'; remoteLineId: string; sku: string; name: string; from: 0; to: number }
  | { kind: 'line_removed'; lineId: string; remoteLineId: string; sku: string; from: number; to: 0 }
  | { kind: 'ship_to_changed'; from: Address; to: Address }
  | { kind: 'shipping_method_changed'; from: string | null; to: string | null };

/** An order as we keep it. `shop`: as the shop told it last; `remaining`: units that are not cancelled, on all its leaves. */
export type StoredOrder = ShopFacts & {
  shop: ShopFacts | null;
  lines: readonly { lineId: string; remoteLineId: string; sku: string; quantity: number; remaining: number }[];
};

export type OrderInShop = Pick<IncomingOrder, 'shipTo' | 'shippingMethod' | 'lines'>;

/** An edit that waits for a decision. `inShop`: the order as the shop has it by now. Personal data is in it: it stays in its row. */
export type PendingEdit = { id: string; seenAt: string; changes: EditChange[]; inShop: OrderInShop };

/**
 * What somebody edited in the shop. Units that were shipped or cancelled are no edit: they have ways of their own. Nor is
 * an e-mail address: it is the customer's, not the order's. What we have changed alike already is none either.
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
  if (!now) return remaining > 0 ? [{ kind: 'line_removed', ...named, from, to: 0 }] : [];
  return now.quantity === from ? [] : [{ kind: 'quantity_changed', ...named, from, to: now.quantity }];
}

const isSamePlace = (one: Address, other: Address): boolean => plain(one) === plain(other);

function plain({ email: _, ...place }: Address): string {
  const inShop = Object.entries(place).filter(([, text]) => text !== undefined && text !== '');
  return JSON.stringify(inShop.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * The units of a line that nothing has shipped of, once it is as the shop has it. What was cancelled here stays so: units
 * that are added come on top, units that are taken away are those that were cancelled, before open ones.
 * @param told undefined for a line that is gone: all of it is cancelled
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

/** @throws DomainError `order_dropshipped`: what is handed on stays one supplier's order */
export function assertStaysWithSupplier(
  supplierId: string,
  lines: readonly (LineUnits & { isNew: boolean; supplierIds: readonly string[] })[],
): void {
  if (lines.every((line) => unitsLeft(line) === 0)) {
    throw new DomainError(
      'order_dropshipped',
      'Nothing would be left of an order that is handed on: cancel it instead.',
    );
  }
  const foreign = lines.some((line) => line.isNew && unitsLeft(line) > 0 && !line.supplierIds.includes(supplierId));
  if (!foreign) return;
  throw new DomainError(
    'order_dropshipped',
    'The order is handed on, and a new line is not of that supplier: cancel the order and let the buyer order anew, or ' +
      'ship the line by hand and dismiss the edit.',
  );
}
