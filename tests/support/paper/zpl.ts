import type { Bitmap } from '../../../domain/paper/bitmap.ts';

/**
 * The picture that a label printer makes of ^GFA, by the ZPL II Programming Guide: hexadecimal digits, in Zebra's alternative
 * compression. It knows the commands that a label of ours has, and no others.
 */
export function printZpl(text: string): Bitmap {
  const found =
    /^\^XA\^PW(\d+)\^LL(\d+)\^LH0,0\^FO0,0\^GFA,(\d+),(\d+),(\d+),([0-9A-Fg-zG-Y,!:]*)\^FS\^PQ1\^XZ\n$/.exec(text);
  if (!found) throw new Error('The printer knows other commands.');
  const [width, height, sent, size, rowBytes] = found.slice(1, 6).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (sent !== size || size !== rowBytes * height) throw new Error('The sizes do not fit.');
  const rows = rowsOf(found[6]!, rowBytes * 2);
  if (rows.length !== height) throw new Error(`${rows.length} rows for ${height}.`);
  const dots = rows.flatMap((row) => [...row].flatMap(dotsOf).slice(0, width));
  return { width, height, dots: Uint8Array.from(dots) };
}

/** Four dots for each digit. */
const dotsOf = (digit: string): number[] => [8, 4, 2, 1].map((bit) => ((parseInt(digit, 16) & bit) === 0 ? 255 : 0));

function rowsOf(text: string, digits: number): string[] {
  const rows: string[] = [];
  let row = '';
  let count = 0;
  for (const sign of text) {
    if (sign === ':') row = rows.at(-1)!;
    else if (sign === ',') row = row.padEnd(digits, '0');
    else if (sign === '!') row = row.padEnd(digits, 'F');
    else if (/[G-Y]/.test(sign)) count += sign.charCodeAt(0) - 70;
    else if (/[g-z]/.test(sign)) count += (sign.charCodeAt(0) - 102) * 20;
    else {
      row += sign.repeat(Math.max(1, count));
      count = 0;
    }
    if (row.length > digits) throw new Error('A row is too long.');
    if (row.length === digits) {
      rows.push(row);
      row = '';
    }
  }
  if (row !== '') throw new Error('The last row is not whole.');
  return rows;
}
