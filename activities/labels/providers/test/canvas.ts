import { deflateSync } from 'node:zlib';
import { grayFile } from '../../../../domain/paper/png.ts';

/** A page in black and white. Coordinates in pixels from the top left corner; what lies outside is left out. */
export type Canvas = {
  width: number;
  height: number;
  set(x: number, y: number, black: boolean): void;
  png(dpi: number): Uint8Array;
};

export function createCanvas(width: number, height: number): Canvas {
  const rowBytes = Math.ceil(width / 8);
  // Each row of a PNG begins with a byte for its filter: 0, none. In 1 bit a pixel, 1 is white.
  const rows = Buffer.alloc((rowBytes + 1) * height, 0xff);
  for (let y = 0; y < height; y += 1) rows[y * (rowBytes + 1)] = 0;
  return {
    width,
    height,
    set: (x, y, black) => {
      if (x < 0 || y < 0 || x >= width || y >= height) return;
      const at = y * (rowBytes + 1) + 1 + (x >> 3);
      const bit = 0x80 >> (x & 7);
      rows[at] = black ? rows[at]! & ~bit : rows[at]! | bit;
    },
    png: (dpi) => grayFile({ width, height, depth: 1, dpi }, deflateSync(rows)),
  };
}

export function fill(canvas: Canvas, box: { x: number; y: number; width: number; height: number }, black = true): void {
  for (let y = box.y; y < box.y + box.height; y += 1)
    for (let x = box.x; x < box.x + box.width; x += 1) canvas.set(x, y, black);
}
