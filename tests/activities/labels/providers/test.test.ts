import { describe, expect, it } from '@jest/globals';
import { BinaryBitmap, Code128Reader, GlobalHistogramBinarizer, RGBLuminanceSource } from '@zxing/library';
import { inflateSync } from 'node:zlib';
import { labelConformance } from './conformance/labels.ts';
import { aPurchase, aRating, faultOf, localHarness } from './harness.ts';

const harness = localHarness('test');

/** Grey values of a PNG with one bit a pixel and no filters, as the provider writes it. */
function pixelsOf(png: Uint8Array): { width: number; height: number; grey: Uint8ClampedArray } {
  const file = Buffer.from(png);
  const parts: Buffer[] = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at))
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  const rows = inflateSync(Buffer.concat(parts));
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const rowBytes = Math.ceil(width / 8) + 1;
  const grey = new Uint8ClampedArray(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      grey[y * width + x] = (rows[y * rowBytes + 1 + (x >> 3)]! >> (7 - (x & 7))) & 1 ? 255 : 0;
  return { width, height, grey };
}

const sharesOfBlack = ({ width, height, grey }: ReturnType<typeof pixelsOf>, from: number, to: number): number =>
  grey.subarray(Math.floor(from * height) * width, Math.floor(to * height) * width).filter((value) => value === 0)
    .length /
  (Math.floor(to * height) * width - Math.floor(from * height) * width);

describe('the test provider', () => {
  labelConformance(() => harness);

  it('prints a number that a scanner reads, with SAMPLE across', async () => {
    const provider = harness.open();
    const bought = await provider.buy(await aPurchase(provider));

    const page = pixelsOf((await provider.fetchLabel(bought)).bytes);

    const source = new RGBLuminanceSource(page.grey, page.width, page.height);
    const read = new Code128Reader().decode(new BinaryBitmap(new GlobalHistogramBinarizer(source)));
    expect(read.getText()).toBe(bought.trackingNumber);
    // The bar on top, SAMPLE in the middle, and white above the barcode.
    expect(sharesOfBlack(page, 0, 0.08)).toBeGreaterThan(0.8);
    expect(sharesOfBlack(page, 0.3, 0.58)).toBeGreaterThan(0.08);
    expect(sharesOfBlack(page, 0.64, 0.665)).toBe(0);
  });

  it('gives the same label again after everything is lost: all follows from the ids', async () => {
    const purchase = await aPurchase(harness.open());

    expect(await harness.open().buy(purchase)).toEqual(await harness.open().buy(purchase));
  });

  it('asks twice as much abroad, and more for a signature', async () => {
    const price = async (changes: Parameters<typeof aRating>[0]) =>
      (await harness.open().rate(aRating(changes))).rates[0]!.cost.amount;
    const { to } = aRating();

    expect(await price({ to: { ...to, country: 'CA' } })).toBe(2 * (await price({})));
    expect(await price({ signature: 'signature' })).toBe((await price({})) + 300);
  });

  it('opens no link but its own', async () => {
    const asked = harness.open().fetchLabel({ fileUrl: 'test-label:?service=standard&number=1Z9999W99999999999' });

    expect(await faultOf(asked)).toEqual({ kind: 'refused', code: 'invalid_request' });
  });
});
