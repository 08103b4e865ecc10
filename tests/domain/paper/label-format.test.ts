import { describe, expect, it } from '@jest/globals';
import { sampleLabel } from '../../../activities/labels/providers/test/label-image.ts';
import { isBlack, PictureError, scaled, type Bitmap } from '../../../domain/paper/bitmap.ts';
import { labelIn, type PrinterDpi } from '../../../domain/paper/label-format.ts';
import { decodePng, encodePng, parsePng } from '../../../domain/paper/png.ts';
import type { DocumentFormat } from '../../../domain/paper/paper.ts';
import { barcodesIn, drawnTextOf, itOnPaper, pageSizeOf, pngOf } from '../../support/paper/pdf.ts';
import { zlib } from '../../support/paper/pictures.ts';
import { printZpl } from '../../support/paper/zpl.ts';

const trackingNumber = '9400100000000000000017';
const label = sampleLabel({ service: 'Ground', trackingNumber });

type Wish = { isVoid?: boolean; dpi?: PrinterDpi; of?: Uint8Array };
const made = (format: DocumentFormat, { isVoid = false, dpi = 203, of = label }: Wish = {}) =>
  labelIn(of, { format, isVoid, dpi, zlib });
const pictureOf = (png: Uint8Array): Bitmap => decodePng(parsePng(png), zlib);
/** As a viewer shows it on a screen of black and white. */
const shown = (pdf: Uint8Array): Bitmap => pictureOf(pngOf(pdf, { dpi: 300 }, '-mono'));
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** The share of dots of one that the other has not, here or beside: a viewer of PDF may move an edge by a dot. */
function difference(one: Bitmap, other: Bitmap): number {
  expect([one.width, one.height]).toEqual([other.width, other.height]);
  const steps = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right) => down * one.width + right));
  const has = (at: number, black: boolean) => steps.some((step) => isBlack(other.dots[at + step] ?? 255) === black);
  return one.dots.filter((dot, at) => !has(at, isBlack(dot))).length / one.dots.length;
}

describe('a label as PDF', () => {
  itOnPaper('is a page of 4 × 6 inches with the same dots', () => {
    const pdf = made('pdf');

    expect(pageSizeOf(pdf)).toBe('288 x 432 pts');
    expect(difference(shown(pdf), pictureOf(label))).toBeLessThan(0.001);
    expect(drawnTextOf(pdf)).toBe('');
  });

  itOnPaper('can be scanned', () => {
    expect(barcodesIn(pngOf(made('pdf'), { dpi: 203 }))).toEqual([trackingNumber]);
  });

  it('is the same each time', () => {
    expect(made('pdf')).toEqual(made('pdf'));
  });

  // Poppler writes each kind of pixels with libpng.
  itOnPaper.each([
    ['RGB', []],
    ['gray', ['-gray']],
    ['black and white', ['-mono']],
  ])('is made of a PNG in %s', (_colors, options) => {
    const png = pngOf(made('pdf'), { dpi: 300 }, ...options);

    const again = shown(made('pdf', { of: png }));

    // Poppler makes edges gray, and dithers them to black and white.
    expect(difference(again, pictureOf(png))).toBeLessThan(0.005);
  });
});

describe('a label as ZPL', () => {
  it('has each dot of the picture at 300 dpi', () => {
    const printed = printZpl(textOf(made('zpl', { dpi: 300 })));

    expect(difference(printed, pictureOf(label))).toBe(0);
  });

  it('fills 4 × 6 inches at 203 dpi', () => {
    const { width, height } = printZpl(textOf(made('zpl', { dpi: 203 })));

    expect([width, height]).toEqual([812, 1218]);
  });

  itOnPaper('can be scanned at 203 dpi', () => {
    const printed = printZpl(textOf(made('zpl', { dpi: 203 })));

    expect(barcodesIn(encodePng(printed, 203, zlib))).toEqual([trackingNumber]);
  });

  it('is plain ASCII, and less than half of its dots', () => {
    const zpl = textOf(made('zpl', { dpi: 300 }));

    expect(zpl).toMatch(/^[\x21-\x7e]+\n$/);
    expect(zpl.length).toBeLessThan((1200 * 1800) / 4 / 2);
  });
});

describe('a label as PNG', () => {
  it('is the file as it was bought', () => {
    expect(made('png')).toBe(label);
  });
});

describe('a void label', () => {
  itOnPaper('says VOID in the text of its PDF', () => {
    expect(drawnTextOf(made('pdf', { isVoid: true })).replaceAll(/\s/g, '')).toBe('VOID');
  });

  it('has a black mark from corner to corner as png, and nothing is lost beside it', () => {
    assertMarked(pictureOf(made('png', { isVoid: true })));
  });

  it('has the same mark as zpl', () => {
    assertMarked(printZpl(textOf(made('zpl', { isVoid: true, dpi: 300 }))));
  });

  itOnPaper('has such a mark as pdf', () => {
    assertMarked(shown(made('pdf', { isVoid: true })));
  });
});

function assertMarked(marked: Bitmap): void {
  const plain = pictureOf(label);
  const added = plain.dots.filter((dot, index) => !isBlack(dot) && isBlack(marked.dots[index]!)).length;
  expect(added / plain.dots.length).toBeGreaterThan(0.05);
  const ink = plain.dots.map((dot, index) => (isBlack(dot) ? marked.dots[index]! : dot));
  expect(difference({ ...plain, dots: ink }, plain)).toBeLessThan(0.001);
  expect(inkOf(marked, plain)).toEqual({ 'lower left': true, 'upper right': true });
}

/** Whether the mark reaches into the two corners. */
function inkOf(marked: Bitmap, plain: Bitmap) {
  const { width, height } = marked;
  const has = (left: number, top: number): boolean => {
    for (let y = Math.floor(top); y < top + height / 4; y += 1)
      for (let x = Math.floor(left); x < left + width / 3; x += 1) {
        const at = y * width + x;
        if (isBlack(marked.dots[at]!) && !isBlack(plain.dots[at]!)) return true;
      }
    return false;
  };
  return { 'lower left': has(0, height * 0.7), 'upper right': has((width * 2) / 3 - 1, height * 0.05) };
}

describe('a picture that is scaled', () => {
  it('loses no thin line', () => {
    const dots = new Uint8Array(1200 * 300).fill(255);
    for (let x = 0; x < 1200; x += 12) for (let y = 0; y < 300; y += 1) dots[y * 1200 + x] = 0;

    const small = scaled({ width: 1200, height: 300, dots }, 812);

    const row = [...small.dots.subarray(0, 812)];
    expect(row.filter(isBlack).length).toBeGreaterThanOrEqual(100);
  });
});

describe('a file that is no label', () => {
  it.each([
    ['text', Buffer.from('hello')],
    ['half a PNG', label.subarray(0, 400)],
    ['a PNG of 20,000 × 20,000', withSize(20_000, 20_000)],
    ['a PNG with pixels of another size', withSize(1200, 2400)],
    ['a PNG with damaged pixels', damaged()],
  ])('is refused: %s', (_name, bytes) => {
    expect(() => made('zpl', { of: bytes })).toThrow(PictureError);
  });
});

function withSize(width: number, height: number): Buffer {
  const changed = Buffer.from(label);
  changed.writeUInt32BE(width, 16);
  changed.writeUInt32BE(height, 20);
  return changed;
}

function damaged(): Buffer {
  const changed = Buffer.from(label);
  const pixels = changed.indexOf('IDAT') + 4;
  return changed.fill(0xff, pixels, pixels + 40);
}
