import type { SharedField } from '../connection.ts';
import type { Address } from '../orders/order.ts';

/**
 * Every field that crosses from a merchant to a supplier (rules §3). A field that is not here does not cross. A change
 * of this list raises the version.
 */
const crossingVersion = 2;

export type CrossingOrder = {
  version: typeof crossingVersion;
  dropshipId: string;
  number: string;
  placedAt: string;
  currency: string;
  shipTo: Address;
  shippingMethod: string | null;
  billTo?: Address;
  notes?: { customer?: string; internal?: string };
  tags?: string[];
  lines: CrossingLine[];
  merchantName: string;
  /** Opaque ids of the accounts the order came through, the sending merchant last. */
  via: string[];
};
type CrossingLine = {
  /** The merchant's line id, opaque to the supplier. Shipments come back with it. */
  lineId: string;
  /** The merchant's product id, opaque to the supplier: the remote id of the supplier's listing. */
  productId?: string;
  sku: string;
  name: string;
  quantity: number;
  unitPriceMinor?: number;
  costMinor?: number;
};

/** The merchant's side of a dropship, read in the merchant's account. */
export type MerchantSide = {
  dropshipId: string;
  merchantAccountId: string;
  merchantName: string;
  order: {
    number: string;
    placedAt: string;
    currency: string;
    shipTo: Address;
    billTo?: Address | undefined;
    customerNote?: string | undefined;
    internalNote?: string | undefined;
    tags: string[];
    shippingMethod: string | null;
    via: string[];
  };
  lines: {
    lineId: string;
    productId: string | null;
    sku: string;
    supplierSku: string | null;
    name: string;
    openUnits: number;
    unitPriceMinor: number | null;
    costMinor: number | null;
  }[];
  shared: readonly SharedField[];
  /** The supplier's shipping method, by the method that the order asks for. */
  shippingMethods: Readonly<Record<string, string>>;
  defaultShippingMethod: string | null;
};

/** Picks the fields of a dropship that its supplier may see. */
export function whatCrosses(side: MerchantSide): CrossingOrder {
  const { order, shared } = side;
  const may = (field: SharedField) => shared.includes(field);
  const notes = {
    ...(may('customerNote') && order.customerNote !== undefined && { customer: order.customerNote }),
    ...(may('internalNote') && order.internalNote !== undefined && { internal: order.internalNote }),
  };
  return {
    version: crossingVersion,
    dropshipId: side.dropshipId,
    number: order.number,
    placedAt: order.placedAt,
    currency: order.currency,
    shipTo: addressThatCrosses(order.shipTo, shared),
    shippingMethod: mappedShippingMethod(side),
    ...(may('billTo') && order.billTo && { billTo: addressThatCrosses(order.billTo, shared) }),
    ...(Object.keys(notes).length > 0 && { notes }),
    ...(may('tags') && order.tags.length > 0 && { tags: order.tags }),
    lines: side.lines.filter((line) => line.openUnits > 0).map((line) => lineThatCrosses(line, shared)),
    merchantName: side.merchantName,
    via: [...order.via, side.merchantAccountId],
  };
}

function addressThatCrosses(address: Address, shared: readonly SharedField[]): Address {
  const { name, company, address1, address2, city, province, postalCode, country, phone, email } = address;
  return {
    name,
    ...(company !== undefined && { company }),
    address1,
    ...(address2 !== undefined && { address2 }),
    city,
    ...(province !== undefined && { province }),
    postalCode,
    country,
    ...(shared.includes('phone') && phone !== undefined && { phone }),
    ...(shared.includes('email') && email !== undefined && { email }),
  };
}

function lineThatCrosses(line: MerchantSide['lines'][number], shared: readonly SharedField[]): CrossingLine {
  return {
    lineId: line.lineId,
    ...(line.productId !== null && { productId: line.productId }),
    sku: line.supplierSku ?? line.sku,
    name: line.name,
    quantity: line.openUnits,
    ...(shared.includes('prices') && line.unitPriceMinor !== null && { unitPriceMinor: line.unitPriceMinor }),
    ...(shared.includes('costs') && line.costMinor !== null && { costMinor: line.costMinor }),
  };
}

function mappedShippingMethod({ order, shippingMethods, defaultShippingMethod }: MerchantSide): string | null {
  if (order.shippingMethod === null) return defaultShippingMethod;
  return shippingMethods[order.shippingMethod] ?? defaultShippingMethod ?? order.shippingMethod;
}
