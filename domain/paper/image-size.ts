import { chunksOf, isFrame, isJpeg, isPng, segmentsOf, sizeInFrame, sizeInHeader } from './image-parts.ts';

/** Pixels, read from the header: an image must not be decoded before its size is known. */
type ImageSize = { mediaType: 'image/png' | 'image/jpeg'; width: number; height: number };

/** @returns null for bytes that are neither PNG nor JPEG, by their first bytes, or that end before they name their size */
export function imageSizeOf(bytes: Uint8Array): ImageSize | null {
  if (isPng(bytes)) return sizeOfPng(bytes);
  return isJpeg(bytes) ? sizeOfJpeg(bytes) : null;
}

/** The first chunk is always the header. */
function sizeOfPng(bytes: Uint8Array): ImageSize | null {
  const [header] = chunksOf(bytes);
  const size = header?.type === 'IHDR' ? sizeInHeader(header.data) : null;
  return size && { mediaType: 'image/png', ...size };
}

function sizeOfJpeg(bytes: Uint8Array): ImageSize | null {
  for (const { marker, data } of segmentsOf(bytes)) {
    if (!isFrame(marker)) continue;
    const size = sizeInFrame(data);
    return size && { mediaType: 'image/jpeg', ...size };
  }
  return null;
}
