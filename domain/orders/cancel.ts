import { isLive, type DropshipStatus } from '../dropships/dropship.ts';
import { DomainError } from '../errors.ts';
import { unitsLeft, type LineUnits, type OrderStatus } from './order.ts';
import { linesToShip, merged, type OpenLine, type ShipmentLine } from '../shipments/shipment.ts';

export const cancelReasons = ['customer_request', 'fraud', 'duplicate', 'out_of_stock', 'other'] as const;
export type CancelReason = (typeof cancelReasons)[number];

/** Why a supplier ships units that its merchant asks to cancel. */
export const declineReasons = ['packed', 'with_carrier', 'made_to_order', 'other'] as const;
export type DeclineReason = (typeof declineReasons)[number];

/**
 * What both sides count in: the units of a line that stay ordered of the supplier, those that shipped with those that
 * still may. Telling it again changes nothing, and it means the same in both accounts, although the merchant's line may
 * have had units cancelled, or shipped by the shop, before the supplier got it.
 */
export type Remaining = { lineId: string; remaining: number };

/** `cancelRequested`: units that are to be cancelled in all, as far as they do not ship first. */
export type AskedUnits = LineUnits & { cancelRequested?: number };

/** Units that someone asked to cancel and that have neither shipped nor been cancelled. */
export const unitsAsked = ({ quantity, shipped, cancelled, cancelRequested = 0 }: AskedUnits): number =>
  Math.max(0, Math.min(cancelRequested, quantity - shipped) - cancelled);

/** What decides how a cancel of an order is done. */
export type CancelPlace = {
  /** The dropship a supplier's order came by. */
  originDropshipId: string | null;
  /** The dropship the order was handed on by. */
  dropship: { id: string; status: DropshipStatus } | null;
};

/**
 * `own`: the units are the account's alone, one transaction cancels them. `request`: they are a dropship's, whose workflow
 * is the only one to write them (law 3).
 */
export type CancelRoute = { via: 'request'; dropshipId: string } | { via: 'own' };

/** Which way a cancel of this order goes; whether it may go at all is `assertOwnOrder` and `assertCancellable`. */
export function cancelRoute({ originDropshipId, dropship }: CancelPlace): CancelRoute {
  if (originDropshipId === null && dropship !== null && isLive(dropship.status))
    return { via: 'request', dropshipId: dropship.id };
  return { via: 'own' };
}

/** A supplier cancels only what its merchant asks it to. @throws DomainError `order_received` */
export function assertOwnOrder({ originDropshipId }: Pick<CancelPlace, 'originDropshipId'>): void {
  if (originDropshipId === null) return;
  const detail = 'The order came from a merchant: accept or decline its request to cancel, or reject the order.';
  throw new DomainError('order_received', detail);
}

/** @throws DomainError `order_is_split`, `order_cancelled`, `already_shipped` */
export function assertCancellable(status: OrderStatus): void {
  if (status === 'split') throw new DomainError('order_is_split', 'The order is split; cancel its leaves.');
  if (status === 'cancelled') throw new DomainError('order_cancelled', 'The order is cancelled already.');
  if (status === 'shipped') throw new DomainError('already_shipped', 'Every unit has shipped.');
}

/**
 * The units to cancel: those asked for, or all that is open.
 * @throws DomainError `already_shipped`, `order_cancelled`, `line_not_found`, `quantity_exceeds_open`
 */
export function linesToCancel(lines: readonly OpenLine[], requested?: readonly ShipmentLine[]): ShipmentLine[] {
  if (lines.every((line) => unitsLeft(line) === 0)) throw nothingLeft(lines);
  return linesToShip(lines, requested);
}

/**
 * The units of a supplier's order that it gives up: those named, or all that it is asked for.
 * @throws DomainError `no_cancel_requested`, `line_not_found`, `quantity_exceeds_open`
 */
export function linesToGiveUp(
  lines: readonly (OpenLine & AskedUnits)[],
  requested?: readonly ShipmentLine[],
): ShipmentLine[] {
  assertAsked(lines);
  const asked = lines.map((line) => ({ lineId: line.lineId, quantity: unitsAsked(line), shipped: 0, cancelled: 0 }));
  return linesToShip(asked, requested);
}

/** A supplier declines all that it is asked for. @throws DomainError `no_cancel_requested` */
export function assertAsked(lines: readonly AskedUnits[]): void {
  if (lines.every((line) => unitsAsked(line) === 0)) throw notAsked();
}

export const notAsked = () => new DomainError('no_cancel_requested', 'The merchant has not asked to cancel anything.');

/** What a merchant keeps ordered of lines, once units of them are cancelled. `ownShipments`: units of the order's own shipments. */
export function remainingAfter(
  lines: readonly OpenLine[],
  { units, ownShipments }: { units: readonly ShipmentLine[]; ownShipments: readonly ShipmentLine[] },
): Remaining[] {
  const sent = new Map(merged(ownShipments).map(({ lineId, quantity }) => [lineId, quantity]));
  const open = new Map(lines.map((line) => [line.lineId, unitsLeft(line)]));
  return units.map(({ lineId, quantity }) => ({
    lineId,
    remaining: (sent.get(lineId) ?? 0) + (open.get(lineId) ?? 0) - quantity,
  }));
}

/** Why nothing of these lines can be cancelled. */
export function nothingLeft(lines: readonly LineUnits[]): DomainError {
  if (lines.some((line) => line.shipped > 0)) return new DomainError('already_shipped', 'Nothing is left to cancel.');
  return new DomainError('order_cancelled', 'Every unit is cancelled already.');
}

/**
 * A line of a leaf. `key`: what the line is called in what was told, its own id or the remote one; `shippedBefore`:
 * units that the shop had shipped itself.
 */
export type CancelLine = Required<AskedUnits> & { lineId: string; key: string; shippedBefore: number };
/** `dropshipId`: the living dropship that it is handed on by. */
export type CancelLeaf = { orderId: string; number: string; dropshipId: string | null; lines: CancelLine[] };
export type LeafUnits = { orderId: string; lines: ShipmentLine[] };

/** As `Remaining` counts them. */
export const remainingUnits = ({ quantity, cancelled, shippedBefore }: CancelLine): number =>
  quantity - cancelled - shippedBefore;

/** The same without the units that are asked to be cancelled. */
export const wantedUnits = (line: CancelLine): number =>
  remainingUnits(line) - Math.max(0, line.cancelRequested - line.cancelled);

/**
 * How many units of each line, on all leaves together, are to go so that only so many are kept.
 * @param kept by the lines' keys; null: none at all
 * @returns units by key
 * @throws DomainError `line_not_found`
 */
export function unitsAbove(leaves: readonly CancelLeaf[], remaining: readonly Remaining[] | null): Map<string, number> {
  const units = new Map<string, number>();
  for (const line of leaves.flatMap(({ lines }) => lines))
    units.set(line.key, (units.get(line.key) ?? 0) + remainingUnits(line));
  if (remaining === null) return units;
  return new Map(
    remaining.map(({ lineId, remaining }) => {
      const known = units.get(lineId);
      if (known === undefined) throw new DomainError('line_not_found', `Line ${lineId} is not a line of this order.`);
      return [lineId, Math.max(0, known - remaining)];
    }),
  );
}

/**
 * Divides units of lines among the leaves that an order was split into: what is in-house first, then by number.
 * @param units by the lines' keys; those that no leaf can give belong to nobody
 * @param most units that a line can give
 * @returns the leaves that give units up, with their own line ids
 */
export function shareUnits(
  leaves: readonly CancelLeaf[],
  units: ReadonlyMap<string, number>,
  most: (line: CancelLine) => number,
): LeafUnits[] {
  const left = new Map(units);
  const take = (line: CancelLine): ShipmentLine => {
    const wanted = left.get(line.key) ?? 0;
    const quantity = Math.max(0, Math.min(wanted, most(line)));
    left.set(line.key, wanted - quantity);
    return { lineId: line.lineId, quantity };
  };
  return [...leaves]
    .sort(byWhoGivesFirst)
    .map(({ orderId, lines }) => ({ orderId, lines: lines.map(take).filter(({ quantity }) => quantity > 0) }))
    .filter(({ lines }) => lines.length > 0);
}

function byWhoGivesFirst(one: CancelLeaf, other: CancelLeaf): number {
  if ((one.dropshipId === null) !== (other.dropshipId === null)) return one.dropshipId === null ? -1 : 1;
  return one.number.localeCompare(other.number, 'en', { numeric: true });
}
