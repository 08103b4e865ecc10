import { DomainError } from '../../domain/errors.ts';
import { quoted } from '../../domain/cells.ts';
import { workbookType } from '../plugins/uploads.ts';

/** Why a text ends early. @param row in which the first byte lies that is not text */
export type Break = (row: number) => DomainError;

/** Bytes that are enough to see what a file is. */
const headLength = 512;

/** Encodings whose decoder refuses every wrong byte. Others are refused: a sign that is guessed would be stored. */
const readable = /^(?:utf-8|utf-16[lb]e|windows-\d+|iso-8859-[\w-]+|macintosh|koi8-[ru]|shift_jis|gbk|gb18030|big5)$/;

/**
 * The text of a file, as its bytes arrive. A byte order mark comes before the declared charset, and UTF-8 is read where
 * nothing is declared. After a byte that is not text nothing is read: one U+FFFD marks its place, and `onBreak` gets why.
 * @throws DomainError `malformed_request` for what is no text; `unsupported_media_type` for a charset that is not read
 */
export async function* textOf(
  bytes: AsyncIterable<Buffer>,
  charset: string | undefined,
  onBreak: (why: Break) => void,
): AsyncGenerator<string> {
  const declared = charset === undefined ? undefined : encodingNamed(charset);
  let decoder: Decoder | undefined;
  for await (const part of withHead(bytes)) {
    if (!decoder) {
      const encoding = markOf(part) ?? declared;
      assertText(part, encoding);
      decoder = decoderOf(encoding ?? 'utf-8', charset);
    }
    const { text, why } = decoder(part);
    yield why ? `${text}\uFFFD` : text;
    if (why) return onBreak(why);
  }
  const why = decoder?.(null).why;
  if (!why) return;
  yield '\uFFFD';
  onBreak(why);
}

/** The first part has `headLength` bytes, or all that there are. */
async function* withHead(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const part of bytes) {
    if (!head) {
      yield part;
      continue;
    }
    head = Buffer.concat([head, part]);
    if (head.length < headLength) continue;
    yield head;
    head = null;
  }
  if (head && head.length > 0) yield head;
}

function encodingNamed(charset: string): string {
  try {
    const { encoding } = new TextDecoder(charset);
    if (readable.test(encoding)) return encoding;
  } catch {
    // No name of an encoding.
  }
  const known = 'utf-8, utf-16le, windows-1252, iso-8859-1, iso-8859-15';
  throw new DomainError('unsupported_media_type', `The charset ${quoted(charset)} is not read here; send ${known}.`);
}

function markOf(head: Buffer): string | undefined {
  if (head.subarray(0, 3).equals(Buffer.of(0xef, 0xbb, 0xbf))) return 'utf-8';
  if (head.subarray(0, 2).equals(Buffer.of(0xff, 0xfe))) return 'utf-16le';
  return head.subarray(0, 2).equals(Buffer.of(0xfe, 0xff)) ? 'utf-16be' : undefined;
}

/** What files begin with that people send as CSV. Each byte is one sign here. */
const otherKinds: readonly [RegExp, string][] = [
  [
    /^PK[\x03\x05]/,
    `an Excel workbook (.xlsx) or another zip file: send a workbook with Content-Type: ${workbookType}`,
  ],
  [/^\xD0\xCF\x11\xE0/, 'an old Excel workbook (.xls): save it as .xlsx, or as "CSV UTF-8"'],
  [/^\x1F\x8B/, 'a file packed by gzip: unpack it'],
  [/^%PDF/, 'a PDF'],
  [/^\s*(?:\{\s*["}]|\[\s*[{\]])/, 'JSON: send it with Content-Type: application/json'],
  [/^\s*<(?:!doctype|html|table|\?xml|meta)/i, 'a web page or XML: save it as "CSV UTF-8"'],
];

function assertText(head: Buffer, encoding: string | undefined): void {
  const start = head.subarray(0, headLength).toString('latin1');
  const [, kind] = otherKinds.find(([pattern]) => pattern.test(start)) ?? [];
  const likely = kind ?? (encoding?.startsWith('utf-16') ? undefined : kindWithZeros(start));
  if (likely !== undefined) throw new DomainError('malformed_request', `The file is no CSV; it looks like ${likely}.`);
}

/** UTF-16 has a zero byte beside each sign of ASCII. */
function kindWithZeros(start: string): string | undefined {
  const zeros = [...start].flatMap((sign, at) => (sign === '\0' ? [at % 2] : []));
  if (zeros.length === 0) return undefined;
  const odd = zeros.filter((rest) => rest === 1).length;
  if (zeros.length < start.length / 4 || (odd > 0 && odd < zeros.length)) return 'bytes, not text';
  const name = odd > 0 ? 'utf-16le' : 'utf-16be';
  return `UTF-16 without a byte order mark: send it with Content-Type: text/csv; charset=${name}`;
}

/** Fails at bytes that are not this encoding, and leaves out a byte order mark. */
export const strictDecoder = (encoding: string): InstanceType<typeof TextDecoder> =>
  new TextDecoder(encoding, { fatal: true });

/** `null`: the file is over. `why`: the text ends before something that is not text. */
type Decoder = (bytes: Buffer | null) => { text: string; why?: Break };

/**
 * `stream` in every call: without it Node takes a shortcut for windows-1252 that reads `€` and `’` as control characters.
 * The second decoder is one part behind, to find the place of a wrong byte: a decoder that has failed cannot go on.
 */
function decoderOf(encoding: string, charset: string | undefined): Decoder {
  const [ahead, behind] = [strictDecoder(encoding), strictDecoder(encoding)];
  const broken = (rest: Buffer): Break =>
    encoding === 'utf-8' ? notUtf8(rest) : (row) => malformed(`Row ${row} is not ${charset ?? encoding}.`);
  return (bytes) => {
    try {
      if (bytes === null) {
        ahead.decode();
        return { text: '' };
      }
      const text = ahead.decode(bytes, { stream: true });
      behind.decode(bytes, { stream: true });
      const end = text.indexOf('\0');
      return end < 0 ? { text } : { text: text.slice(0, end), why: hasZero };
    } catch {
      const { text, at } = textBefore(behind, bytes ?? Buffer.alloc(0));
      return { text, why: broken((bytes ?? Buffer.alloc(0)).subarray(at)) };
    }
  };
}

function textBefore(decoder: InstanceType<typeof TextDecoder>, bytes: Buffer): { text: string; at: number } {
  let text = '';
  for (let at = 0; at < bytes.length; at += 1) {
    try {
      text += decoder.decode(bytes.subarray(at, at + 1), { stream: true });
    } catch {
      return { text, at };
    }
  }
  return { text, at: bytes.length };
}

const malformed = (detail: string) => new DomainError('malformed_request', detail);
const hasZero: Break = (row) => malformed(`Row ${row} has a zero byte: the file is no text, or it was damaged.`);

/** The bytes that Windows-1252 leaves free. */
const unusedBytes = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

function notUtf8(rest: Buffer): Break {
  const isLikely = rest.length > 0 && !rest.subarray(0, headLength).some((byte) => unusedBytes.includes(byte));
  const header = 'Content-Type: text/csv; charset=';
  const remedy = isLikely ? `send it with ${header}windows-1252` : `name its encoding, as in ${header}iso-8859-2`;
  const likely = isLikely ? ' It looks like Windows-1252.' : '';
  const save = 'Save the file as "CSV UTF-8"';
  return (row) => new DomainError('not_utf8', `Row ${row} is not UTF-8.${likely} ${save}, or ${remedy}.`);
}
