import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { PDFDocument } from 'pdf-lib';
import { voidPdf } from '../../../api/files/void-pdf.ts';
import { drawnTextOf, itOnPaper } from '../../support/paper/pdf.ts';

const aFile = (...objects: (string | Buffer)[]) =>
  Buffer.concat(['%PDF-1.7\n', ...objects, '\ntrailer << /Root 1 0 R >>\n%%EOF\n'].map((part) => Buffer.from(part)));
const catalog = '1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n';

/** Each node of the tree has the next one a hundred times: 100⁹ pages in a kilobyte. */
function endlessPages(): Buffer {
  const nodes = Array.from({ length: 9 }, (_, at) => {
    const kids = `${at + 3} 0 R `.repeat(100);
    return `${at + 2} 0 obj << /Type /Pages /Count 100 /Kids [ ${kids} ] >> endobj\n`;
  });
  return aFile(catalog, ...nodes, '11 0 obj << /Type /Page /MediaBox [0 0 288 432] >> endobj\n');
}

/** A good label of a page, but for its objects: they are in a stream of 64 KB that inflates to 64 MB. */
function bomb(): Buffer {
  const objects = ['<< /Type /Catalog /Pages 2 0 R >> ', '<< /Type /Pages /Count 1 /Kids [ 3 0 R ] >> ', '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 288 432] >>']; // prettier-ignore
  const starts = objects.map((_, at) => objects.slice(0, at).join('').length);
  const table = starts.map((start, at) => `${at + 1} ${start} `).join('');
  const stream = deflateSync(`${table}${objects.join('')}`.padEnd(64_000_000));
  const facts = `/N ${objects.length} /First ${table.length} /Filter /FlateDecode /Length ${stream.length}`;
  return aFile(`4 0 obj << /Type /ObjStm ${facts} >>\nstream\n`, stream, '\nendstream endobj\n');
}

describe('a PDF that bears VOID', () => {
  it.each([
    ['has no end of pages', endlessPages],
    ['inflates a thousandfold', bomb],
  ])('is not made of one that %s', async (_what, hostile) => {
    expect(await voidPdf(hostile(), { limitMs: 1_500, heapMb: 64 })).toBeNull();
  });

  itOnPaper('is made of a good one, also after those', async () => {
    const label = await PDFDocument.create();
    label.addPage([288, 432]).drawText('To: Ada');

    const marked = await voidPdf(await label.save(), { limitMs: 60_000, heapMb: 128 });

    expect(drawnTextOf(marked!).replaceAll(/\s/g, '')).toContain('VOID');
  });
});
