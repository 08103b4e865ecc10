/** Pixels, read from the header: an image must not be decoded before its size is known. */
type ImageSize = { mediaType: 'image/png' | 'image/jpeg'; width: number; height: number };

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** @returns null for bytes that are neither PNG nor JPEG, by their first bytes, or that end before they name their size */
export function imageSizeOf(bytes: Uint8Array): ImageSize | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (pngSignature.every((byte, at) => bytes[at] === byte)) return sizeOfPng(view);
  return bytes[0] === 0xff && bytes[1] === 0xd8 ? sizeOfJpeg(view) : null;
}

/** The first chunk is always the header. */
function sizeOfPng(view: DataView): ImageSize | null {
  const header = 0x49_48_44_52;
  if (view.byteLength < 24 || view.getUint32(12) !== header) return null;
  return { mediaType: 'image/png', width: view.getUint32(16), height: view.getUint32(20) };
}

/** Segments follow each other until the frame, which has the size. */
function sizeOfJpeg(view: DataView): ImageSize | null {
  for (let at = 2; at + 9 <= view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (isFrame(marker))
      return { mediaType: 'image/jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    // A marker may be padded with 0xff; markers without a length stand alone.
    if (marker === 0xff) at += 1;
    else at += marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8) ? 2 : 2 + view.getUint16(at + 2);
  }
  return null;
}

/** SOF0 to SOF15, without the three of them that are no frames: DHT, JPG and DAC. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
