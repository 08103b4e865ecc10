import { mostDots, PictureError, type Bitmap, type Zlib } from './bitmap.ts';
import { ascii, joined, viewOf } from './bytes.ts';
import { chunksOf, isPng, pngSignature, sizeInHeader } from './image-parts.ts';

/** A PNG file, its pixels still compressed. https://www.w3.org/TR/png-3 */
export type Png = {
  width: number;
  height: number;
  depth: number;
  /** 0 gray, 2 RGB, 3 palette, 4 gray with alpha, 6 RGB with alpha. */
  colorType: number;
  isInterlaced: boolean;
  /** RGB triples, of a picture with a palette. */
  palette: Uint8Array | null;
  /** The chunk tRNS: some colors are transparent. */
  hasTransparency: boolean;
  /** Dots per inch, where the file says it. */
  dpi: number | null;
  /** The zlib stream of the filtered rows. */
  compressed: Uint8Array;
};

const channels: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

export const channelsOf = ({ colorType }: Pick<Png, 'colorType'>): number => channels[colorType]!;

/** Reads the chunks. Nothing is decompressed. @throws PictureError */
export function parsePng(bytes: Uint8Array): Png {
  if (!isPng(bytes)) throw new PictureError('no PNG');
  const parts: Uint8Array[] = [];
  let png: Png | undefined;
  for (const { type, data, isWhole } of chunksOf(bytes)) {
    if (!isWhole) throw new PictureError('cut off');
    if (type === 'IHDR') png = header(data);
    if (type === 'IDAT') parts.push(data);
    if (png && type === 'PLTE') png.palette = data;
    if (png && type === 'tRNS') png.hasTransparency = true;
    if (png && type === 'pHYs') png.dpi = dpiOf(data);
    if (type === 'IEND') break;
  }
  if (!png || parts.length === 0 || (png.colorType === 3 && !png.palette)) throw new PictureError('incomplete');
  return { ...png, compressed: joined(parts) };
}

function header(data: Uint8Array): Png {
  const size = sizeInHeader(data);
  if (!size || data.length < 13) throw new PictureError('incomplete');
  const [depth, colorType, , , interlace] = [...data.subarray(8, 13)] as [number, number, number, number, number];
  const { width, height } = size;
  if (width === 0 || height === 0 || width * height > mostDots) throw new PictureError('too many dots');
  if (!depths[colorType]?.includes(depth)) throw new PictureError('unknown colors');
  const unread = { palette: null, hasTransparency: false, dpi: null, compressed: new Uint8Array() };
  return { width, height, depth, colorType, isInterlaced: interlace !== 0, ...unread };
}

const dpiOf = (data: Uint8Array): number | null =>
  data.length === 9 && data[8] === 1 ? Math.round(viewOf(data).getUint32(0) * 0.0254) : null;

/** Interlaced pictures come in seven smaller ones: first column and row, and the steps. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

const passesOf = ({ isInterlaced }: Png): readonly (readonly [number, number, number, number])[] =>
  isInterlaced ? passes : [[0, 0, 1, 1]];

const bitsOf = (png: Png): number => png.depth * channelsOf(png);

/** Letter paper at 300 dpi, in colors with alpha, has 34 million. */
const mostPixelBytes = 40_000_000;

/** The filtered rows of all passes. @throws PictureError where they are more than is decoded at once */
function pixelBytes(png: Png): number {
  let sum = 0;
  for (const [left, top, across, down] of passesOf(png)) {
    const columns = Math.max(0, Math.ceil((png.width - left) / across));
    const rows = Math.max(0, Math.ceil((png.height - top) / down));
    if (columns > 0) sum += rows * (1 + Math.ceil((columns * bitsOf(png)) / 8));
  }
  if (sum > mostPixelBytes) throw new PictureError('too many bytes');
  return sum;
}

/** The picture in gray, on white where it is transparent. @throws PictureError */
export function decodePng(png: Png, { inflate }: Zlib): Bitmap {
  const { width, height } = png;
  const bits = bitsOf(png);
  const rows = inflated(png.compressed, { inflate, most: pixelBytes(png) });
  const dots = new Uint8Array(width * height);
  let at = 0;
  for (const [left, top, across, down] of passesOf(png)) {
    const columns = Math.ceil((width - left) / across);
    const length = Math.ceil((columns * bits) / 8);
    let above: Uint8Array = new Uint8Array(length);
    for (let y = top; columns > 0 && y < height; y += down) {
      if (at + 1 + length > rows.length) throw new PictureError('cut off');
      const row = rows.subarray(at + 1, at + 1 + length);
      unfilter(rows[at]!, { row, above, step: Math.max(1, bits >> 3) });
      for (let x = 0; x < columns; x += 1) dots[y * width + left + x * across] = grayOf(png, row, x);
      above = row;
      at += 1 + length;
    }
  }
  return { width, height, dots };
}

function inflated(bytes: Uint8Array, { inflate, most }: { inflate: Zlib['inflate']; most: number }): Uint8Array {
  try {
    return inflate(bytes, most);
  } catch {
    throw new PictureError('damaged, or more pixels than its size');
  }
}

type Filtered = { row: Uint8Array; above: Uint8Array; step: number };

/** Undoes a row's filter in place. */
function unfilter(filter: number, { row, above, step }: Filtered): void {
  if (filter === 0) return;
  for (let index = 0; index < row.length; index += 1) {
    const left = index < step ? 0 : row[index - step]!;
    const up = above[index]!;
    const corner = index < step ? 0 : above[index - step]!;
    row[index] = row[index]! + predicted(filter, { left, up, corner });
  }
}

function predicted(filter: number, { left, up, corner }: { left: number; up: number; corner: number }): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) throw new PictureError('unknown filter');
  const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** Of the dot `x` of a row. */
function grayOf({ depth, colorType, palette }: Png, row: Uint8Array, x: number): number {
  if (depth < 8) {
    const shift = 8 - depth - ((x * depth) & 7);
    const value = (row[(x * depth) >> 3]! >> shift) & ((1 << depth) - 1);
    return palette && colorType === 3 ? luminance(palette, value * 3) : (value * 255) / ((1 << depth) - 1);
  }
  // Of 16 bits the upper eight.
  const size = depth >> 3;
  const at = x * size * channels[colorType]!;
  if (colorType === 3) return luminance(palette!, row[at]! * 3);
  if (colorType === 0) return row[at]!;
  const isGray = colorType === 4;
  const gray = isGray ? row[at]! : luminance(row, at, size);
  if (colorType === 2) return gray;
  const alpha = row[at + (isGray ? 1 : 3) * size]!;
  return 255 - ((255 - gray) * alpha) / 255;
}

const luminance = (of: Uint8Array, at: number, size = 1): number =>
  (of[at]! * 299 + of[at + size]! * 587 + of[at + 2 * size]! * 114) / 1000;

/** A gray PNG of a picture. */
export function encodePng({ width, height, dots }: Bitmap, dpi: number, { deflate }: Zlib): Uint8Array {
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y += 1) rows.set(dots.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return grayFile({ width, height, depth: 8, dpi }, deflate(rows));
}

/** The file of a gray PNG. @param compressed its rows, each behind the number of its filter, as a zlib stream */
export function grayFile(
  { width, height, depth, dpi }: { width: number; height: number; depth: 1 | 8; dpi: number },
  compressed: Uint8Array,
): Uint8Array {
  const perMetre = Math.round(dpi / 0.0254);
  return joined([
    Uint8Array.from(pngSignature),
    chunk('IHDR', [...number32(width), ...number32(height), depth, 0, 0, 0, 0]),
    chunk('pHYs', [...number32(perMetre), ...number32(perMetre), 1]),
    chunk('IDAT', compressed),
    chunk('IEND', []),
  ]);
}

const number32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

function chunk(type: string, data: ArrayLike<number>): Uint8Array {
  const body = joined([ascii(type), Uint8Array.from(data)]);
  return joined([Uint8Array.from(number32(data.length)), body, Uint8Array.from(number32(checksum(body)))]);
}

/** CRC-32, as PNG has it. */
function checksum(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ table[(sum ^ byte) & 255]!;
  return ~sum >>> 0;
}

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});
