import { viewOf } from './bytes.ts';

/** How files of pictures are built up. Nothing is decoded, and no length in a file is trusted. */

export const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

export const isPng = (bytes: Uint8Array): boolean => pngSignature.every((byte, at) => bytes[at] === byte);
export const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8;

/** `isWhole`: its bytes do not end with the file's before they should. */
type Chunk = { type: string; data: Uint8Array; isWhole: boolean };

/** The chunks of a PNG. https://www.w3.org/TR/png-3 */
export function* chunksOf(bytes: Uint8Array): Generator<Chunk> {
  const view = viewOf(bytes);
  // Length, type and checksum are twelve bytes beside the data.
  for (let at = pngSignature.length; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const end = at + 12 + length;
    yield { type, data: bytes.subarray(at + 8, at + 8 + length), isWhole: end <= bytes.length };
    at = end;
  }
}

/** Of the data of the chunk IHDR. */
export function sizeInHeader(data: Uint8Array): { width: number; height: number } | null {
  if (data.length < 8) return null;
  return { width: viewOf(data).getUint32(0), height: viewOf(data).getUint32(4) };
}

/** `end`: where the next one begins. */
type Segment = { marker: number; data: Uint8Array; isWhole: boolean; end: number };

export const startOfScan = 0xda;

/** The segments of a JPEG up to its picture. A marker may be padded with 0xff; markers without a length are passed over. */
export function* segmentsOf(bytes: Uint8Array): Generator<Segment> {
  const view = viewOf(bytes);
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1]!;
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else {
      const length = view.getUint16(at + 2);
      const end = at + 2 + length;
      if (length < 2) return;
      yield { marker, data: bytes.subarray(at + 4, end), isWhole: end <= bytes.length, end };
      if (marker === startOfScan) return;
      at = end;
    }
  }
}

/** SOF0 to SOF15, without the three of them that are no frames: DHT, JPG and DAC. */
export const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Of the data of a frame. */
export function sizeInFrame(data: Uint8Array): { width: number; height: number } | null {
  if (data.length < 5) return null;
  return { height: viewOf(data).getUint16(1), width: viewOf(data).getUint16(3) };
}
