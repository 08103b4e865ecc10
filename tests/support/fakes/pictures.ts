import { deflateSync, crc32 } from 'node:zlib';

/** A whole PNG of one colour. Sizes that a header may claim are given apart, for bombs. */
export function aPng(width: number, height: number, claimed: { width?: number; height?: number } = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(claimed.width ?? width, 0);
  header.writeUInt32BE(claimed.height ?? height, 4);
  // 8 bits of grey.
  header.set([8, 0, 0, 0, 0], 8);
  // Each row begins with its filter: none.
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width, 0x55)]);
  const rows = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, aChunk('IHDR', header), aChunk('IDAT', rows), aChunk('IEND', Buffer.alloc(0))]);
}

export function aChunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(named) >>> 0);
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
