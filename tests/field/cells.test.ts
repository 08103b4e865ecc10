import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { readRows } from '../../api/files/csv-rows.ts';
import type { FileRow } from '../../api/files/file-row.ts';
import { quoted, readTime, readUnits, trimmed, unwrapped } from '../../domain/cells.ts';
import { UploadedFile } from '../../api/plugins/uploads.ts';
import { DomainError } from '../../domain/errors.ts';

/** What a reader gives, or the text of its refusal. Anything else that it throws fails the test. */
function outcome<T>(read: () => T): { value: T } | { refusal: string } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof DomainError) return { refusal: error.message };
    throw error;
  }
}

const rule = 'must be a whole number';
const unitsOf = (cell: string) => outcome(() => readUnits(cell, rule));
const timeOf = (cell: string) => outcome(() => readTime(cell));

/** Cells that look like numbers and days, and cells of any text. */
const cell = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.stringMatching(/^[ '="+\u2212-]{0,3}[0-9.,' \u00A0\u202F/:TZE+-]{0,20}['" ]{0,2}$/),
  fc.stringMatching(/^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$/),
);

describe('the reader of units', () => {
  it('reads whole numbers however they are written, and never another one', () => {
    const written = fc.integer({ min: -999_999_999, max: 999_999_999 }).chain((units) => {
      const plain = String(units);
      const inGroups = (sign: string) => plain.replace(/\B(?=(\d{3})+$)/g, sign);
      const texts = [plain, ` ${plain} `, `'${plain}`, `="${plain}"`, `${plain}.0`, `${plain},00`];
      texts.push(inGroups('\u00A0'), inGroups(' '), inGroups("'"), `${inGroups(',')}.00`, `${inGroups('.')},0`);
      return fc.record({ units: fc.constant(units), text: fc.constantFrom(...texts) });
    });

    fc.assert(fc.property(written, ({ units, text }) => expect(unitsOf(text)).toEqual({ value: units })));
  });

  it('accepts nothing that it cannot print back, and refuses in words that quote the cell', () => {
    fc.assert(
      fc.property(cell, (text) => {
        const read = unitsOf(text);
        if ('refusal' in read) return expect(read.refusal).toContain(`, is ${quoted(text)}`);
        expect(unitsOf(String(read.value))).toEqual(read);
        // Each digit of the number was in the cell, in its order; what was left out are signs and zeros of a fraction.
        const digits = String(Math.abs(read.value));
        expect(
          text
            .replace(/\D/g, '')
            .replace(/^0+(?=\d)/, '')
            .startsWith(digits),
        ).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['1.000', '1,000', '12,345', '3.500', '3,5', '1E+3', '7.74E+11', '', 'N/A', '1 00', '1,00,000', '0x10', '٣'])(
    'refuses %j',
    (text) => {
      expect(unitsOf(text)).toHaveProperty('refusal');
    },
  );
});

describe('the reader of days', () => {
  it('reads each day as it is written, and never another one', () => {
    const day = fc.date({ min: new Date('1970-01-01'), max: new Date('2999-12-31'), noInvalidDate: true });

    fc.assert(
      fc.property(day, (moment) => {
        const [year, month, date] = moment.toISOString().slice(0, 10).split('-') as [string, string, string];
        const time = `${year}-${month}-${date}T00:00:00Z`;
        const isClear = Number(date) > 12 || Number(date) === Number(month);
        const either = isClear ? { value: time } : { refusal: expect.stringContaining('could be') };
        expect(
          [`${year}-${month}-${date}`, `${date}.${month}.${year}`, `${year}/${month}/${date}`].map(timeOf),
        ).toEqual(Array.from({ length: 3 }, () => ({ value: time })));
        expect([`${month}/${date}/${year}`, `${date}/${month}/${year}`].map(timeOf)).toEqual([either, either]);
      }),
    );
  });

  it('accepts nothing that it cannot print back, and refuses in words that quote the cell', () => {
    fc.assert(
      fc.property(cell, (text) => {
        const read = timeOf(text);
        if ('refusal' in read) return expect(read.refusal).toContain(`, is ${quoted(text)}`);
        expect(timeOf(read.value)).toEqual(read);
      }),
      { numRuns: 2_000 },
    );
  });
});

it('what spreadsheets put around a text is taken off once, and nothing of the text', () => {
  const text = fc.string({ minLength: 1, maxLength: 40 }).filter((one) => trimmed(one) !== '');

  fc.assert(
    fc.property(text, (one) => {
      expect(unwrapped(`="${one}"`)).toBe(one);
      if (!trimmed(one).endsWith("'")) expect(unwrapped(`'${trimmed(one)}`)).toBe(trimmed(one));
      if (!/^\s*['=]/.test(trimmed(one))) expect(unwrapped(one)).toBe(one);
    }),
  );
});

type Read = { rows: FileRow[]; refusal?: DomainError };

/** @param parts the file, as its bytes arrive */
async function read(parts: Iterable<Buffer>, charset?: string): Promise<Read> {
  const rows: FileRow[] = [];
  try {
    const type = charset === undefined ? 'text/csv' : `text/csv; charset=${charset}`;
    const file = new UploadedFile(Readable.from(parts, { objectMode: false }), type);
    for await (const row of readRows(file, (name) => name === 'sku')) rows.push(row);
    return { rows };
  } catch (error) {
    if (error instanceof DomainError) return { rows, refusal: error };
    throw error;
  }
}

/** The bytes of a text in parts of any length: a sign may be cut in two. */
function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const parts: Buffer[] = [];
  let from = 0;
  for (const length of lengths) parts.push(bytes.subarray(from, (from += length)));
  return [...parts, bytes.subarray(from)].filter((part) => part.length > 0);
}

const lengths = fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 30 });

describe('the reader of rows', () => {
  const word = fc
    .string({ unit: 'grapheme', maxLength: 12 })
    .map((text) => `x${text.replaceAll('\0', '')}x`)
    .filter((text) => Buffer.from(text).toString() === text);
  const table = fc.array(fc.tuple(word, word), { maxLength: 20 });
  const encodings = [
    { mark: '', encode: (text: string) => Buffer.from(text) },
    { mark: '\uFEFF', encode: (text: string) => Buffer.from(text) },
    { mark: '\uFEFF', encode: (text: string) => Buffer.from(text, 'utf16le') },
    { mark: '\uFEFF', encode: (text: string) => Buffer.from(text, 'utf16le').swap16() },
  ];

  it('reads what a writer of CSV writes, in each encoding, with each delimiter, however it is cut', async () => {
    const file = fc.record({
      table,
      lengths,
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      record_delimiter: fc.constantFrom('\n', '\r\n', '\r'),
      encoding: fc.constantFrom(...encodings),
    });

    await fc.assert(
      fc.asyncProperty(file, async ({ table: cells, lengths: cuts, encoding, ...format }) => {
        const rows = [['sku', 'note'], ...cells];
        const bytes = encoding.encode(encoding.mark + stringify(rows, { ...format, quoted: true }));

        expect(await read(cut(bytes, cuts))).toEqual({ rows: rows.map((one, at) => ({ row: at + 1, cells: one })) });
      }),
    );
  });

  it('never throws anything but a refusal, whatever the bytes', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 3_000 }),
      fc.array(fc.constantFrom('sku', '"', ',', ';', '\n', '\r', '\t', '\uFEFF', 'sep=', 'x', '\u00E9', '\0', ' ')).map((parts) =>
        Buffer.from(parts.join(''), 'latin1'),
      ),
    ); // prettier-ignore
    const charset = fc.constantFrom(undefined, 'utf-8', 'windows-1252', 'utf-16le', 'shift_jis', 'nonsense');

    await fc.assert(
      fc.asyncProperty(bytes, lengths, charset, async (file, cuts, name) => {
        const { rows } = await read(cut(Buffer.from(file), cuts), name);
        for (const { cells } of rows) expect(cells.join('')).not.toContain('\0');
      }),
    );
  });

  it('gives no row with a byte that is not text, nor one after it, and names its row', async () => {
    const file = fc.record({
      table: fc.array(fc.tuple(word, word), { minLength: 2, maxLength: 20 }),
      lengths,
      at: fc.nat(),
    });

    await fc.assert(
      fc.asyncProperty(file, async ({ table: cells, lengths: cuts, at }) => {
        const wrong = at % cells.length;
        const lines = cells.map((row, index) =>
          Buffer.concat([Buffer.from(stringify([row], { quoted: true }).slice(0, -2)), Buffer.from(index === wrong ? [0xe9] : []), Buffer.from('"\n')]),
        ); // prettier-ignore
        const { rows, refusal } = await read(cut(Buffer.concat([Buffer.from('sku,note\n'), ...lines]), cuts));

        expect(rows.slice(1).map((row) => row.cells)).toEqual(cells.slice(0, wrong));
        expect(refusal).toMatchObject({ code: 'not_utf8', message: expect.stringMatching(`^Row ${wrong + 2} `) });
      }),
    );
  });

  const tooLong = (row: number) => `Row ${row} is longer than 65536 characters.`;
  const tooMany = 'A file has at most 1048576 rows, blank ones included.';

  it.each([
    ['a line of 10 MB', 'x', 'sku,note\n', tooLong(2)],
    ['10 MB in quotes', 'x', 'sku,note\n"', tooLong(2)],
    ['10 MB of quotes', '"', 'sku,note\n', tooLong(2)],
    ['10 MB of commas', ',', 'sku,note\n', tooLong(2)],
    ['a first line of 10 MB', 'x', '', tooLong(1)],
    ['10 MB of blanks', ' ', '', tooLong(1)],
    ['10 MB of blank lines', '\n', '', tooMany],
    // No row was read, so that the names of the columns are missing.
    ['a first line of 10 MB in quotes', '\n', '"', undefined],
  ])('ends early in %s', async (...[, sign, before, cause]) => {
    const part = Buffer.from(sign.repeat(65_536));
    function* parts(): Generator<Buffer> {
      if (before !== '') yield Buffer.from(before);
      for (let at = 0; at < 160; at += 1) yield part;
    }

    const { rows, refusal } = await read(parts());

    expect(refusal?.message).toBe(cause);
    expect(rows.map(({ cells }) => cells)).toEqual(before.startsWith('sku') ? [['sku', 'note']] : []);
  });
});
