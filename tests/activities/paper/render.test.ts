import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { renderPages } from '../../../activities/paper/render.ts';
import { createRenderer } from '../../../activities/paper/renderer.ts';
import type { LabelSheet, PaperResult, Sheet } from '../../../activities/paper/job.ts';
import { papers, type Paper } from '../../../domain/paper/paper.ts';
import { pickListOf } from '../../../domain/paper/pick-list.ts';
import type { SlipContent } from '../../../domain/paper/slip.ts';
import {
  barcodesOf,
  differenceOf,
  fromPnm,
  imageIn,
  onPaper,
  pictureOf,
  textOf,
  toPgm,
} from '../../support/paper/pdf.ts';
import { grayPng } from '../../support/paper/pictures.ts';
import { aBrand, aPrintedLine, aPrintedOrder, aSlip } from '../../support/paper/printed.ts';
import { scripts } from '../../support/paper/scripts.ts';

const today = '2026-11-30T12:00:00Z';
const renderer = createRenderer();
afterAll(() => renderer.end());

const print = (sheets: readonly Sheet[], paper: Paper = '4x6'): Promise<PaperResult> =>
  renderPages({ paper, sheets, today }, renderer);
const slipSheet = (slip: SlipContent): Sheet => ({ kind: 'packing_slip', slip });
const stripes = (x: number, y: number) => (((x >> 3) + (y >> 4)) % 3 === 0 ? 0 : 255);
const label = (change: Partial<LabelSheet> = {}): LabelSheet => ({
  kind: 'label',
  orderId: 'ord_1',
  labelId: 'label_1',
  image: grayPng(1200, 1800, stripes),
  mediaType: 'image/png',
  isVoid: false,
  ...change,
});

onPaper('a packing slip', () => {
  it('has what is in the box and what is still to come, and the number as a barcode', async () => {
    const parcel = { lines: [{ lineId: 'line_1', quantity: 2 }], isRecorded: false };
    const slip = aSlip({ note: 'Please leave it at the door.' }, { parcel, brand: aBrand({ showSupplier: true }) });

    const { pdf, pages, failures } = await print([slipSheet(slip)]);

    expect([pages, failures]).toEqual([1, []]);
    const text = textOf(pdf, 1);
    for (const part of ['Harbour Goods', '1001-1', '12 Long Street', 'Portland, OR 97201', 'United States'])
      expect(text).toContain(part);
    for (const part of ['SUM-100', '1 to come', '3 to come', 'Please leave it at the door.', 'Summit Supply'])
      expect(text).toContain(part);
    for (const part of ['Thank you for your order!', 'Harbour Goods Returns', 'November 30, 2026'])
      expect(text).toContain(part);
    expect(barcodesOf(pdf, 1)).toEqual(['1001-1']);
  });

  it.each(papers)('has a barcode that scanners read, on %s', async (paper) => {
    const { pdf } = await print([slipSheet(aSlip({ number: '3SAH1QNZPDSYVTT8-1' }))], paper);

    expect(barcodesOf(pdf, 1)).toEqual(['3SAH1QNZPDSYVTT8-1']);
  });

  it('has prices only where the merchant shares and shows them', async () => {
    const brand = aBrand({ showPrices: true, language: 'de' });
    const shown = await print([slipSheet(aSlip({}, { brand }))]);
    const hidden = await print([slipSheet(aSlip({}, { brand, sharesPrices: false }))]);

    expect(textOf(shown.pdf, 1)).toMatch(/12,90\s€[^]*38,70\s€/);
    expect(textOf(hidden.pdf, 1)).not.toMatch(/12,90|38,70|€|Preis/);
  });

  it('shows the logo where the brand has one', async () => {
    const logo = { bytes: grayPng(300, 100, () => 0), mediaType: 'image/png' as const };
    const [plain, branded] = [await print([slipSheet(aSlip())]), await print([slipSheet(aSlip({}, { logo }))])];

    const dark = ({ grey }: { grey: Uint8Array }) => grey.filter((value) => value < 64).length;
    // 33 mm × 11 mm at 50 dpi.
    expect(dark(pictureOf(branded.pdf, 1, 50)) - dark(pictureOf(plain.pdf, 1, 50))).toBeGreaterThan(1_000);
    expect(textOf(branded.pdf, 1)).toContain('Harbour Goods');
  });

  it('of many lines goes on to further pages, which have its number and count', async () => {
    const lines = Array.from({ length: 40 }, (_, at) => aPrintedLine(at));

    const { pdf, pages } = await print([slipSheet(aSlip({ lines }))]);

    expect(pages).toBeGreaterThan(2);
    expect(textOf(pdf, 1)).toContain(`Page 1 / ${pages}`);
    expect(textOf(pdf, pages)).toContain(`Page ${pages} / ${pages}`);
    expect(textOf(pdf, pages)).toContain('1001-1');
    expect(textOf(pdf, pages)).toContain('Thank you for your order!');
  });
});

onPaper.each(Object.entries(scripts))('a packing slip in %s', (name, { language, shipTo, product }) => {
  const slip = aSlip(
    { shipTo, lines: [aPrintedLine(1, { name: product }), aPrintedLine(2, { name: product, sku: 'XL-12B' })] },
    { brand: aBrand({ language, showPrices: true }) },
  );
  let pdf: Uint8Array;
  beforeAll(async () => ({ pdf } = await print([slipSheet(slip)])));

  it('has the words of the customer and of the product', () => {
    const text = textOf(pdf, 1).replace(/\s+/g, ' ');

    for (const part of [...shipTo.name.split(' '), ...product.split(' '), shipTo.postalCode.split(' ')[0]!])
      expect(text).toContain(part);
  });

  /** Looked at by a person. `UPDATE_PAPER=1` writes the pictures again: look at them before you commit. */
  it('looks as it did when a person looked at it', () => {
    const file = join(import.meta.dirname, '../../fixtures/paper', `${name.toLowerCase()}.pgm.gz`);
    const picture = pictureOf(pdf, 1, 60);
    if (process.env['UPDATE_PAPER'] === '1') writeFileSync(file, gzipSync(toPgm(picture), { level: 9 }));

    expect(existsSync(file)).toBe(true);
    expect(differenceOf(picture, fromPnm(gunzipSync(readFileSync(file))))).toBeLessThan(0.004);
  });
});

onPaper('hostile texts', () => {
  const hostile = aSlip(
    {
      number: '<b>=#1</b>',
      merchantNumber: 'x'.repeat(300),
      shipTo: {
        name: '=#panic("x") $a$ *b* @ref <l> \\ `raw` // c #import "x.typ"',
        address1: '\u202Eevil\u0000\u0007',
        address2: 'W'.repeat(200),
        city: `e${'\u0301'.repeat(50)}`,
        postalCode: '12B',
        country: 'DE',
      },
      lines: [
        aPrintedLine(1, { name: 'ﷺ'.repeat(50), sku: 'S'.repeat(200) }),
        aPrintedLine(2, { name: '👨‍👩‍👧 Family 🇩🇪 mug™', sku: '' }),
        aPrintedLine(3, { name: 'محمد'.repeat(40), quantity: 1_000_000, unitPriceMinor: 99_999_999 }),
      ],
      note: 'z'.repeat(3_000),
    },
    { brand: aBrand({ displayName: 'A very long name of a company that goes on GmbH & Co. KG', showPrices: true }) },
  );

  it('are printed as they are, and are never markup', async () => {
    const { pdf, failures } = await print([slipSheet(hostile)]);

    expect(failures).toEqual([]);
    const text = textOf(pdf, 1).replace(/\s+/g, ' ');
    expect(text).toContain('=#panic("x") $a$ *b* @ref <l> \\ `raw` // c #import "x.typ"');
    expect(text).toContain('<b>=#1</b>');
  });

  it.each(papers)('stay within the margins of %s', async (paper) => {
    const { pdf, pages } = await print([slipSheet(hostile)], paper);

    const margin = paper === '4x6' ? 3 : 16;
    for (let page = 1; page <= pages; page += 1) {
      const { width, height, grey } = pictureOf(pdf, page, 50.8);
      const edge = margin * 2;
      const isInside = (at: number) => {
        const [x, y] = [at % width, Math.floor(at / width)];
        return x >= edge && x < width - edge && y >= 2 && y < height - 2;
      };
      const outside = grey.filter((value, at) => value < 128 && !isInside(at));
      expect([page, outside.length]).toEqual([page, 0]);
    }
  });
});

onPaper('a pick list', () => {
  it('has the units of all orders, and then each order', async () => {
    const orders = ['1001', '1002'].map((number) => aPrintedOrder({ id: `ord_${number}`, number }));

    const { pdf, pages } = await print([{ kind: 'pick_list', list: pickListOf(orders, 'en') }], 'a4');

    expect(pages).toBe(1);
    const text = textOf(pdf, 1);
    for (const part of ['Pick list', 'Orders: 2', 'A-1', 'SUM-100', 'SUM-200', '1001', '1002'])
      expect(text).toContain(part);
    expect(text).toMatch(/^6$/m);
    expect(text).not.toMatch(/Ada Example|12[.,]90/);
  });
});

onPaper('a label', () => {
  it('is on the paper of a label printer pixel by pixel, in its size', async () => {
    const { pdf } = await print([label()]);

    const { width, height, grey, dpi } = imageIn(pdf);
    const wrong = grey.filter((value, at) => value !== stripes(at % width, Math.floor(at / width)));
    expect([width, height, dpi, wrong.length]).toEqual([1200, 1800, [300, 300], 0]);
  });

  it.each(['a4', 'letter'] as const)('has its own size on %s', async (paper) => {
    const { pdf } = await print([label({ image: grayPng(1200, 1800, () => 0) })], paper);

    const { grey } = pictureOf(pdf, 1, 50);
    expect(grey.filter((value) => value < 128).length / (200 * 300)).toBeCloseTo(1, 1);
  });

  it('bears VOID once it is void', async () => {
    const white = grayPng(1200, 1800, () => 255);

    const { pdf } = await print([label({ image: white, isVoid: true })]);

    expect(textOf(pdf, 1).replace(/\s/g, '')).toContain('VOID');
    expect(pictureOf(pdf, 1, 50).grey.filter((value) => value < 64).length).toBeGreaterThan(3_000);
  });

  it('may be a PDF', async () => {
    const { pdf } = await print([slipSheet(aSlip())]);

    const printed = await print([label({ image: pdf, mediaType: 'application/pdf' })]);

    expect(textOf(printed.pdf, 1)).toContain('Ada Example');
  });
});

describe('a print job', () => {
  it('is one PDF in the order of its sheets, with the same bytes each time', async () => {
    const sheets = [label(), slipSheet(aSlip()), label({ isVoid: true }), slipSheet(aSlip({ number: '1002' }))];

    const [one, other] = [await print(sheets), await print(sheets)];

    expect(one.pages).toBe(4);
    expect(Buffer.from(one.pdf).equals(other.pdf)).toBe(true);
  });

  it('leaves out bad sheets and names their orders', async () => {
    const bomb = Buffer.from(grayPng(10, 10, () => 0));
    bomb.writeUInt32BE(100_000, 16);
    bomb.writeUInt32BE(100_000, 20);
    const bad: Record<string, Sheet> = {
      ord_text: label({ orderId: 'ord_text', image: Buffer.from('no image') }),
      ord_cut: label({ orderId: 'ord_cut', image: label().image.slice(0, 900) }),
      ord_bomb: label({ orderId: 'ord_bomb', image: bomb }),
      ord_pdf: label({ orderId: 'ord_pdf', image: Buffer.from('%PDF-1.7 no more'), mediaType: 'application/pdf' }),
      ord_money: slipSheet(aSlip({ id: 'ord_money', currency: 'E' }, { brand: aBrand({ showPrices: true }) })),
    };
    const good = Array.from({ length: 20 }, () => slipSheet(aSlip()));

    const { pages, failures } = await print([...good, ...Object.values(bad), ...good]);

    expect(pages).toBe(40);
    expect(failures.map(({ orderId }) => orderId).sort()).toEqual(Object.keys(bad).sort());
  });

  it('without any sheet that can be printed has no page', async () => {
    const { pages, pdf, failures } = await print([label({ image: Buffer.from('no image') })]);

    expect([pages, pdf.length]).toEqual([0, 0]);
    expect(failures).toMatchObject([{ orderId: 'ord_1', labelId: 'label_1', kind: 'label', cause: 'not_readable' }]);
  });

  it('of more than a thousand pages is refused', async () => {
    const blank = label({ image: grayPng(4, 6, () => 255) });

    await expect(print(Array.from({ length: 1_001 }, () => blank))).rejects.toMatchObject({
      code: 'print_job_too_large',
    });
  });

  it('reads no file but its own', () => {
    const source = readFileSync(join(import.meta.dirname, '../../../activities/paper/templates/job.typ'), 'utf8');

    // typst refuses paths above the folder of the templates; they themselves read nothing but the job and its images.
    expect(source).not.toMatch(/#?read\(|@preview/);
  });
});

describe('the thread that prints', () => {
  it('that never answers in time is an error, and no sheet is said to be bad', async () => {
    const impatient = createRenderer({ limitMs: 1, idleMs: 60_000 });

    const answer = await impatient.print({ json: '{"paper":"a4","title":"","sheets":[]}', images: [], at: 0 });

    expect(answer).toMatchObject({ hasEnded: true });
    await expect(renderPages({ paper: 'a4', sheets: [slipSheet(aSlip())], today }, impatient)).rejects.toThrow(
      'The renderer does not work',
    );
    await impatient.end();
  });

  it('does not hold up the end of its process', () => {
    const program = `
      const { createRenderer } = await import('./activities/paper/renderer.ts');
      const answer = await createRenderer().print({ json: '{"paper":"a4","title":"","sheets":[]}', images: [], at: 0 });
      console.log(answer.pages);
    `;

    const out = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      cwd: join(import.meta.dirname, '../../..'),
      timeout: 30_000,
    });

    expect(out.toString().trim()).toBe('1');
  });
});
