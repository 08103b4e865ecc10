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
 * The units of a line that stay ordered of the supplier: those that have shipped and those that still may. Messages
 * between the two sides carry this number, so that a message sent twice changes nothing. It means the same in both
 * accounts, although units of the merchant's line may have been cancelled, or shipped by the shop, before the import.
 */
export type Remaining = { lineId: string; remaining: number };

/** `cancelRequested`: the units to cancel in all, cancelled ones included, unless they ship first. */
export type AskedUnits = LineUnits & { cancelRequested?: number };

/** Units with a cancel request that have neither shipped nor been cancelled. */
export const unitsAsked = ({ quantity, shipped, cancelled, cancelRequested = 0 }: AskedUnits): number =>
  Math.max(0, Math.min(cancelRequested, quantity - shipped) - cancelled);

/** What decides how a cancel of an order is done. */
export type CancelPlace = {
  /** The dropship that a supplier's order came by. */
  originDropshipId: string | null;
  /** The dropship by which the order is dropshipped. */
  dropship: { id: string; status: DropshipStatus } | null;
};

/**
 * `own`: only this account is concerned, so one transaction cancels the units. `request`: they belong to a dropship, whose
 * workflow alone writes them (law 3).
 */
type CancelRoute = { via: 'request'; dropshipId: string } | { via: 'own' };

/** How a cancel of this order is done. `assertOwnOrder` and `assertCancellable` say whether it is possible. */
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

/** @throws DomainError `order_is_split`, `order_cancelled`, `order_shipped` */
export function assertCancellable(status: OrderStatus): void {
  if (status === 'split') throw new DomainError('order_is_split', 'The order is split; cancel its leaves.');
  if (status === 'cancelled') throw new DomainError('order_cancelled', 'The order is cancelled already.');
  if (status === 'shipped') throw new DomainError('order_shipped', 'Every unit has shipped.');
}

/**
 * The units to cancel: the named ones, or all open units.
 * @throws DomainError `order_shipped`, `order_cancelled`, `line_not_found`, `quantity_exceeds_open`
 */
export function linesToCancel(lines: readonly OpenLine[], requested?: readonly ShipmentLine[]): ShipmentLine[] {
  if (lines.every((line) => unitsLeft(line) === 0)) throw nothingLeft(lines);
  return linesToShip(lines, requested);
}

/**
 * The units that a supplier gives up: the named ones, or all units with a cancel request.
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

/** The remaining units of lines after a cancel. `ownShipments`: units that the order's own shipments contain. */
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

/** The refusal when no unit of these lines can be cancelled. */
export function nothingLeft(lines: readonly LineUnits[]): DomainError {
  if (lines.some((line) => line.shipped > 0)) return new DomainError('order_shipped', 'Nothing is left to cancel.');
  return new DomainError('order_cancelled', 'Every unit is cancelled already.');
}

/**
 * A line of a leaf. `key`: the id that the message uses for the line, its own or the remote one. `shippedBefore`: units
 * that the shop had shipped itself, or that need no shipping. `cancelledInShop`: the units that the shop cancelled in all,
 * units cancelled here included, unless they ship first. `letShip`: those of them that a person lets ship.
 */
export type CancelLine = Required<AskedUnits> & {
  lineId: string;
  key: string;
  shippedBefore: number;
  cancelledInShop: number;
  letShip: number;
};
/** `dropshipId`: its live dropship. */
export type CancelLeaf = { orderId: string; number: string; dropshipId: string | null; lines: CancelLine[] };
export type LeafUnits = { orderId: string; lines: ShipmentLine[] };

/** The line's units in the sense of `Remaining`. */
export const remainingUnits = ({ quantity, cancelled, shippedBefore }: CancelLine): number =>
  quantity - cancelled - shippedBefore;

/** The units that the merchant wants to remain: without those that it asked to cancel. */
export const wantedUnits = (line: CancelLine): number =>
  remainingUnits(line) - Math.max(0, line.cancelRequested - line.cancelled);

/**
 * How many units of each line, on all leaves together, must be cancelled so that only `remaining` stay.
 * @param remaining by the lines' keys; null: no unit of any line remains
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
 * Divides units of lines among the leaves of an order: in-house leaves first, then by number.
 * @param units by the lines' keys; units that no leaf can give are left out
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

/** Units of a line that may still be asked to be cancelled. */
export const stillToAsk = (line: AskedUnits): number => unitsLeft(line) - unitsAsked(line);

/** The units that a shop still wants of each line, shipped ones included, by remote line id. A line that is not there: 0. */
export type LeftInShop = ReadonlyMap<string, number>;

/**
 * Units by remote line that the shop does not want any more, less those that are cancelled or requested here.
 * @param leaves of the shop's order, their lines keyed by remote id
 */
export function unitsToGo(leaves: readonly CancelLeaf[], left: LeftInShop): Map<string, number> {
  return unitsBeyondShop(leaves, { left, wanted: (line) => line.quantity - line.cancelled - unitsAsked(line) });
}

/** How many more units of each line the leaves count, by `wanted`, than the shop still does. By remote line id. */
export function unitsBeyondShop(
  leaves: readonly CancelLeaf[],
  { left, wanted }: { left: LeftInShop; wanted: (line: CancelLine) => number },
): Map<string, number> {
  const counted = new Map<string, number>();
  for (const line of leaves.flatMap(({ lines }) => lines))
    counted.set(line.key, (counted.get(line.key) ?? 0) + wanted(line));
  return new Map([...counted].map(([key, units]) => [key, units - (left.get(key) ?? 0)]));
}
