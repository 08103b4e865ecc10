import { isBlack, type Bitmap } from './bitmap.ts';

/**
 * A label in ZPL II, the language of label printers: the picture as ^GFA, compressed in Zebra's alternative scheme, which
 * printers of other makers read as well. A dot of the picture is a dot of the printer.
 */
export function toZpl({ width, height, dots }: Bitmap): string {
  const rowBytes = Math.ceil(width / 8);
  const rows: string[] = [];
  let above = '';
  for (let y = 0; y < height; y += 1) {
    const row = hexOf(dots.subarray(y * width, (y + 1) * width), rowBytes);
    rows.push(row === above ? ':' : compressed(row));
    above = row;
  }
  const size = rowBytes * height;
  return `^XA^PW${width}^LL${height}^LH0,0^FO0,0^GFA,${size},${size},${rowBytes},${rows.join('')}^FS^PQ1^XZ\n`;
}

/** A bit for each dot, 1 black, filled up with white. */
function hexOf(row: Uint8Array, rowBytes: number): string {
  let hex = '';
  for (let at = 0; at < rowBytes * 8; at += 8) {
    let byte = 0;
    for (let bit = 0; bit < 8; bit += 1) byte = byte * 2 + (isBlack(row[at + bit] ?? 255) ? 1 : 0);
    hex += hexByte[byte]!;
  }
  return hex;
}

const hexByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'));

/** The rest of a row is 0 after `,` and F after `!`. */
function compressed(row: string): string {
  const rest = /(0+|F+)$/.exec(row)?.[0] ?? '';
  const end = rest === '' ? '' : rest.startsWith('0') ? ',' : '!';
  const body = row.slice(0, row.length - rest.length);
  return body.replaceAll(/(.)\1+/g, (run, digit: string) => `${countOf(run.length)}${digit}`) + end;
}

/** G to Y are 1 to 19, g to z are 20 to 400 in twenties; several add up. */
function countOf(length: number): string {
  let left = length;
  let text = '';
  for (; left >= 400; left -= 400) text += 'z';
  if (left >= 20) text += letterAfter('f', Math.floor(left / 20));
  if (left % 20 > 0) text += letterAfter('F', left % 20);
  return text;
}

const letterAfter = (letter: string, count: number): string => String.fromCharCode(letter.charCodeAt(0) + count);
