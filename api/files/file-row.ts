/** A row of a file that is not blank. `row`: its number, as a spreadsheet counts. The first one names the columns. */
export type FileRow = { row: number; cells: string[] };
