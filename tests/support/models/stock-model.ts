import type { StockWrite } from '../../../activities/channels/channel.ts';
import {
  expected,
  free,
  givenKey,
  newTruth,
  openUnits,
  shelfOf,
  notSent,
  type Figure,
  type Index,
  type SoldLine,
  type Truth,
} from './stock-truth.ts';
import { kinds, supplierName, type Cell, type Kind, type Pair, type Skus } from './stock-world.ts';

/** The model of a test, besides the truth: ids, and half-done work. */

/** `gone`: units its supplier has shipped; `isRest`: the shop had shipped a part of the line itself. */
export type Line = SoldLine & {
  kind: Kind;
  isRest: boolean;
  remoteId: string;
  remoteLineId: string;
  lineId: string;
  orderId: string;
  dropshipId: string | null;
  gone: number;
};
/** `cut`: the supplier has the order and the merchant's rows do not show it. `cancelling`: the same for a cancel. */
export type Dropship = Pair & {
  id: string;
  lines: Line[];
  state: 'requested' | 'cut' | 'imported' | 'cancelling' | 'ended';
};
/** `dropship`: null for a merchant's own. */
export type ModelShipment = {
  id: string;
  merchant: Index;
  dropship: Dropship | null;
  parts: { line: Line; quantity: number }[];
  isRelayed: boolean;
};
export type Reading = Pair & { batch: StockWrite[]; figures: Map<string, Figure> };

export type Model = {
  truth: Truth;
  skus: Skus;
  lines: Line[];
  dropships: Dropship[];
  shipments: ModelShipment[];
  readings: Reading[];
  seen: Map<string, Cell>;
};

export const newModel = (skus: Skus): Model => ({
  truth: newTruth(),
  skus,
  lines: [],
  dropships: [],
  shipments: [],
  readings: [],
  seen: new Map(),
});

const homes: Record<Kind, Index | 'here'> = { first: 0, second: 1, either: 'here' };

/** Where an order's line comes from when it is routed by itself: the rest of a line that was begun elsewhere too. */
export const routed = ({ kind }: Line): Index | 'here' => homes[kind];
/** Where it comes from while nobody has it: who began a line ends it. */
export const home = (line: Line): Index | 'here' => (line.isRest ? 'here' : homes[line.kind]);

export const openAtSupplier = (line: Line): number => line.units - notSent(line) - line.gone;

/** Leaves that nobody else ships, with open units; `lines`: all of the leaf. */
export function ownLeaves({ lines }: Model): { orderId: string; lines: Line[] }[] {
  const own = lines.filter((line) => line.dropshipId === null);
  const orderIds = [...new Set(own.filter((line) => openUnits(line) > 0).map((line) => line.orderId))];
  return orderIds.map((orderId) => ({ orderId, lines: own.filter((line) => line.orderId === orderId) }));
}

/** Pairs with something to write back: the merchant has not got the supplier's last change. */
export function pairsBehind({ seen }: Model): Pair[] {
  const suppliers = [...seen.values()].filter(({ account }) => account.startsWith('s'));
  const behind = suppliers.flatMap(({ account, behind: merchants }) =>
    merchants.map((merchant) => ({ merchant, supplier: Number(account.slice(1)) as Index })),
  );
  return [...new Map(behind.map((pair) => [JSON.stringify(pair), pair])).values()];
}

/** Compares all figures with the truth, and with the figures before. @returns the faults */
export function faultsOf(model: Model, cells: readonly Cell[]): string[] {
  const faults = cells.flatMap((cell) => [...levelFaults(model, cell), ...versionFaults(model, cell)]);
  for (const cell of cells) model.seen.set(keyOf(cell), cell);
  // Each product in the suppliers' own warehouses, and in the three that each merchant has.
  if (cells.length !== kinds.length * (2 + 2 * 3)) faults.push(`${cells.length} places were seen`);
  return faults;
}

const keyOf = ({ account, sku, warehouse }: Cell): string => `${account} ${sku} ${warehouse}`;
const nameOf = (cell: Cell): string => `${cell.account} ${cell.sku.split('-')[0]} in ${cell.warehouse}`;
const published = (units: number): number => Math.max(0, units);

function levelFaults({ truth }: Model, cell: Cell): string[] {
  const { account, sku, warehouse } = cell;
  const is = `${cell.onHand}/${cell.committed}/${cell.available}`;
  if (warehouse === 'here') {
    const shelf = shelfOf(truth, account, sku);
    const truly = `${shelf.onHand}/${shelf.held}/${free(shelf)}`;
    return is === truly ? [] : [`${nameOf(cell)} is ${is}, there are ${truly}`];
  }
  const merchant = Number(account.slice(1)) as Index;
  const place = { merchant, supplier: warehouse, sku, account: supplierName(warehouse) };
  const figure = truth.given.get(givenKey(merchant, warehouse, sku));
  const { available, atMost, isOversold } = expected(truth, place);
  const [one, other] = isOversold ? [published(cell.available), published(available)] : [cell.available, available];
  return [
    ...(cell.onHand === published(figure?.free ?? 0)
      ? []
      : [`${nameOf(cell)} was given ${figure?.free}, has ${cell.onHand}`]),
    ...(cell.committed === 0 ? [] : [`${nameOf(cell)} has ${cell.committed} committed`]),
    ...(one === other ? [] : [`${nameOf(cell)} promises ${one}, should ${other}`]),
    ...(atMost === null || published(cell.available) <= published(atMost)
      ? []
      : [`${nameOf(cell)} promises more than ${atMost}`]),
  ];
}

/** A version rises with each change and never falls. An applied version is never replaced by an older one. */
function versionFaults({ seen }: Model, cell: Cell): string[] {
  const before = seen.get(keyOf(cell));
  const faults = cell.sent ? [] : [`${nameOf(cell)}: a listing did not get version ${cell.version}`];
  if (!before) return faults;
  const isSame = (['onHand', 'committed', 'available'] as const).every((key) => before[key] === cell[key]);
  if (cell.version < before.version) faults.push(`${nameOf(cell)}: the version fell to ${cell.version}`);
  if (!isSame && cell.version === before.version) faults.push(`${nameOf(cell)} changed within version ${cell.version}`);
  if ((cell.applied ?? -1) < (before.applied ?? -1)) faults.push(`${nameOf(cell)}: applied fell to ${cell.applied}`);
  return faults;
}
