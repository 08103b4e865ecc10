import type * as PdfLib from 'pdf-lib';
import { helveticaBold, voidLine } from '../../domain/paper/void-mark.ts';

/**
 * The word VOID across each page of a label that its provider gave as PDF. The package is loaded with the first.
 * @returns null for a PDF that is damaged or encrypted
 */
export async function voidPdf(bytes: Uint8Array): Promise<Uint8Array | null> {
  const library = await import('pdf-lib');
  try {
    return await marked(library, bytes);
  } catch {
    // The package has no class for most of what it throws.
    return null;
  }
}

async function marked({ degrees, PDFDocument, StandardFonts }: typeof PdfLib, bytes: Uint8Array): Promise<Uint8Array> {
  const pdf = await PDFDocument.load(bytes, { updateMetadata: false });
  const font = await pdf.embedFont(StandardFonts.HelveticaBold);
  for (const page of pdf.getPages()) {
    const { width, height } = page.getSize();
    const { size, cos, sin, x, y } = voidLine({ width, height }, helveticaBold);
    page.drawText('VOID', { font, size, x, y, rotate: degrees((Math.atan2(sin, cos) * 180) / Math.PI) });
  }
  return pdf.save({ useObjectStreams: false });
}
