import { DomainError } from '../errors.ts';
import { maximumBytes } from './paper.ts';

/** Width and height in pixels. */
export type LogoFacts = { mediaType: 'image/png' | 'image/jpeg'; width: number; height: number };

const mostPixels = 2_000;

/**
 * What a logo's first bytes say of it. Nothing is decoded: a small file may have so many pixels that decoding it would use up
 * the memory. Decoders trust the same header.
 * @throws DomainError `logo_refused`
 */
export function readLogo(bytes: Uint8Array): LogoFacts {
  const most = maximumBytes.logo;
  if (bytes.length === 0) throw refused('is empty');
  if (bytes.length > most) throw refused(`has ${bytes.length} bytes; it may have ${most}`);
  const facts = readPng(bytes) ?? readJpeg(bytes);
  if (!facts) throw refused('is no PNG or JPEG, or is cut off');
  const { width, height } = facts;
  if (width < 1 || height < 1) throw refused('has no pixels');
  if (width > mostPixels || height > mostPixels)
    throw refused(`has ${width} × ${height} pixels; it may have ${mostPixels} × ${mostPixels}`);
  return facts;
}

const refused = (why: string) => new DomainError('logo_refused', `The logo ${why}.`);

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Of a chunk, beside its data: length, type and checksum. */
const chunkFrame = 12;

/** Walks the chunks to the end, so that a file that was cut off is seen. */
function readPng(bytes: Uint8Array): LogoFacts | null {
  if (!pngSignature.every((byte, at) => bytes[at] === byte)) return null;
  const view = viewOf(bytes);
  let size: Pick<LogoFacts, 'width' | 'height'> | undefined;
  let hasData = false;
  for (let at = pngSignature.length; at + chunkFrame <= bytes.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const end = at + chunkFrame + length;
    if (end > bytes.length) return null;
    // The header is the first chunk, and there is one.
    if ((type === 'IHDR') !== (size === undefined) || (type === 'IHDR' && length !== 13)) return null;
    size ??= { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    hasData ||= type === 'IDAT';
    if (type === 'IEND') return hasData ? { mediaType: 'image/png', ...size } : null;
    at = end;
  }
  return null;
}

/** Frames of baseline and progressive JPEG. Others are rare, and many decoders do not know them. */
const frames = [0xc0, 0xc1, 0xc2];
const noFrames = [0xc4, 0xc8, 0xcc];
const startOfScan = 0xda;

/** Walks the segments to the picture. A second frame is refused: decoders differ in which of the two they take. */
function readJpeg(bytes: Uint8Array): LogoFacts | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const view = viewOf(bytes);
  let size: Pick<LogoFacts, 'width' | 'height'> | undefined;
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    // Any number of 0xff may stand before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === startOfScan) return size && hasEnd(bytes, at) ? { mediaType: 'image/jpeg', ...size } : null;
    const length = view.getUint16(at + 2);
    if (length < 2 || at + 2 + length > bytes.length) return null;
    if (isFrame(marker)) {
      if (size || !frames.includes(marker) || length < 8) return null;
      size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    at += 2 + length;
  }
  return null;
}

const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && !noFrames.includes(marker);

/** Whether the mark of the end follows. Programs may write bytes of their own behind it. */
function hasEnd(bytes: Uint8Array, from: number): boolean {
  for (let at = bytes.length - 2; at > from; at -= 1) if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
  return false;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
