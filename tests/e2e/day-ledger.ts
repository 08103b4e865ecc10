/**
 * The day with pen and paper: what lies on whose shelf, what each customer bought, and what the supplier knew when its
 * figure was last brought to a merchant. No versions, and nothing that our tables say: the numbers that shops and
 * accounts have to show follow from domain rules §6 alone.
 */

export type SoldLine = {
  sku: string;
  shopLineId: string;
  bought: number;
  /** Cancelled in the shop; in our accounts the units follow when both tasks have run. */
  unwanted: number;
  cancelled: number;
  shipped: number;
  /** The supplier's own order has it. */
  isReserved: boolean;
  /** The supplier's figure that the merchant has leaves it out already. */
  isCovered: boolean;
};
export type SoldOrder = { code: string; shopOrderId: string; isKnown: boolean; lines: SoldLine[] };

/** A merchant. By SKU: `suppliedAs` the supplier's SKU, `main` and `reported` units once counted, `inShop` what it sells. */
export type Book = {
  suppliedAs: ReadonlyMap<string, string>;
  main: Map<string, number>;
  reported: Map<string, number>;
  inShop: Map<string, number>;
  orders: SoldOrder[];
};

export type Level = { physicalOnHand: number; committed: number };

export type Ledger = ReturnType<typeof createLedger>;

/** @param books the merchants of one supplier, whose shelf is counted by its own SKUs */
export function createLedger(books: readonly Book[]) {
  const shelf = new Map<string, number>();
  const asReserved = (supplierSku: string) =>
    books.flatMap((book) =>
      linesOf(book).filter((line) => line.isReserved && book.suppliedAs.get(line.sku) === supplierSku),
    );
  const atSupplier = (supplierSku: string): Level => ({
    physicalOnHand: shelf.get(supplierSku) ?? 0,
    committed: sum(asReserved(supplierSku), open),
  });
  return {
    shelf,
    /** What the supplier's account shows. */
    atSupplier,
    count: (supplierSku: string, units: number) => void shelf.set(supplierSku, units),
    /** Import Orders of the merchant's portal: what is still wanted becomes the supplier's own. */
    reserve(book: Book): void {
      for (const line of suppliedLines(book)) line.isReserved ||= open(line) > 0;
    },
    /** Write Inventory Back of the merchant's portal: what the supplier counts, as of now. */
    report(book: Book): void {
      for (const [sku, supplierSku] of book.suppliedAs) {
        if (!shelf.has(supplierSku)) continue;
        const { physicalOnHand, committed } = atSupplier(supplierSku);
        book.reported.set(sku, Math.max(0, physicalOnHand - committed));
        for (const line of suppliedLines(book)) if (line.sku === sku) line.isCovered = line.isReserved;
      }
    },
    /** A shipment beyond the count leaves the shelf empty. */
    ship(book: Book, line: SoldLine, units: number): void {
      const supplierSku = book.suppliedAs.get(line.sku);
      const [place, key] =
        supplierSku === undefined ? ([book.main, line.sku] as const) : ([shelf, supplierSku] as const);
      if (place.has(key)) place.set(key, Math.max(0, place.get(key)! - units));
      line.shipped += units;
    },
  };
}

export const open = ({ bought, cancelled, shipped }: SoldLine): number => bought - cancelled - shipped;

const sum = (lines: readonly SoldLine[], units: (line: SoldLine) => number) =>
  lines.reduce((total, line) => total + units(line), 0);
const linesOf = (book: Book): SoldLine[] => book.orders.flatMap(({ lines }) => lines);
const known = (book: Book): SoldLine[] => book.orders.filter(({ isKnown }) => isKnown).flatMap(({ lines }) => lines);
const suppliedLines = (book: Book) => known(book).filter(({ sku }) => book.suppliedAs.has(sku));

/** What the merchant's account shows of its own warehouse. */
export const inMain = (book: Book, sku: string, lines = known(book)): Level => ({
  physicalOnHand: book.main.get(sku) ?? 0,
  committed: book.suppliedAs.has(sku)
    ? 0
    : sum(
        lines.filter((line) => line.sku === sku),
        open,
      ),
});

/** What the merchant's account shows of the supplier's warehouse: the last figure, and what it does not contain yet. */
export const atPortal = (book: Book, sku: string, lines = known(book)): Level => ({
  physicalOnHand: book.reported.get(sku) ?? 0,
  committed: book.suppliedAs.has(sku)
    ? sum(
        lines.filter((line) => line.sku === sku && !line.isCovered),
        (line) => line.bought - line.cancelled,
      )
    : 0,
});

/** What the shop has to sell, of all that its customers bought; `undefined`: nobody ever counted it, the shop knows best. */
export function toSell(book: Book, sku: string): number | undefined {
  if (!book.main.has(sku) && !book.reported.has(sku)) return undefined;
  const levels = [inMain(book, sku, linesOf(book)), atPortal(book, sku, linesOf(book))];
  return Math.max(
    0,
    levels.reduce((units, { physicalOnHand, committed }) => units + physicalOnHand - committed, 0),
  );
}
