import { DomainError } from '../errors.ts';
import { unitsLeft, type LineUnits } from '../orders/order.ts';

export const shipmentStatuses = ['recorded', 'voided'] as const;
export type ShipmentStatus = (typeof shipmentStatuses)[number];

/** A carrier's word for a parcel. `carrier` is a code of carriers.ts, `carrierName` what people read. */
export type Tracking = { carrier: string; carrierName: string; number: string; url?: string };

export type ShipmentLine = { lineId: string; quantity: number };
export type OpenLine = LineUnits & { lineId: string };

/** Tracking numbers are compared without blanks, dashes and case: people type them in groups. */
export const normalTrackingNumber = (number: string): string => number.replace(/[\s-]/g, '').toUpperCase();

/**
 * The units of a new shipment: those asked for, or all that is left.
 * @param lines of the order, in its account's ids
 * @returns one entry per line, quantities in units, none zero
 * @throws DomainError `line_not_found`, `quantity_exceeds_open` or `nothing_left_to_ship`, naming the line and what is left;
 *   `invalid_request` for what is no list of lines with units
 */
export function linesToShip(lines: readonly OpenLine[], requested?: readonly ShipmentLine[]): ShipmentLine[] {
  if (!requested) {
    const left = lines
      .map((line) => ({ lineId: line.lineId, quantity: unitsLeft(line) }))
      .filter((line) => line.quantity > 0);
    if (left.length === 0) throw new DomainError('nothing_left_to_ship', 'Every unit has shipped or is cancelled.');
    return left;
  }
  assertUnits(requested);
  for (const [index, wanted] of requested.entries()) {
    const line = lines.find((candidate) => candidate.lineId === wanted.lineId);
    const pointer = `/lines/${index}`;
    if (!line) {
      const detail = `Line ${wanted.lineId} is not a line of this order.`;
      throw new DomainError('line_not_found', detail, [{ pointer: `${pointer}/lineId`, detail }]);
    }
    const total = requested
      .filter((other) => other.lineId === wanted.lineId)
      .reduce((sum, other) => sum + other.quantity, 0);
    if (total > unitsLeft(line)) {
      const detail = `Line ${line.lineId} has ${unitsLeft(line)} units left, ${total} were sent.`;
      throw new DomainError('quantity_exceeds_open', detail, [{ pointer: `${pointer}/quantity`, detail }]);
    }
  }
  return merged(requested);
}

/** Messages of support are JSON typed by hand: negative units would count against what others shipped. */
function assertUnits(lines: readonly ShipmentLine[]): void {
  const refuse = (pointer: string, detail: string) => {
    throw new DomainError('invalid_request', 'A shipment has lines with whole units.', [{ pointer, detail }]);
  };
  if (!Array.isArray(lines) || lines.length === 0) return refuse('/lines', 'must name at least one line');
  const wrong = lines.findIndex((line: ShipmentLine | null) => !Number.isInteger(line?.quantity) || line!.quantity < 1);
  if (wrong >= 0) refuse(`/lines/${wrong}/quantity`, 'must be a whole number above 0');
}

/** The same units with each line once. */
export function merged(lines: readonly ShipmentLine[]): ShipmentLine[] {
  const sums = new Map<string, number>();
  for (const { lineId, quantity } of lines) sums.set(lineId, (sums.get(lineId) ?? 0) + quantity);
  return [...sums].map(([lineId, quantity]) => ({ lineId, quantity }));
}

export type KnownShipment = { shipmentId: string; trackingNumber: string; lines: readonly ShipmentLine[] };

/**
 * The same parcel told twice, without the Idempotency-Key that would have recognised it.
 * @throws DomainError `tracking_already_recorded`
 * @see domain rules §5: same tracking number and lines
 */
export function assertNotRecorded(
  known: readonly KnownShipment[],
  trackingNumber: string,
  lines: readonly ShipmentLine[],
): void {
  const number = normalTrackingNumber(trackingNumber);
  const same = known.find(
    (other) => normalTrackingNumber(other.trackingNumber) === number && sameUnits(other.lines, lines),
  );
  if (same)
    throw new DomainError(
      'tracking_already_recorded',
      `Shipment ${same.shipmentId} has this tracking number and these lines.`,
    );
}

/**
 * The units of a parcel, once it is clear that it was not told before.
 * @param parcel.requested the units it names; without, all that is left
 * @throws DomainError `tracking_already_recorded`, and as `linesToShip`
 */
export function unitsOfShipment(
  lines: readonly OpenLine[],
  known: readonly KnownShipment[],
  entered: { trackingNumber: string; requested?: readonly ShipmentLine[] | undefined },
): ShipmentLine[] {
  const { trackingNumber, requested } = entered;
  const isAllGone = lines.every((line) => unitsLeft(line) === 0);
  // "All that is left", told twice, names nothing the second time: the tracking number alone tells it again.
  if (requested) assertNotRecorded(known, trackingNumber, requested);
  else if (isAllGone) known.forEach((shipment) => assertNotRecorded([shipment], trackingNumber, shipment.lines));
  return linesToShip(lines, requested);
}

/** Whether two lists name the same units, whatever their order. */
export function sameUnits(one: readonly ShipmentLine[], other: readonly ShipmentLine[]): boolean {
  const key = (lines: readonly ShipmentLine[]) =>
    merged(lines)
      .map(({ lineId, quantity }) => `${lineId}:${quantity}`)
      .sort()
      .join();
  return key(one) === key(other);
}
