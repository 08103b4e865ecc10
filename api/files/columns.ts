import { isBlank, quoted, trimmed, unwrapped } from '../../domain/cells.ts';
import { DomainError } from '../../domain/errors.ts';
import type { FileRow } from './file-row.ts';
import { otherNames, type Column } from './column-names.ts';

/** The columns that a kind of file has. */
export type ColumnSet = { needed: readonly Column[]; optional: readonly Column[] };

/** The first row of a file. `columns`: by position; null: a column that is not read. `ignored`: the names of those. */
export type Heading = { row: number; columns: readonly (Column | null)[]; ignored: readonly string[] };

/** The cells of a row that are read and not blank. */
export type Cells = Partial<Record<Column, string>>;

/** Names are compared without case, accents and signs: `Tracking No.`, `tracking_no` and `TRACKING-NO` are one name. */
const plainName = (name: string): string =>
  trimmed(name)
    .slice(0, 100)
    .replaceAll('#', 'number')
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

const all = ({ needed, optional }: ColumnSet): readonly Column[] => [...needed, ...optional];

const namesOf = new Map<ColumnSet, ReadonlyMap<string, Column>>();

/** Every name that a column of the file may have. */
function namesIn(set: ColumnSet): ReadonlyMap<string, Column> {
  const known = namesOf.get(set);
  if (known) return known;
  const names = new Map(
    all(set).flatMap((column) => [column, ...otherNames[column]].map((name) => [plainName(name), column] as const)),
  );
  namesOf.set(set, names);
  return names;
}

/** @returns whether a cell of the first row is a name of a column */
export const isNameIn =
  (set: ColumnSet): ((cell: string) => boolean) =>
  (cell) =>
    namesIn(set).has(plainName(unwrapped(cell)));

/**
 * The columns of a file, by its first row. Columns with other names are not read, unless a name looks like a slip: a file
 * whose `quantiy` is not read would ship all units.
 * @throws DomainError `invalid_request` naming a column that is missing, that is there twice, or whose name has a slip
 */
export function headingOf(set: ColumnSet, first: FileRow | undefined): Heading {
  const cells = (first?.cells ?? []).map((cell) => trimmed(unwrapped(cell)));
  while (cells.length > 0 && isBlank(cells.at(-1)!)) cells.pop();
  const columns = cells.map((cell) => namesIn(set).get(plainName(cell)) ?? null);
  assertOnce(cells, columns);
  const ignored = cells.flatMap((cell, at) =>
    columns[at] !== null ? [] : cell === '' ? `${at + 1}, without a name` : cell,
  );
  assertNoSlip(set, { columns, ignored });
  const missing = set.needed.filter((column) => !columns.includes(column));
  if (missing.length > 0) throw invalid(`The column ${listed(missing)} is missing. ${foundIn(cells)} ${wantedOf(set)}`);
  return { row: first?.row ?? 1, columns, ignored };
}

const invalid = (detail: string) => new DomainError('invalid_request', detail);
const listed = (names: readonly string[]): string => names.join(' and ');

function assertOnce(cells: readonly string[], columns: readonly (Column | null)[]): void {
  const again = columns.findIndex((column, at) => column !== null && columns.indexOf(column) < at);
  if (again < 0) return;
  const [column, first] = [columns[again]!, columns.indexOf(columns[again]!)];
  throw invalid(`Two columns mean ${column}: ${quoted(cells[first]!)} and ${quoted(cells[again]!)}. Remove one.`);
}

function assertNoSlip(set: ColumnSet, { columns, ignored }: Pick<Heading, 'columns' | 'ignored'>): void {
  for (const name of ignored) {
    const meant = [...namesIn(set)].find(([known]) => isSlipOf(plainName(name), known))?.[1];
    if (meant === undefined || columns.includes(meant)) continue;
    throw invalid(`The column ${quoted(name)} is not known. Is it ${meant}? Rename it, or remove it.`);
  }
}

/** Whether one sign is missing, too much, other, or in the place of its neighbour. Short names are too alike. */
function isSlipOf(name: string, known: string): boolean {
  if (name.length < 5 || known.length < 5 || Math.abs(name.length - known.length) > 1) return false;
  let [same, sameEnd] = [0, 0];
  const shorter = Math.min(name.length, known.length);
  while (same < shorter && name[same] === known[same]) same += 1;
  while (sameEnd < shorter - same && name.at(-1 - sameEnd) === known.at(-1 - sameEnd)) sameEnd += 1;
  const [rest, knownRest] = [name.slice(same, name.length - sameEnd), known.slice(same, known.length - sameEnd)];
  const isSwapped = rest.length === 2 && rest[0] === knownRest[1] && rest[1] === knownRest[0];
  return isSwapped || (rest.length <= 1 && knownRest.length <= 1);
}

const foundIn = (cells: readonly string[]): string => {
  const shown = cells.slice(0, 20).map(quoted).join(', ');
  return `The first row has ${shown === '' ? 'no names' : shown}${cells.length > 20 ? ', …' : ''}.`;
};

function wantedOf({ needed, optional }: ColumnSet): string {
  return `It names the columns: ${needed.join(',')}, and if wanted ${optional.join(',')}. See /docs/files.`;
}

/** What the answer to a file says of columns that were not read. */
export function ignoredText({ ignored }: Heading): string {
  const shown = ignored.slice(0, 20).map(quoted).join(', ');
  return `Columns that are not read: ${shown}${ignored.length > 20 ? ', …' : ''}.`;
}

/** The cells of a row, by column. Spreadsheets leave out the blank cells at its end. */
export function cellsOf({ columns }: Heading, { cells }: FileRow): Cells {
  const named = columns.flatMap((column, at): [Column, string][] => {
    const cell = cells[at] ?? '';
    if (column === null || isBlank(cell)) return [];
    // A SKU in quotes may have blanks around it: it is compared sign by sign.
    return [[column, column === 'sku' ? unwrapped(cell) : trimmed(unwrapped(cell))]];
  });
  return Object.fromEntries(named);
}

/** @throws DomainError `invalid_request` where a row has more cells than the first row: a sign in it parts a cell */
export function assertWidth({ columns }: Heading, { row, cells }: FileRow): void {
  const more = cells.slice(columns.length).filter((cell) => !isBlank(cell));
  if (more.length === 0) return;
  const shown = more.slice(0, 3).map(quoted).join(', ');
  throw invalid(`Row ${row} has more cells than the first row, which has ${columns.length}: ${shown}.`);
}

/**
 * Reads a cell so that a refusal names its column.
 * @param where added to the refusal, such as `, in row 7`
 */
export function inColumn<T>(column: Column, where: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.code, `${column}: ${error.message}${where}.`);
  }
}
