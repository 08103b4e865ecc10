import type { Address } from '../orders/order.ts';
import type { ShipmentLine } from '../shipments/shipment.ts';
import type { PaperLanguage } from './language.ts';
import { unitsToPack, type PrintedOrder } from './printed-order.ts';

/** How a merchant's packing slips look: its own choice, copied to its suppliers. */
export type Brand = {
  displayName: string;
  message: string | null;
  returnAddress: Address | null;
  showPrices: boolean;
  showSupplier: boolean;
  language: PaperLanguage;
};

/** PNG or JPEG. */
export type Logo = { bytes: Uint8Array; mediaType: 'image/png' | 'image/jpeg' };

/** `here`: units in this box. `toCome`: units in a later one. `unitPriceMinor`: null where the slip has no prices. */
export type SlipLine = { sku: string; name: string; here: number; toCome: number; unitPriceMinor: number | null };

/** A packing slip before it is paper. It has no cost, and prices only where `hasPrices`. */
export type SlipContent = {
  orderId: string;
  number: string;
  merchantNumber: string;
  placedAt: string;
  currency: string;
  shipTo: Address;
  shippingMethod: string | null;
  note: string | null;
  lines: SlipLine[];
  hasPrices: boolean;
  /** Null where the merchant does not show who ships. */
  supplierName: string | null;
  brand: Omit<Brand, 'showPrices' | 'showSupplier'>;
  logo: Logo | null;
};

export type SlipParts = {
  brand: Brand;
  logo: Logo | null;
  /** Of the account that ships. Null where the merchant ships itself. */
  supplierName: string | null;
  /** Whether the merchant lets the supplier see prices. True for an order that the merchant ships itself. */
  sharesPrices: boolean;
  /** The box of a label, of several in the order. Left out: all open units. */
  parcel?: { lines: readonly ShipmentLine[]; isRecorded: boolean };
};

/** The slip of one box. @returns without lines, if nothing is left that ships */
export function slipOf(order: PrintedOrder, parts: SlipParts): SlipContent {
  const { showPrices, showSupplier, ...brand } = parts.brand;
  const hasPrices = showPrices && parts.sharesPrices;
  return {
    orderId: order.id,
    number: order.number,
    merchantNumber: order.merchantNumber,
    placedAt: order.placedAt,
    currency: order.currency,
    shipTo: order.shipTo,
    shippingMethod: order.shippingMethod,
    note: order.note,
    lines: unitsToPack(order, parts.parcel).map(({ line, here, toCome }) => ({
      sku: line.sku,
      name: line.name,
      here,
      toCome,
      unitPriceMinor: hasPrices ? line.unitPriceMinor : null,
    })),
    hasPrices,
    supplierName: showSupplier ? parts.supplierName : null,
    brand,
    logo: parts.logo,
  };
}
