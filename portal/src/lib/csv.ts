/** Rows of a CSV by the names of its first row (RFC 4180). */
export function rowsOf(text: string): Record<string, string>[] {
  const [names = [], ...rows] = cellsOf(text).filter((row) => row.length > 1 || row[0] !== '');
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ''])));
}

/** A cell in quotes, or up to the next separator; then the separator. */
const cellIn: Readonly<Record<Delimiter, RegExp>> = {
  ',': /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g,
  ';': /(?:"((?:[^"]|"")*)"|([^;\r\n]*))(;|\r?\n|$)/g,
  '\t': /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r?\n|$)/g,
  '|': /(?:"((?:[^"]|"")*)"|([^|\r\n]*))(\||\r?\n|$)/g,
};

/** What stands between the cells of a file. */
export type Delimiter = ',' | ';' | '\t' | '|';

/** All rows of a text, blank ones too, so that a row has the number that a spreadsheet gives it. */
export function cellsOf(text: string, delimiter: Delimiter = ','): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(cellIn[delimiter])) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === delimiter) continue;
    rows.push(row);
    row = [];
    if (end === '') break;
  }
  return rows;
}

/** Spreadsheets run what begins so as a formula. */
const isFormula = (cell: string): boolean => /^[=+\-@\t\r]/.test(cell);

const cellOf = (value: string): string => {
  const safe = isFormula(value) ? `'${value}` : value;
  return /[",;|\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** A CSV of these rows, the first of them the names, whose cells no spreadsheet runs. */
export const csvOfCells = (rows: readonly (readonly string[])[], delimiter: Delimiter = ','): string =>
  rows.map((cells) => `${cells.map(cellOf).join(delimiter)}\r\n`).join('');
