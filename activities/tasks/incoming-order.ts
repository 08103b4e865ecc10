import { maximumQuantity, type IncomingLine, type IncomingOrder } from '../../domain/orders/order.ts';
import { longestSku } from '../../domain/product.ts';
import { DomainError } from '../../domain/errors.ts';
import type { LeftInShop } from '../../domain/orders/cancel.ts';
import type { RemoteLine, RemoteOrder, Units } from '../channels/channel.ts';

/**
 * Converts a shop's order. A shop cannot be refused (rules §9), so text is cut to the length of its column and lines
 * without units are left out.
 * @throws DomainError `invalid_request` for an order without a line, or a quantity that is no whole number or above
 *   `maximumQuantity`
 */
export function toIncomingOrder(remote: RemoteOrder): IncomingOrder {
  const lines = remote.lines.filter((line) => line.ordered > 0).map(toIncomingLine);
  if (lines.length === 0) throw new DomainError('invalid_request', `Order ${remote.remoteId} has no line.`);
  return {
    remoteId: remote.remoteId,
    number: remote.number.slice(0, 100),
    placedAt: remote.placedAt,
    currency: remote.currency,
    shipTo: remote.shipTo,
    ...(remote.billTo && { billTo: remote.billTo }),
    ...(remote.customer && { customer: remote.customer }),
    ...(remote.notes && { notes: remote.notes }),
    ...(remote.tags && { tags: remote.tags }),
    shippingMethod: remote.shippingMethod,
    lines,
  };
}

function toIncomingLine(line: RemoteLine): IncomingLine {
  if (!Number.isInteger(line.ordered) || line.ordered > maximumQuantity) {
    throw new DomainError('invalid_request', `Line ${line.remoteLineId} has no acceptable quantity.`);
  }
  return {
    remoteLineId: line.remoteLineId,
    ...(line.remoteProductId !== null && { remoteProductId: line.remoteProductId }),
    sku: line.sku.slice(0, longestSku),
    name: line.name.slice(0, 500),
    quantity: line.ordered,
    cancelled: line.cancelled,
    shipped: line.shipped,
    unitPriceMinor: line.priceMinor,
    ...(line.requiresShipping !== undefined && { requiresShipping: line.requiresShipping }),
    ...(line.costMinor !== undefined && { unitCostMinor: line.costMinor }),
  };
}

/** By remote line id. */
export const leftInShop = (units: Units): LeftInShop =>
  new Map(units.map(({ remoteLineId, quantity }) => [remoteLineId, quantity]));
