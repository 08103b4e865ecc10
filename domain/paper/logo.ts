import { DomainError } from '../errors.ts';
import { chunksOf, isFrame, isJpeg, isPng, segmentsOf, sizeInFrame, sizeInHeader, startOfScan } from './image-parts.ts';
import { maximumBytes } from './paper.ts';

/** Width and height in pixels. */
export type LogoFacts = { mediaType: 'image/png' | 'image/jpeg'; width: number; height: number };

/** Of a side. */
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

/** Walks the chunks to the end, so that a file that was cut off is seen. */
function readPng(bytes: Uint8Array): LogoFacts | null {
  if (!isPng(bytes)) return null;
  let size: ReturnType<typeof sizeInHeader> = null;
  let hasData = false;
  for (const { type, data, isWhole } of chunksOf(bytes)) {
    // The header is the first chunk, and there is one.
    if (!isWhole || (type === 'IHDR') !== (size === null) || (type === 'IHDR' && data.length !== 13)) return null;
    size ??= sizeInHeader(data);
    hasData ||= type === 'IDAT';
    if (type === 'IEND') return size && hasData ? { mediaType: 'image/png', ...size } : null;
  }
  return null;
}

/** Frames of baseline and progressive JPEG. Others are rare, and many decoders do not know them. */
const frames = [0xc0, 0xc1, 0xc2];

/** Walks the segments to the picture. A second frame is refused: decoders differ in which of the two they take. */
function readJpeg(bytes: Uint8Array): LogoFacts | null {
  if (!isJpeg(bytes)) return null;
  let size: ReturnType<typeof sizeInFrame> = null;
  for (const { marker, data, isWhole, end } of segmentsOf(bytes)) {
    if (marker === startOfScan) return size && hasEnd(bytes, end) ? { mediaType: 'image/jpeg', ...size } : null;
    if (!isWhole) return null;
    if (!isFrame(marker)) continue;
    if (size || !frames.includes(marker)) return null;
    size = sizeInFrame(data);
  }
  return null;
}

/** Whether the mark of the end follows. Programs may write bytes of their own behind it. */
function hasEnd(bytes: Uint8Array, from: number): boolean {
  for (let at = bytes.length - 2; at >= from; at -= 1) if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
  return false;
}
