/** Rows of a CSV by the names of its first row (RFC 4180). */
export function rowsOf(text: string): Record<string, string>[] {
  const [names = [], ...rows] = cellsOf(text).filter((row) => row.length > 1 || row[0] !== '');
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ''])));
}

function cellsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // A cell in quotes, or up to the next separator; then the separator.
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',') continue;
    rows.push(row);
    row = [];
    if (end === '') break;
  }
  return rows;
}

/** Spreadsheets run what begins so as a formula. */
const isFormula = (cell: string): boolean => /^[=+\-@\t]/.test(cell);

const cellOf = (value: string): string => {
  const safe = isFormula(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** A CSV of these rows, whose cells no spreadsheet runs. */
export const csvOf = (names: readonly string[], rows: readonly Readonly<Record<string, string>>[]): string =>
  [names, ...rows.map((row) => names.map((name) => row[name] ?? ''))]
    .map((cells) => `${cells.map(cellOf).join(',')}\r\n`)
    .join('');

/** Gives the browser a file to store. */
export function download(name: string, text: string, type = 'text/csv'): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
