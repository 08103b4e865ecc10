/** A picture in gray: a byte for each dot, 0 black to 255 white, row by row. */
export type Bitmap = { readonly width: number; readonly height: number; readonly dots: Uint8Array };

/** The platform's zlib. `most`: inflating to more bytes must fail. */
export type Zlib = {
  inflate: (bytes: Uint8Array, most: number) => Uint8Array;
  deflate: (bytes: Uint8Array) => Uint8Array;
};

/** The picture cannot be read, or has too many dots. */
export class PictureError extends Error {
  constructor(why: string) {
    super(`picture: ${why}`);
    this.name = 'PictureError';
  }
}

/**
 * A small file may hold a picture that takes gigabytes once it is decoded. Letter paper at 300 dpi has 8.4 million dots, a label at
 * 600 dpi 8.6 million.
 */
export const mostDots = 10_000_000;

/** Darker than this is black on a printer that knows black and white only. Half covered is black: a thin line never vanishes. */
export const isBlack = (dot: number): boolean => dot < 128;

/** The same picture in another width. A dot is the mean of the dots that it covers. */
export function scaled({ width, height, dots }: Bitmap, toWidth: number): Bitmap {
  if (toWidth === width) return { width, height, dots };
  const toHeight = Math.max(1, Math.round((height * toWidth) / width));
  const columns = spans(width, toWidth);
  const result = new Uint8Array(toWidth * toHeight);
  let at = 0;
  for (const [top, bottom] of spans(height, toHeight)) {
    for (const [left, right] of columns) result[at++] = mean(dots, { width, top, bottom, left, right });
  }
  return { width: toWidth, height: toHeight, dots: result };
}

type Box = { width: number; top: number; bottom: number; left: number; right: number };

function mean(dots: Uint8Array, { width, top, bottom, left, right }: Box): number {
  let sum = 0;
  for (let row = top * width; row < bottom * width; row += width)
    for (let column = left; column < right; column += 1) sum += dots[row + column]!;
  return sum / ((bottom - top) * (right - left));
}

const spans = (from: number, to: number): [number, number][] =>
  Array.from({ length: to }, (_, index) => {
    const start = Math.floor((index * from) / to);
    return [start, Math.max(start + 1, Math.floor(((index + 1) * from) / to))];
  });
