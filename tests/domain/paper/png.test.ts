import { deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { PictureError } from '../../../domain/paper/bitmap.ts';
import { decodePng, encodePng, parsePng } from '../../../domain/paper/png.ts';
import { aChunk, zlib } from '../../support/paper/pictures.ts';

const [width, height] = [37, 29];
/** A picture in gray with slopes and edges, so that each filter has something to do. */
const grayAt = (x: number, y: number): number => ((x * 7 + y * 13) ^ (x > 20 ? 0xf0 : 0)) & 255;

type Kind = { colorType: number; depth: number; interlaced?: boolean };

/** As the format has it: pixels packed to bits, rows filtered by all five filters by turns, seven pictures if interlaced. */
function encoded({ colorType, depth, interlaced = false }: Kind): Buffer {
  const passes = interlaced
    ? [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]] // prettier-ignore
    : [[0, 0, 1, 1]];
  const rows = passes.flatMap(([left, top, across, down]) => {
    const raw: Buffer[] = [];
    for (let y = top!; y < height; y += down!) {
      const samples: number[] = [];
      for (let x = left!; x < width; x += across!) samples.push(...samplesOf({ colorType, depth }, grayAt(x, y)));
      if (samples.length > 0) raw.push(packed(samples, depth));
    }
    return raw.map((row, index) => filtered(row, raw[index - 1] ?? Buffer.alloc(row.length), { filter: index % 5, step: stepOf({ colorType, depth }) })); // prettier-ignore
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colorType, 0, 0, interlaced ? 1 : 0], 8);
  const palette = Buffer.from(Array.from({ length: 2 ** depth }, (_, value) => Array(3).fill(levelOf(value, depth)) as number[]).flat()); // prettier-ignore
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    aChunk('IHDR', header),
    ...(colorType === 3 ? [aChunk('PLTE', palette)] : []),
    aChunk('IDAT', deflateSync(Buffer.concat(rows))),
    aChunk('IEND', Buffer.alloc(0)),
  ]);
}

const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const stepOf = ({ colorType, depth }: Kind) => Math.max(1, (channelsOf[colorType]! * depth) >> 3);
const levelOf = (value: number, depth: number) => Math.round((value * 255) / (2 ** depth - 1));

function samplesOf({ colorType, depth }: Kind, gray: number): number[] {
  const value = depth === 16 ? gray * 257 : gray >> (8 - depth);
  const full = 2 ** depth - 1;
  if (colorType === 2) return [value, value, value];
  if (colorType === 4) return [value, full];
  return colorType === 6 ? [value, value, value, full] : [value];
}

function packed(samples: readonly number[], depth: number): Buffer {
  const bits = samples.map((sample) => sample.toString(2).padStart(depth, '0')).join('');
  return Buffer.from(bits.match(/.{1,8}/g)!.map((byte) => parseInt(byte.padEnd(8, '0'), 2)));
}

function filtered(row: Buffer, above: Buffer, { filter, step }: { filter: number; step: number }): Buffer {
  const paeth = (a: number, b: number, c: number) => {
    const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
    return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
  };
  const bytes = row.map((byte, at) => {
    const [a, b, c] = [row[at - step] ?? 0, above[at]!, above[at - step] ?? 0];
    return byte - [0, a, b, (a + b) >> 1, paeth(a, b, c)][filter]!;
  });
  return Buffer.concat([Buffer.from([filter]), bytes]);
}

const kinds: Kind[] = [
  ...[1, 2, 4, 8, 16].map((depth) => ({ colorType: 0, depth })),
  ...[8, 16].flatMap((depth) => [2, 4, 6].map((colorType) => ({ colorType, depth }))),
  ...[1, 2, 4, 8].map((depth) => ({ colorType: 3, depth })),
];

describe('a PNG', () => {
  it.each(kinds.flatMap((kind) => [kind, { ...kind, interlaced: true }]))('is read as gray: %j', (kind) => {
    const { dots } = decodePng(parsePng(encoded(kind)), zlib);

    const depth = Math.min(8, kind.depth);
    const expected = Array.from({ length: width * height }, (_, at) =>
      levelOf(grayAt(at % width, Math.floor(at / width)) >> (8 - depth), depth),
    );
    expect(dots.map((dot, at) => Math.abs(dot - expected[at]!)).every((off) => off <= 1)).toBe(true);
  });

  it('is white where it is transparent', () => {
    const png = parsePng(encoded({ colorType: 4, depth: 8 }));
    const clear = { ...png, compressed: deflateSync(Buffer.alloc((width * 2 + 1) * height)) };

    expect(new Set(decodePng(clear, zlib).dots)).toEqual(new Set([255]));
  });

  it.each([false, true])('is inflated to the bytes of its rows and no more, interlaced: %j', (interlaced) => {
    const png = parsePng(encoded({ colorType: 6, depth: 16, interlaced }));
    const exact = inflateSync(png.compressed).length;
    let most = 0;

    decodePng(png, { ...zlib, inflate: (bytes, limit) => zlib.inflate(bytes, (most = limit)) });

    expect(most).toBe(exact);
    const more = { ...png, compressed: deflateSync(Buffer.alloc(exact + 1)) };
    expect(() => decodePng(more, zlib)).toThrow(PictureError);
  });

  it('is not inflated where its few dots are many bytes', () => {
    const png = parsePng(encoded({ colorType: 6, depth: 16 }));
    const inflate = (bytes: Uint8Array): Uint8Array => {
      throw new Error(`asked to inflate ${bytes.length} bytes`);
    };

    const decode = () => decodePng({ ...png, width: 10_000_000, height: 1 }, { ...zlib, inflate });

    expect(decode).toThrow('too many bytes');
  });

  it('is written as it is read', () => {
    const picture = decodePng(parsePng(encoded({ colorType: 0, depth: 8 })), zlib);

    const png = encodePng(picture, 300, zlib);

    expect(decodePng(parsePng(png), zlib)).toEqual(picture);
    expect(parsePng(png).dpi).toBe(300);
  });
});
