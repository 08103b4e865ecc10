import { deflateSync, inflateSync } from 'node:zlib';
import { readBytes, readChunks, type DocumentRecord, type From } from '../../db/documents/reading.ts';
import { DomainError } from '../../domain/errors.ts';
import { PictureError, type Zlib } from '../../domain/paper/bitmap.ts';
import { formatTypes, labelIn, type PrinterDpi } from '../../domain/paper/label-format.ts';
import type { DocumentFormat } from '../../domain/paper/paper.ts';
import { voidPdf } from './void-pdf.ts';

/** Left out: a PDF of a label, and of all others the stored bytes. */
type Wish = { format?: DocumentFormat | undefined; dpi: PrinterDpi };

/** How a document is sent. `tag`: the hash of the stored bytes, with a suffix where others are sent. */
type DocumentFile = { type: string; name: string; tag: string; format: DocumentFormat | undefined; isStored: boolean };

const zlib: Zlib = {
  inflate: (bytes, most) => inflateSync(bytes, { maxOutputLength: most }),
  deflate: (bytes) => deflateSync(bytes),
};

/** @throws DomainError `invalid_request` for a format that this document does not have */
export function documentFile(document: DocumentRecord, { format: wished, dpi }: Wish): DocumentFile {
  const { kind, mediaType, isVoid } = document;
  const format = wished ?? (kind === 'label' ? 'pdf' : undefined);
  const isPdf = mediaType === 'application/pdf';
  const isOwnFormat = format === undefined || formatTypes[format] === mediaType;
  if (!isOwnFormat && (kind !== 'label' || isPdf)) throw noSuchFormat(isPdf ? 'pdf' : mediaType);
  const isStored = isOwnFormat && !isVoid;
  const suffixes = [...(isOwnFormat ? [] : [format]), ...(format === 'zpl' ? [dpi] : []), ...(isVoid ? ['void'] : [])];
  return {
    type: format === undefined ? mediaType : formatTypes[format],
    name: `${document.id}.${format ?? mediaType.split('/')[1]}`,
    tag: `"${[document.sha256.toString('hex'), ...suffixes].join('-')}"`,
    format,
    isStored,
  };
}

function noSuchFormat(only: string): DomainError {
  const detail = `must be left out, or fit: this document is ${only}`;
  return new DomainError('invalid_request', 'The document has no such format.', [{ pointer: '?format', detail }]);
}

/**
 * The bytes to send: those stored, in chunks, or those made of them.
 * @throws as `readChunks`; DomainError `invalid_request` for a label that cannot be read
 */
export async function* contentOf(
  from: From,
  document: DocumentRecord,
  { file, dpi }: { file: DocumentFile; dpi: PrinterDpi },
): AsyncGenerator<Uint8Array> {
  if (file.isStored) {
    yield* readChunks(from, document);
    return;
  }
  const bytes = await readBytes(from, document);
  yield document.mediaType === 'application/pdf' ? await markedVoid(bytes) : converted(bytes, document, { file, dpi });
}

async function markedVoid(bytes: Uint8Array): Promise<Uint8Array> {
  const marked = await voidPdf(bytes);
  if (marked !== null) return marked;
  // Without the mark it could be put on a parcel.
  throw new DomainError('invalid_request', 'The label is void, and its PDF cannot be read to be marked so.');
}

function converted(
  bytes: Uint8Array,
  { isVoid }: DocumentRecord,
  { file, dpi }: { file: DocumentFile; dpi: PrinterDpi },
): Uint8Array {
  try {
    return labelIn(bytes, { format: file.format ?? 'png', isVoid, dpi, zlib });
  } catch (error) {
    // The provider sent it so; as it is stored it can still be read.
    if (error instanceof PictureError) throw noSuchFormat('png');
    throw error;
  }
}
