import { describe, expect, it } from '@jest/globals';
import { imageSizeOf } from '../../../domain/paper/image-size.ts';

const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000140000000f00802000000', 'hex');
const jpegStart = 'ffd8ffe000104a46494600010100000100010000';
const frame = (marker: string) => `ff${marker}000b080010002001011100`;
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

describe('the size of an image', () => {
  it('is read from the header of a PNG', () => {
    expect(imageSizeOf(png)).toEqual({ mediaType: 'image/png', width: 320, height: 240 });
  });

  it.each(['c0', 'c2'])('is read from the frame %s of a JPEG, after its other segments', (marker) => {
    const file = `${jpegStart}ffc400040102ffff${frame(marker).slice(2)}`;

    expect(imageSizeOf(bytes(file))).toEqual({ mediaType: 'image/jpeg', width: 32, height: 16 });
  });

  it('is read at an offset of a larger buffer', () => {
    expect(imageSizeOf(Buffer.concat([Buffer.from('xx'), png]).subarray(2))).toMatchObject({ width: 320 });
  });

  it.each([
    ['nothing', ''],
    ['a text', Buffer.from('<svg xmlns="…">').toString('hex')],
    ['half a PNG', png.subarray(0, 20).toString('hex')],
    ['a PNG without a header', `${png.subarray(0, 8).toString('hex')}${'00'.repeat(30)}`],
    ['a JPEG without a frame', `${jpegStart}ffd9`],
    ['a JPEG whose segment has no length', `${jpegStart}ffe00000ffe0000000000000`],
  ])('is null for %s', (_name, hex) => {
    expect(imageSizeOf(bytes(hex))).toBeNull();
  });
});
