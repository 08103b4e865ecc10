import { constants, inflateRawSync } from 'node:zlib';
import {
  degrees,
  PDFDocument,
  PDFName,
  PDFParser,
  PDFRawStream,
  StandardFonts,
  type PDFContext,
  type PDFDict,
  type PDFObject,
  type PDFStream,
} from 'pdf-lib';
import { helveticaBold, voidLine } from '../../domain/paper/void-mark.ts';

/** Bytes that are inflated do not count to the limit of a heap. */
const mostInflated = 16 * 1024 * 1024;
/** While it reads a file, the package inflates streams of these types, and no others. */
const inflatedTypes: (PDFObject | undefined)[] = ['ObjStm', 'XRef'].map((type) => PDFName.of(type));

/** Refuses a stream before the package inflates it. Measured with zlib, which ends at a limit. */
class BoundedParser extends PDFParser {
  protected override parseDictOrStream(): PDFDict | PDFStream {
    const object = super.parseDictOrStream();
    if (object instanceof PDFRawStream && inflatedTypes.includes(object.dict.lookup(PDFName.of('Type'))))
      assertSmall(object);
    return object;
  }
}

function assertSmall({ dict, contents }: PDFRawStream): void {
  const filter = dict.lookup(PDFName.of('Filter'));
  if (filter === undefined) return;
  if (filter !== PDFName.of('FlateDecode')) throw new Error('Only one filter is read.');
  // As the package reads: without the checksum, and also a stream that is cut off.
  const limits = { maxOutputLength: mostInflated, finishFlush: constants.Z_SYNC_FLUSH };
  inflateRawSync(contents.subarray(2), limits);
}

/** Private in the package, whose `load` has a parser of its own. */
const OpenedDocument = PDFDocument as unknown as new (
  context: PDFContext,
  ignoreEncryption: boolean,
  updateMetadata: boolean,
) => PDFDocument;

async function marked(bytes: Uint8Array): Promise<Uint8Array> {
  const pdf = new OpenedDocument(await new BoundedParser(bytes).parseDocument(), false, false);
  const font = await pdf.embedFont(StandardFonts.HelveticaBold);
  for (const page of pdf.getPages()) {
    const { size, cos, sin, x, y } = voidLine(page.getSize(), helveticaBold);
    page.drawText('VOID', { font, size, x, y, rotate: degrees((Math.atan2(sin, cos) * 180) / Math.PI) });
  }
  return pdf.save({ useObjectStreams: false });
}

process.once('message', (bytes: Uint8Array) => {
  void marked(bytes).then((answer) => process.send?.(answer, () => process.disconnect()));
});
