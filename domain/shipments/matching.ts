import { DomainError } from '../errors.ts';
import { didYouMean, nearestSku, shownSku } from '../nearest-sku.ts';
import { unitsLeft, type OrderStatus } from '../orders/order.ts';
import { isSameNumber, nothingLeft, type KnownShipment, type OpenLine, type ShipmentLine } from './shipment.ts';

/** Units as people name them: by line or by SKU. Without a quantity: all units that are left. */
type NamedUnits = { lineId?: string | undefined; sku?: string | undefined; quantity?: number | undefined };

/** A shipment whose order is named by its number only. */
type NamedShipment = { trackingNumber: string | null; lines?: readonly NamedUnits[] | undefined };

/** A leaf that has a number, or whose root has it. `root`: the same for all leaves of an order. */
export type NumberedLeaf = {
  id: string;
  number: string;
  /** The merchant that it came from, where it came from one. */
  merchant?: string | null;
  root: string;
  status: OrderStatus;
  isDropshipped: boolean;
  lines: readonly (OpenLine & { sku: string })[];
  shipments: readonly KnownShipment[];
};

type Line = NumberedLeaf['lines'][number];
type Leaf = Pick<NumberedLeaf, 'lines' | 'shipments'>;

const isNamed = ({ lineId, sku }: NamedUnits, line: Line): boolean =>
  lineId === undefined ? line.sku === sku : line.lineId === lineId;

const hasEach = (leaf: NumberedLeaf, named: readonly NamedUnits[], isMeant: (line: Line) => boolean): boolean =>
  named.every((wish) => leaf.lines.some((line) => isNamed(wish, line) && isMeant(line)));

/** The leaves that have all the named lines; all leaves where nothing is named, or none has them. */
function withNamed(leaves: readonly NumberedLeaf[], named: readonly NamedUnits[]): readonly NumberedLeaf[] {
  const having = leaves.filter((leaf) => hasEach(leaf, named, () => true));
  return having.length > 0 ? having : leaves;
}

const carries = ({ lines, shipments }: NumberedLeaf, { trackingNumber, lines: named = [] }: NamedShipment): boolean =>
  shipments
    .filter((shipment) => isSameNumber(shipment.trackingNumber, trackingNumber))
    .some((shipment) =>
      named.every((wish) =>
        lines.some((line) => isNamed(wish, line) && shipment.lines.some((sent) => sent.lineId === line.lineId)),
      ),
    );

/**
 * The leaf that a number means:
 * 1. the leaf that has a shipment of this tracking number already;
 * 2. else the only leaf that is not shipped, not dropshipped, and has all the named lines;
 * 3. else, if the candidates are leaves of one order, the only one with open units of all that is named;
 * 4. else, if there are no candidates, the only leaf that has all the named lines: its shipment may be corrected.
 * Between two orders it never guesses.
 * @param leaves those with the number, at least one
 * @throws DomainError `order_ambiguous` naming the candidates
 */
export function leafMeant(leaves: readonly NumberedLeaf[], wanted: NamedShipment): NumberedLeaf {
  const named = wanted.lines ?? [];
  const meant = leaves.filter((leaf) => carries(leaf, wanted));
  if (meant.length === 1) return meant[0]!;
  const possible = leaves.filter(
    (leaf) => leaf.status !== 'shipped' && !leaf.isDropshipped && hasEach(leaf, named, () => true),
  );
  if (possible.length === 1) return possible[0]!;
  const isOneOrder = new Set(possible.map((leaf) => leaf.root)).size === 1;
  const open = isOneOrder ? possible.filter((leaf) => hasEach(leaf, named, (line) => unitsLeft(line) > 0)) : [];
  const living = open.filter((leaf) => leaf.status !== 'cancelled');
  if (living.length === 1) return living[0]!;
  const candidates = possible.length > 0 ? possible : withNamed(leaves, named);
  // The check of the only candidate gives a more precise refusal.
  if (candidates.length === 1) return candidates[0]!;
  throw new DomainError(
    'order_ambiguous',
    'Several orders have this number; name the order by its id, or a leaf by its own number.',
    candidates.map(({ id, number, merchant }) => ({
      pointer: '/number',
      detail: `${id}, number ${number}${merchant ? `, from ${merchant}` : ''}`,
    })),
  );
}

/**
 * The units that a shipment names, by line. A SKU on several lines takes from them in their order.
 * @returns undefined for all units that are left on the order
 * @throws DomainError `line_not_found`, `quantity_exceeds_open`, `nothing_left_to_ship`, `tracking_already_recorded`,
 *   or `invalid_request` for a line that is named twice
 */
export function unitsNamed(leaf: Leaf, { trackingNumber, lines: named }: NamedShipment): ShipmentLine[] | undefined {
  if (!named) return undefined;
  assertEachOnce(leaf.lines, named);
  const known = leaf.shipments.filter((shipment) => isSameNumber(shipment.trackingNumber, trackingNumber));
  const same = known.find((shipment) => isSame(shipment, leaf.lines, named));
  if (same) {
    throw new DomainError(
      'tracking_already_recorded',
      `Shipment ${same.shipmentId} has this tracking number and these lines.`,
    );
  }
  return named.flatMap((wish, index) => taken(leaf, wish, index));
}

/**
 * The shipment that a shipment with another tracking corrects: its units have all shipped, as exactly one shipment.
 * @returns undefined while there is a unit left, so that it can be recorded
 * @throws DomainError `line_not_found`, `invalid_request` for a line that is named twice, `nothing_left_to_ship` where no
 *   shipment, or more than one, has these units
 */
export function shipmentToCorrect(
  leaf: Leaf,
  { lines: named, trackingNumber }: NamedShipment,
): KnownShipment | undefined {
  const { lines, shipments } = leaf;
  if (named) assertEachOnce(lines, named);
  const meant = named ? lines.filter((line) => named.some((wish) => isNamed(wish, line))) : lines;
  if (meant.some((line) => unitsLeft(line) > 0)) return undefined;
  const ones = named ? shipments.filter((shipment) => isSame(shipment, lines, named)) : shipments;
  if (ones.length === 1) return ones[0];
  const same = ones.filter((shipment) => isSameNumber(shipment.trackingNumber, trackingNumber));
  if (same.length === 1) return same[0];
  const cause = ones.length === 0 ? 'No shipment has exactly these units.' : 'Several shipments have these units.';
  throw nothingLeft(`Every unit has shipped or is cancelled. ${cause}`, ones.length === 0 ? shipments : ones);
}

function assertEachOnce(lines: readonly Line[], named: readonly NamedUnits[]): void {
  for (const [index, wish] of named.entries()) {
    const pointer = `/lines/${index}/${wish.lineId === undefined ? 'sku' : 'lineId'}`;
    const own = lines.filter((line) => isNamed(wish, line));
    if (own.length === 0) throw notOnOrder(wish, pointer, lines);
    const isAgain = named.slice(0, index).some((other) => own.some((line) => isNamed(other, line)));
    if (isAgain) {
      const fault = { pointer, detail: 'is named twice in this shipment' };
      throw new DomainError('invalid_request', 'A shipment names each line once.', [fault]);
    }
  }
}

function notOnOrder({ lineId, sku = '' }: NamedUnits, pointer: string, lines: readonly Line[]): DomainError {
  const nearest = lineId === undefined ? nearestSku(sku, lines.map((line) => line.sku)) : undefined; // prettier-ignore
  const detail = `${lineId ?? shownSku(sku)} is not on this order.${didYouMean(nearest)}`;
  return new DomainError('line_not_found', detail, [{ pointer, detail }]);
}

/** Compares sums per name, not per line: on a repeat a SKU would take its units from other lines. */
function isSame(shipment: KnownShipment, lines: readonly Line[], named: readonly NamedUnits[]): boolean {
  const sentOf = (own: readonly Line[]) =>
    shipment.lines
      .filter((sent) => own.some((line) => line.lineId === sent.lineId))
      .reduce((sum, { quantity }) => sum + quantity, 0);
  const everySent = shipment.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const sent = named.map((wish) => sentOf(lines.filter((line) => isNamed(wish, line))));
  const isAsNamed = named.every((wish, index) => {
    const left = lines.filter((line) => isNamed(wish, line)).reduce((sum, line) => sum + unitsLeft(line), 0);
    return wish.quantity === undefined ? sent[index]! > 0 && left === 0 : sent[index] === wish.quantity;
  });
  return isAsNamed && sent.reduce((sum, units) => sum + units, 0) === everySent;
}

function taken({ lines, shipments }: Leaf, wish: NamedUnits, index: number): ShipmentLine[] {
  const own = lines.filter((line) => isNamed(wish, line));
  const left = own.reduce((sum, line) => sum + unitsLeft(line), 0);
  const name = wish.lineId ?? wish.sku;
  const pointer = `/lines/${index}/quantity`;
  if (left === 0 && wish.quantity === undefined) {
    const having = shipments.filter((sent) =>
      own.some(({ lineId }) => sent.lines.some((line) => line.lineId === lineId)),
    );
    throw nothingLeft(`Every unit of ${name} has shipped or is cancelled.`, having, pointer);
  }
  let missing = wish.quantity ?? left;
  if (missing > left) {
    const detail = `${name} has ${left} units left, ${missing} were sent.`;
    throw new DomainError('quantity_exceeds_open', detail, [{ pointer, detail }]);
  }
  return own.flatMap((line) => {
    const quantity = Math.min(missing, unitsLeft(line));
    missing -= quantity;
    return quantity > 0 ? [{ lineId: line.lineId, quantity }] : [];
  });
}
