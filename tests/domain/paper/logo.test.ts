import { describe, expect, it } from '@jest/globals';
import { readLogo } from '../../../domain/paper/logo.ts';
import { codeOf } from '../../support/engine/refusal.ts';
import { aChunk, aJpeg, aPng } from '../../support/paper/pictures.ts';

describe('a logo', () => {
  it('may be a PNG or a JPEG, and has the size of its header', () => {
    expect(readLogo(aPng(30, 20))).toEqual({ mediaType: 'image/png', width: 30, height: 20 });
    expect(readLogo(aPng(2_000, 2_000))).toEqual({ mediaType: 'image/png', width: 2_000, height: 2_000 });
    expect(readLogo(aJpeg(640, 480))).toEqual({ mediaType: 'image/jpeg', width: 640, height: 480 });
  });

  it('is read at its place in a larger buffer', () => {
    const within = Buffer.concat([Buffer.alloc(7), aPng(30, 20)]).subarray(7);

    expect(readLogo(within)).toMatchObject({ width: 30, height: 20 });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('{}')],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['a GIF', Buffer.from('GIF89a\x01\x00\x01\x00')],
    ['the signature of a PNG alone', aPng(3, 3).subarray(0, 8)],
    ['a PNG that is cut off', aPng(300, 300).subarray(0, -5)],
    ['a PNG without a picture', withoutChunk(aPng(3, 3), 'IDAT')],
    ['a PNG with a second header', Buffer.concat([aPng(3, 3).subarray(0, 33), aPng(3, 3).subarray(8)])],
    ['a PNG whose header is not the first', Buffer.concat([aPng(3, 3).subarray(0, 8), aChunk('tEXt', Buffer.from('a')), aPng(3, 3).subarray(8)])], // prettier-ignore
    ['a PNG with a chunk of 4 GB', withLength(aPng(3, 3), 0xffff_ffff)],
    ['a JPEG that is cut off', aJpeg(9, 9).subarray(0, -2)],
    ['a JPEG without a frame', aJpeg(9, 9, 0)],
    ['a JPEG with two frames', aJpeg(9, 9, 2)],
    ['a JPEG of arithmetic coding', replaced(aJpeg(9, 9), 0xc0, 0xc9)],
    ['a JPEG of no height', aJpeg(9, 0)],
    ['a PNG of no width', aPng(3, 3, { width: 0 })],
  ])('is refused where it is %s', (_name, bytes) => {
    expect(codeOf(() => readLogo(bytes))).toBe('logo_refused');
  });

  it('is refused by its header, before its pixels would fill the memory', () => {
    const bomb = aPng(2_000, 100, { width: 20_000, height: 20_000 });

    expect(() => readLogo(bomb)).toThrow('The logo has 20000 × 20000 pixels; it may have 2000 × 2000.');
    expect(codeOf(() => readLogo(aPng(2_001, 1)))).toBe('logo_refused');
    expect(codeOf(() => readLogo(aPng(1, 2_001)))).toBe('logo_refused');
    expect(codeOf(() => readLogo(aJpeg(65_535, 10)))).toBe('logo_refused');
  });

  it('is refused above 512 KB', () => {
    const padded = (size: number) => {
      const picture = aPng(3, 3);
      const filled = aChunk('tEXt', Buffer.alloc(size - picture.length - 12, 0x61));
      return Buffer.concat([picture.subarray(0, 33), filled, picture.subarray(33)]);
    };

    expect(readLogo(padded(512 * 1024))).toMatchObject({ width: 3 });
    expect(() => readLogo(padded(512 * 1024 + 1))).toThrow('The logo has 524289 bytes; it may have 524288.');
  });
});

function withoutChunk(png: Buffer, type: string): Buffer {
  const at = png.indexOf(type) - 4;
  return Buffer.concat([png.subarray(0, at), png.subarray(at + 12 + png.readUInt32BE(at))]);
}

function withLength(png: Buffer, length: number): Buffer {
  const changed = Buffer.from(png);
  changed.writeUInt32BE(length, changed.indexOf('IDAT') - 4);
  return changed;
}

function replaced(bytes: Buffer, from: number, to: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[changed.indexOf(Buffer.from([0xff, from])) + 1] = to;
  return changed;
}
