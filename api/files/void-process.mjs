import { constants, inflateRawSync } from 'node:zlib';
import { degrees, PDFDocument, PDFName, PDFParser, PDFRawStream, StandardFonts } from 'pdf-lib';

// Plain JavaScript, since a process that is started from the sources has no loader for TypeScript.

/** The limit of a process' heap does not count bytes that are inflated. */
const mostInflated = 16 * 1024 * 1024;
/** While it reads a file, the package inflates streams of these types, and no others. */
const inflatedTypes = ['ObjStm', 'XRef'].map((type) => PDFName.of(type));

/** Refuses a stream before the package inflates it. Measured with zlib, which ends at a limit. */
class BoundedParser extends PDFParser {
  parseDictOrStream() {
    const object = super.parseDictOrStream();
    if (object instanceof PDFRawStream && inflatedTypes.includes(object.dict.lookup(PDFName.of('Type'))))
      assertSmall(object);
    return object;
  }
}

/** @param {PDFRawStream} stream */
function assertSmall({ dict, contents }) {
  const filter = dict.lookup(PDFName.of('Filter'));
  if (filter === undefined) return;
  if (filter !== PDFName.of('FlateDecode')) throw new Error('Only one filter is read.');
  // As the package reads: without the checksum, and also a stream that is cut off.
  const limits = { maxOutputLength: mostInflated, finishFlush: constants.Z_SYNC_FLUSH };
  inflateRawSync(contents.subarray(2), limits);
}

/** @param {Uint8Array} bytes */
async function marked(bytes) {
  const pdf = new PDFDocument(await new BoundedParser(bytes).parseDocument(), false, false);
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

process.once('message', async (/** @type {Uint8Array} */ bytes) => {
  const answer = await marked(bytes);
  process.send?.(answer, () => process.disconnect());
});
