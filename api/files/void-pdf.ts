/** The word VOID across each page of a label that its provider gave as PDF. The package is loaded with the first. */
export async function voidPdf(bytes: Uint8Array): Promise<Uint8Array> {
  const { degrees, PDFDocument, StandardFonts } = await import('pdf-lib');
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
