import { code128 } from '../../../../domain/paper/code128.ts';
import { createCanvas, fill, type Canvas } from './canvas.ts';
import { hasDot, lineHeight, widthOf } from './letters.ts';

const dpi = 300;
const page = { width: 4 * dpi, height: 6 * dpi };
const edge = 150;
const barcode = { y: 1_210, height: 280, module: 5 };

/**
 * A label that nobody takes for a real one: 4 × 6 inches at 300 dpi, with SAMPLE across and a code 128 of its number.
 * @returns a PNG; the same input gives the same bytes
 */
export function sampleLabel({ service, trackingNumber }: { service: string; trackingNumber: string }): Uint8Array {
  const canvas = createCanvas(page.width, page.height);
  fill(canvas, { x: 0, y: 0, width: page.width, height: edge });
  fill(canvas, { x: 0, y: page.height - edge, width: page.width, height: edge });
  write(canvas, 'NOT A LABEL', { middle: edge / 2, dot: 10, black: false });
  write(canvas, 'NOT A LABEL', { middle: page.height - edge / 2, dot: 10, black: false });
  write(canvas, `TEST ${service.toUpperCase()}`, { middle: 260, dot: 12 });
  write(canvas, 'NO CARRIER TAKES THIS PARCEL', { middle: 390, dot: 6 });
  writeAcross(canvas, 'SAMPLE', { x: page.width / 2, y: 790, dot: 30, degrees: -24 });
  drawBarcode(canvas, trackingNumber);
  write(canvas, trackingNumber.replace(/(.{4})(?=.)/g, '$1 '), { middle: barcode.y + barcode.height + 60, dot: 7 });
  return canvas.png(dpi);
}

/** `middle`: of the line, from the top. `dot`: pixels of a dot. */
function write(
  canvas: Canvas,
  text: string,
  { middle, dot, black = true }: { middle: number; dot: number; black?: boolean },
): void {
  const [left, top] = [Math.round((page.width - widthOf(text) * dot) / 2), Math.round(middle - (lineHeight * dot) / 2)];
  for (let row = 0; row < lineHeight; row += 1)
    for (let column = 0; column < widthOf(text); column += 1)
      if (hasDot(text, column, row))
        fill(canvas, { x: left + column * dot, y: top + row * dot, width: dot, height: dot }, black);
}

/** Each pixel of the page is turned back to the line, so that the turned letters have no holes. */
function writeAcross(canvas: Canvas, text: string, at: { x: number; y: number; dot: number; degrees: number }): void {
  const angle = (at.degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [halfWidth, halfHeight] = [(widthOf(text) * at.dot) / 2, (lineHeight * at.dot) / 2];
  const reach = Math.ceil(Math.hypot(halfWidth, halfHeight));
  for (let dy = -reach; dy <= reach; dy += 1)
    for (let dx = -reach; dx <= reach; dx += 1) {
      const column = Math.floor((dx * cos + dy * sin + halfWidth) / at.dot);
      const row = Math.floor((dy * cos - dx * sin + halfHeight) / at.dot);
      if (hasDot(text, column, row)) canvas.set(at.x + dx, at.y + dy, true);
    }
}

function drawBarcode(canvas: Canvas, text: string): void {
  const code = code128(text);
  if (!code) return;
  const left = Math.round((page.width - code.width * barcode.module) / 2);
  for (const { from, width } of code.bars) {
    const x = left + from * barcode.module;
    fill(canvas, { x, y: barcode.y, width: width * barcode.module, height: barcode.height });
  }
}
