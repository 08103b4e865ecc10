import type { DropshipStatus } from '../dropships/dropship.ts';
import type { OrderStatus } from '../orders/order.ts';
import type { ShipmentLine } from '../shipments/shipment.ts';
import type { PickOrder, Printable } from './paper.ts';
import { inPickOrder } from './pick-list.ts';
import { printRefusal, type PrintFailure } from './print-job.ts';
import { unitsToPack, type PrintedOrder } from './printed-order.ts';

/** A label that can be on paper: bought, not void, no return label. `documentId` null: its bytes are not stored, or no more. */
export type PackedLabel = {
  labelId: string;
  documentId: string | null;
  lines: readonly ShipmentLine[];
  isRecorded: boolean;
  wasPrinted: boolean;
};

export type OrderToPack = {
  order: PrintedOrder;
  status: OrderStatus;
  /** Of the dropship that has not ended. */
  dropshipStatus: DropshipStatus | null;
  labels: readonly PackedLabel[];
};

/** A parcel on paper. Without `units` it has all that is open. */
export type PackedParcel = {
  label: { labelId: string; documentId: string } | null;
  units?: { lines: readonly ShipmentLine[]; isRecorded: boolean };
};
export type PackedOrder = { order: PrintedOrder; parcels: PackedParcel[] };

/** An order is either packed or, as a whole, left out; of a packed order, single labels may be left out. */
type Packing = { packed: PackedOrder | null; failures: PrintFailure[] };

/**
 * The parcels of an order that a job prints. With `label` among the documents they are those that have labels; else what is
 * open is one parcel.
 */
export function packOrder(found: OrderToPack, documents: readonly Printable[]): Packing {
  const { order } = found;
  const leftOut = (code: PrintFailure['code'], document: Printable | null = null): PrintFailure => ({
    orderId: order.id,
    document,
    code,
  });
  const refusal = printRefusal(found);
  if (refusal !== null) return { packed: null, failures: [leftOut(refusal)] };
  if (!documents.includes('label')) return { packed: { order, parcels: [{ label: null }] }, failures: [] };
  const parcels = notYetPrinted(found.labels).map(parcelOf);
  const ready = parcels.filter(({ label }) => label !== null);
  if (parcels.length === 0) return { packed: null, failures: [leftOut('label_not_bought')] };
  const failures = ready.length < parcels.length ? [leftOut('document_not_found', 'label')] : [];
  return { packed: ready.length > 0 ? { order, parcels: ready } : null, failures };
}

/** A second label of an order must not bring a copy of the first, which is on another parcel. All printed: all again. */
function notYetPrinted(labels: readonly PackedLabel[]): readonly PackedLabel[] {
  const fresh = labels.filter(({ wasPrinted }) => !wasPrinted);
  return fresh.length > 0 ? fresh : labels;
}

const parcelOf = ({ labelId, documentId, lines, isRecorded }: PackedLabel): PackedParcel => ({
  label: documentId === null ? null : { labelId, documentId },
  units: { lines, isRecorded },
});

/** The orders of a job as they lie on the pile. */
export function inJobOrder(packed: readonly PackedOrder[], sort: PickOrder): PackedOrder[] {
  const byId = new Map(packed.map((one) => [one.order.id, one]));
  return inPickOrder(packed.map(asPicked), sort).map(({ id }) => byId.get(id)!);
}

/** The order with the units of its parcels alone, as a pick list counts it. */
export function asPicked({ order, parcels }: PackedOrder): PrintedOrder {
  const units = new Map<string, number>();
  for (const parcel of parcels)
    for (const { line, here } of unitsToPack(order, parcel.units))
      units.set(line.lineId, (units.get(line.lineId) ?? 0) + here);
  const lines = order.lines.map((line) => ({
    ...line,
    quantity: units.get(line.lineId) ?? 0,
    shipped: 0,
    cancelled: 0,
  }));
  return { ...order, lines };
}
