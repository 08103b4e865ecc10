/**
 * The true units of each shelf and who has a claim to them, by counting only: without versions, formula or production
 * code. A moment is a position in the list of changes of a shelf: a figure contains the changes before its reading.
 */

/** One of two merchants, or of two suppliers. */
export type Index = 0 | 1;
export const both: readonly Index[] = [0, 1];

/** A change of what is free, in units; by whom: a merchant's own order, or anything else. */
type Change = { by: Index | 'outside'; units: number };

/** Units of one product on the shelf of one account; `held`: of these, for open orders. */
type Shelf = { onHand: number; held: number; changes: Change[] };

/** Units that a supplier released. `isSent`: its merchant knows. */
type Release = { units: number; at: number; isSent: boolean };
/** `at`: the moment from which on the supplier's shelf holds the line's units. */
type Reservation = { at: number; releases: Release[] };

/** Units that a merchant sold, without those it knows to be cancelled; `shipped`: of these, as far as it knows. */
export type SoldLine = {
  merchant: Index;
  sku: string;
  units: number;
  shipped: number;
  from: Index | 'here';
  reservation: Reservation | null;
};

/** What a supplier had free at the moment a write-back read it. */
export type Figure = { at: number; free: number };

export type Truth = {
  /** By account and SKU. */
  shelves: Map<string, Shelf>;
  lines: SoldLine[];
  /** The newest figure that a merchant was given, by merchant, supplier and SKU. */
  given: Map<string, Figure>;
};

export const newTruth = (): Truth => ({ shelves: new Map(), lines: [], given: new Map() });

export function shelfOf({ shelves }: Truth, account: string, sku: string): Shelf {
  const key = `${account} ${sku}`;
  const shelf = shelves.get(key) ?? { onHand: 0, held: 0, changes: [] };
  shelves.set(key, shelf);
  return shelf;
}

export const free = ({ onHand, held }: Shelf): number => onHand - held;
export const openUnits = ({ units, shipped }: SoldLine): number => units - shipped;

/** Changes a shelf and records who changed its free units. */
export function change(shelf: Shelf, by: Change['by'], work: () => void): void {
  const before = free(shelf);
  work();
  const units = free(shelf) - before;
  if (units !== 0) shelf.changes.push({ by, units });
}

/** A supplier gets a merchant's line. */
export function reserve(shelf: Shelf, line: SoldLine): void {
  change(shelf, line.merchant, () => (shelf.held += line.units));
  line.reservation = { at: shelf.changes.length, releases: [] };
}

/** Units are shipped. If the count was too low, it is corrected, by no merchant's order. */
export function takeAway(shelf: Shelf, units: number): void {
  change(shelf, 'outside', () => {
    shelf.onHand = Math.max(0, shelf.onHand - units);
    shelf.held -= units;
  });
}

/** A shipment is voided: its units have not left. */
export function putBack(shelf: Shelf, units: number): void {
  change(shelf, 'outside', () => {
    shelf.onHand += units;
    shelf.held += units;
  });
}

/** The supplier cancels; its merchant does not know yet. */
export function release(shelf: Shelf, line: SoldLine, units: number): void {
  change(shelf, line.merchant, () => (shelf.held -= units));
  line.reservation!.releases.push({ units, at: shelf.changes.length, isSent: false });
}

/** Units that the supplier has cancelled and the merchant does not know of. */
export const notSent = ({ reservation }: SoldLine): number =>
  (reservation?.releases ?? []).filter((one) => !one.isSent).reduce((sum, one) => sum + one.units, 0);

/** The merchant learns of what its supplier cancelled. */
export function send(line: SoldLine): void {
  for (const one of line.reservation?.releases ?? []) {
    if (!one.isSent) line.units -= one.units;
    one.isSent = true;
  }
}

/** A merchant's line gets another supplier, or none. */
export function moveTo(truth: Truth, line: SoldLine, to: { from: Index | 'here'; account: string }): void {
  if (line.from === to.from) return;
  const own = shelfOf(truth, to.account, line.sku);
  if (line.from === 'here') own.held -= openUnits(line);
  if (to.from === 'here') own.held += openUnits(line);
  line.from = to.from;
}

export const givenKey = (merchant: Index, supplier: Index, sku: string): string => `${merchant} ${supplier} ${sku}`;

/** A merchant gets a figure. A figure of the same or an earlier moment than the last one is ignored. */
export function give(truth: Truth, key: string, figure: Figure): void {
  const known = truth.given.get(key);
  if (!known || figure.at > known.at) truth.given.set(key, figure);
}

const sum = (units: readonly number[]): number => units.reduce((total, one) => total + one, 0);

/**
 * What the merchant's number must be: what the supplier has free now, less own units that are not reserved there yet,
 * less what own cancels released since the figure which had excluded it, and apart from what others did since.
 * @returns `atMost`: the first two terms, where nobody else did anything since
 */
export function expected(truth: Truth, place: { merchant: Index; supplier: Index; sku: string; account: string }) {
  const { merchant, supplier, sku } = place;
  const shelf = shelfOf(truth, place.account, sku);
  const lines = truth.lines.filter((l) => l.merchant === merchant && l.from === supplier && l.sku === sku);
  const figure = truth.given.get(givenKey(merchant, supplier, sku));
  if (!figure) return { available: -sum(lines.map((line) => line.units)), atMost: null, isOversold: false };
  const unreserved = sum(lines.filter((line) => !line.reservation).map((line) => line.units));
  const others = sum(
    shelf.changes
      .slice(figure.at)
      .filter((one) => one.by !== merchant)
      .map((one) => one.units),
  );
  const isQuiet = shelf.changes.slice(figure.at).every((one) => one.by === merchant);
  const late = sum(lines.map((line) => lateReleases(line, figure)));
  const atMost = free(shelf) - unreserved;
  return { available: atMost - others - late, atMost: isQuiet ? atMost : null, isOversold: figure.free < 0 };
}

/**
 * Units that a supplier has released and the merchant cannot promise again yet: of a line that the figure had excluded,
 * those released since; of another line, those that the merchant does not know of.
 */
function lateReleases({ reservation }: SoldLine, figure: Figure): number {
  if (!reservation) return 0;
  const isExcluded = reservation.at <= figure.at;
  const late = reservation.releases.filter((one) => (isExcluded ? one.at > figure.at : !one.isSent));
  return sum(late.map((one) => one.units));
}
