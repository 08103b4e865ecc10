import { DomainError } from '../errors.ts';
import { unitsLeft, type LineUnits } from '../orders/order.ts';
import type { ShipmentMethod } from './method.ts';

export const shipmentStatuses = ['recorded', 'voided'] as const;
export type ShipmentStatus = (typeof shipmentStatuses)[number];

/** `carrier` is a code of carriers.ts, `carrierName` the name for people. Only a tracked shipment always has both and a number. */
export type Tracking = {
  method: ShipmentMethod;
  carrier: string | null;
  carrierName: string | null;
  number: string | null;
  url?: string;
};

export type ShipmentLine = { lineId: string; quantity: number };
export type OpenLine = LineUnits & { lineId: string };

/** Tracking numbers are compared without blanks, dashes and case: people type them in groups. */
export const normalTrackingNumber = (number: string): string => number.replace(/[\s-]/g, '').toUpperCase();

/** A shipment without a number has the same number as no other. */
export const isSameNumber = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && normalTrackingNumber(one) === normalTrackingNumber(other);

/**
 * The units of a new shipment: the named ones, or all units that are left.
 * @param lines of the order, in its account's ids
 * @returns one entry per line, quantities in units, none zero
 * @throws DomainError `line_not_found`, `quantity_exceeds_open` or `nothing_left_to_ship`, naming the line and what is left;
 *   `invalid_request` for a malformed list of lines
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

/** Support types messages by hand. Negative units would cancel out units of other entries, so they are refused here. */
function assertUnits(lines: readonly ShipmentLine[]): void {
  const refuse = (pointer: string, detail: string) => {
    throw new DomainError('invalid_request', 'A shipment has lines with whole units.', [{ pointer, detail }]);
  };
  if (!Array.isArray(lines) || lines.length === 0) return refuse('/lines', 'must name at least one line');
  const wrong = lines.findIndex((line: ShipmentLine | null) => !Number.isInteger(line?.quantity) || line!.quantity < 1);
  if (wrong >= 0) refuse(`/lines/${wrong}/quantity`, 'must be a whole number above 0');
}

/** Sums up the units of each line, so that each line is there once. */
export function merged(lines: readonly ShipmentLine[]): ShipmentLine[] {
  const sums = new Map<string, number>();
  for (const { lineId, quantity } of lines) sums.set(lineId, (sums.get(lineId) ?? 0) + quantity);
  return [...sums].map(([lineId, quantity]) => ({ lineId, quantity }));
}

export type KnownShipment = { shipmentId: string; trackingNumber: string | null; lines: readonly ShipmentLine[] };

/**
 * Refuses a shipment that was sent before without the Idempotency-Key that would have recognized it. Without a number
 * no repeat is recognized: two letters may have the same units.
 * @throws DomainError `tracking_already_recorded`
 * @see rules §5: same tracking number and lines
 */
export function assertNotRecorded(
  known: readonly KnownShipment[],
  trackingNumber: string | null,
  lines: readonly ShipmentLine[],
): void {
  const same = known.find(
    (other) => isSameNumber(other.trackingNumber, trackingNumber) && sameUnits(other.lines, lines),
  );
  if (same)
    throw new DomainError(
      'tracking_already_recorded',
      `Shipment ${same.shipmentId} has this tracking number and these lines.`,
    );
}

/**
 * The units of a new shipment, once it is clear that it was not recorded before.
 * @param entered.requested the named units; without them, all that are left
 * @throws DomainError `tracking_already_recorded`, and as `linesToShip`. Without a number and without open units it is
 *   `nothing_left_to_ship`, also for named units: it is probably a repeat
 */
export function unitsOfShipment(
  lines: readonly OpenLine[],
  known: readonly KnownShipment[],
  entered: { trackingNumber: string | null; requested?: readonly ShipmentLine[] | undefined },
): ShipmentLine[] {
  const { trackingNumber, requested } = entered;
  const isAllGone = lines.every((line) => unitsLeft(line) === 0);
  // "All that is left" means no units when it is sent again, so the tracking number alone shows the repeat.
  if (requested) assertNotRecorded(known, trackingNumber, requested);
  else known.forEach((shipment) => assertNotRecorded([shipment], trackingNumber, shipment.lines));
  if (isAllGone && (!requested || trackingNumber === null)) {
    throw nothingLeft('Every unit has shipped or is cancelled.', known);
  }
  return linesToShip(lines, requested);
}

/** Names the shipments that have the units: another number for them may be a correction. */
export function nothingLeft(detail: string, shipments: readonly KnownShipment[], pointer?: string): DomainError {
  const [first] = shipments;
  const named = shipments
    .slice(0, 3)
    .map(
      (one) =>
        `${one.shipmentId} has ${one.trackingNumber === null ? 'no number' : `the number ${one.trackingNumber}`}`,
    );
  const text = first
    ? `${detail} Shipment ${named.join(', ')}. To correct it: PATCH /v1/shipments/${first.shipmentId}, or send it ` +
      'again, in a batch or a file, to /v1/shipments/batch?onShipped=correct.'
    : detail;
  return new DomainError('nothing_left_to_ship', text, pointer === undefined ? [] : [{ pointer, detail }]);
}

const dayMs = 86_400_000;
const daysAhead = 30;

/**
 * A ship date that was typed wrong is far from its order or from today. It may be a day before the order: days have no
 * time zone. A shipment of this moment is never before its order.
 * @throws DomainError `ship_date_not_acceptable`
 */
export function assertShipDate(shippedAt: string, { placedAt, now }: { placedAt: string; now: Date }): void {
  const shipped = Date.parse(shippedAt);
  const refuse = (detail: string) => {
    const text = `The ship date ${shippedAt.slice(0, 10)} ${detail}.`;
    throw new DomainError('ship_date_not_acceptable', text, [{ pointer: '/shippedAt', detail }]);
  };
  if (shipped > now.getTime() + daysAhead * dayMs) refuse(`is more than ${daysAhead} days ahead`);
  const firstDay = Math.floor(Date.parse(placedAt) / dayMs) * dayMs - dayMs;
  if (shipped < Math.min(firstDay, now.getTime())) refuse(`is before its order, placed on ${placedAt.slice(0, 10)}`);
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
