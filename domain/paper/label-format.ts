import { scaled, type Zlib } from './bitmap.ts';
import { ascii } from './bytes.ts';
import { pageOf, pngToPdf } from './pdf.ts';
import { decodePng, encodePng, parsePng } from './png.ts';
import { withVoidMark } from './void-mark.ts';
import { toZpl } from './zpl.ts';
import type { DocumentFormat } from './paper.ts';

/** Dots per inch of label printers. Most have 203. */
export const printerDpi = [203, 300] as const;
export type PrinterDpi = (typeof printerDpi)[number];

export const formatTypes: Readonly<Record<DocumentFormat, string>> = {
  pdf: 'application/pdf',
  png: 'image/png',
  zpl: 'application/zpl',
};

/**
 * A label's PNG in another format. A PNG that is not void stays as it is. The same input gives the same bytes.
 * @throws PictureError
 */
export function labelIn(
  bytes: Uint8Array,
  wish: { format: DocumentFormat; isVoid: boolean; dpi: PrinterDpi; zlib: Zlib },
): Uint8Array {
  const { format, isVoid, dpi, zlib } = wish;
  if (format === 'png' && !isVoid) return bytes;
  const png = parsePng(bytes);
  if (format === 'pdf') return pngToPdf(png, { isVoid, zlib });
  const inches = pageOf(png).width / 72;
  const picture = decodePng(png, zlib);
  const marked = isVoid ? withVoidMark(picture) : picture;
  if (format === 'png') return encodePng(marked, Math.round(png.width / inches), zlib);
  const text = toZpl(scaled(marked, Math.round(inches * dpi)));
  return ascii(text);
}
