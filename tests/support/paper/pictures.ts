import { crc32, deflateSync, inflateSync } from 'node:zlib';
import type { Zlib } from '../../../domain/paper/bitmap.ts';

export const zlib: Zlib = {
  inflate: (bytes, most) => inflateSync(bytes, { maxOutputLength: most }),
  deflate: (bytes) => deflateSync(bytes),
};

type GreyAt = (x: number, y: number) => number;

/** A PNG of one byte a pixel. @param greyAt 0 is black, 255 white */
export const grayPng = (width: number, height: number, greyAt: GreyAt): Buffer =>
  fileOf({ width, height }, rowsOf(width, height, greyAt));

/** A whole PNG of one colour. @param claimed sizes that the header claims, for bombs */
export const aPng = (width: number, height: number, claimed: { width?: number; height?: number } = {}): Buffer =>
  fileOf(
    { width, height, ...claimed },
    rowsOf(width, height, () => 0x55),
  );

/** Each row begins with its filter: none. */
function rowsOf(width: number, height: number, greyAt: GreyAt): Buffer {
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = greyAt(x, y);
  return rows;
}

function fileOf({ width, height }: { width: number; height: number }, rows: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const pixels = aChunk('IDAT', deflateSync(rows));
  return Buffer.concat([signature, aChunk('IHDR', header), pixels, aChunk('IEND', Buffer.alloc(0))]);
}

export function aChunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, checksum]);
}

/** The headers of a JPEG, with a scan that no decoder could read: only headers are read before paper is printed. */
export function aJpeg(width: number, height: number, frames = 1): Buffer {
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    Buffer.from([0xff, 0xe0, 0, 4, 0x4a, 0x46]),
    ...Array.from({ length: frames }, () => frame),
    Buffer.from([0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9]),
  ]);
}
