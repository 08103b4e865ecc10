import type { Money } from '../orders/order.ts';
import type { ShipmentLine } from '../shipments/shipment.ts';

/**
 * - requested: stored; nothing is bought yet, or the answer is not there yet.
 * - bought: paid at the provider; its shipment is not recorded yet.
 * - recorded: its shipment is recorded. A return label has no shipment; it stays at bought.
 * - void_requested: a person voids it, or its shipment was refused. The refund is asked for.
 * - voided: the shipment is void, and the provider has the request for the refund.
 * - failed: nothing was bought, and nothing will be.
 */
export const labelStatuses = ['requested', 'bought', 'recorded', 'void_requested', 'voided', 'failed'] as const;
export type LabelStatus = (typeof labelStatuses)[number];

/** What became of the money of a void label. `not_applicable`: the provider charges only what is scanned. */
export const refundStatuses = ['none', 'submitted', 'refunded', 'rejected', 'not_applicable'] as const;
export type RefundStatus = (typeof refundStatuses)[number];

/** Whose label account pays, seen from the account of the row: its own, or the merchant's that lends one. */
export const labelPayers = ['account', 'merchant'] as const;
export type LabelPayer = (typeof labelPayers)[number];

export const signatures = ['none', 'signature', 'adult'] as const;
export type Signature = (typeof signatures)[number];

/** The box of a label. Grams and millimetres. */
export type Parcel = { weightGrams: number; lengthMm: number; widthMm: number; heightMm: number };

/** What a label is for, as it was asked for: stored with the rating and the label. `lines`: what lies in the parcel. */
export type LabelContent = {
  parcel: Parcel;
  lines: ShipmentLine[];
  shipFromWarehouseId: string | null;
  insuredValue: Money | null;
  signature: Signature;
};
/** As a person asks for it. `lines`: null for all that may lie in the parcel. */
export type AskedContent = Omit<LabelContent, 'lines'> & { lines: ShipmentLine[] | null };
