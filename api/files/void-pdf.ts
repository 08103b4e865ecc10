import type * as PdfLib from 'pdf-lib';

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
    const angle = Math.atan2(height, width);
    const size = (Math.hypot(width, height) * 0.7) / font.widthOfTextAtSize('VOID', 1);
    const [along, across] = [font.widthOfTextAtSize('VOID', size) / 2, size * 0.36];
    page.drawText('VOID', {
      font,
      size,
      rotate: degrees((angle * 180) / Math.PI),
      x: width / 2 - along * Math.cos(angle) + across * Math.sin(angle),
      y: height / 2 - along * Math.sin(angle) - across * Math.cos(angle),
    });
  }
  return pdf.save({ useObjectStreams: false });
}
