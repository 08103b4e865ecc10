import { isWorkbook, type UploadedRow, type UploadKind } from '../../api/commands/uploads.ts';
import { cellsOf, csvOfCells, type Delimiter } from '../../lib/csv.ts';

const delimiters: readonly Delimiter[] = [',', ';', '\t', '|'];
/** The name of the column with the reasons. The service does not read it. */
const reasonColumn = 'problem';
/** Where the file itself cannot be read here: the columns that the service needs. */
const needed: Readonly<Record<UploadKind, readonly string[]>> = {
  shipments: ['order', 'tracking', 'carrier'],
  stock: ['sku', 'physical_on_hand'],
};

interface Sent {
  readonly kind: UploadKind;
  readonly file: File;
  readonly charset?: string | undefined;
}

/**
 * The failed rows as a file to correct and to send: their own cells, and why each failed. Of a workbook it has only what the
 * answer says of a row.
 */
export async function failedFile(sent: Sent, failed: readonly UploadedRow[]): Promise<string> {
  const { names, cellsAt, delimiter } = isWorkbook(sent.file) ? ofAnswer(sent.kind) : await ofText(sent);
  const rows = failed.map((row) => [...padded(cellsAt(row), names.length), row.detail]);
  return csvOfCells([[...names, reasonColumn], ...rows], delimiter);
}

/** Whether the only columns that were not read are those of a file from here. */
export const isOwnColumn = (ignored: string): boolean => ignored.endsWith(`: "${reasonColumn}".`);

const padded = (cells: readonly string[], width: number): readonly string[] =>
  Array.from({ length: width }, (_, at) => cells[at] ?? '');

const ofAnswer = (kind: UploadKind) => ({
  names: needed[kind],
  cellsAt: ({ name, tracking }: UploadedRow) => (kind === 'shipments' ? [name, tracking] : [name]),
  delimiter: ',' as const,
});

async function ofText({ file, charset }: Sent) {
  const text = decoded(await file.arrayBuffer(), charset);
  // Excel's first line that names the delimiter is no row.
  const [said = '', sign] = /^\s*"?sep=([,;\t|])"?[ ,;|]*(?:\r\n|\n|\r|$)/i.exec(text) ?? [];
  const delimiter = delimiters.find((one) => one === sign) ?? likeliest(text);
  const rows = cellsOf(text.slice(said.length).replaceAll(/\r(?!\n)/g, '\n'), delimiter);
  const head = rows.findIndex((cells) => cells.some((cell) => cell.trim() !== ''));
  const all = rows[head] ?? [];
  // A file from here comes again with its reasons; they are new.
  const reasonAt = all.indexOf(reasonColumn);
  const own = (cells: readonly string[]) => (reasonAt < 0 ? cells : cells.toSpliced(reasonAt, 1));
  return { names: own(all), cellsAt: ({ row }: UploadedRow) => own(rows[row - 1] ?? []), delimiter };
}

function decoded(bytes: ArrayBuffer, charset: string | undefined): string {
  const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  const utf16 =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
  return new TextDecoder(utf16 ?? charset ?? 'utf-8').decode(bytes);
}

/** The delimiter with which the first row has most cells. */
const likeliest = (text: string): Delimiter => {
  const [line = ''] = text.trimStart().split(/[\r\n]/, 1);
  return delimiters.reduce((best, one) => (line.split(one).length > line.split(best).length ? one : best));
};
