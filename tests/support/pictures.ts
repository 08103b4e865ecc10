import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import type { Zlib } from '../../domain/paper/bitmap.ts';

export const zlib: Zlib = {
  inflate: (bytes, most) => inflateSync(bytes, { maxOutputLength: most }),
  deflate: (bytes) => deflateSync(bytes),
};

/** Runs a program in a folder that has the bytes as the file `in`. @throws where it is missing or fails */
function run<T>(program: string, words: readonly string[], { bytes, read }: { bytes: Uint8Array; read: Read<T> }): T {
  const folder = mkdtempSync(join(tmpdir(), 'vp-picture-'));
  try {
    writeFileSync(join(folder, 'in'), bytes);
    const { stdout, stderr, error, status } = spawnSync(program, words, { cwd: folder });
    if (error) throw error;
    if (status !== 0) throw new Error(`${program}: ${stderr.toString()}`);
    return read({ text: stdout.toString().trim(), folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
type Read<T> = (done: { text: string; folder: string }) => T;

/** In the order in which it is drawn. */
export const textOfPdf = (pdf: Uint8Array): string =>
  run('pdftotext', ['-raw', 'in', '-'], { bytes: pdf, read: ({ text }) => text });

/** The first page of a PDF as a PNG, by poppler. `options`: `-gray`, `-mono`. */
export const pictureOfPdf = (pdf: Uint8Array, dpi: number, ...options: string[]): Buffer =>
  run('pdftoppm', ['-r', String(dpi), '-png', '-singlefile', ...options, 'in', 'out'], {
    bytes: pdf,
    read: ({ folder }) => readFileSync(join(folder, 'out.png')),
  });

/** The size of the first page, as poppler reads it: `288 x 432 pts`. */
export const pageSizeOf = (pdf: Uint8Array): string =>
  run('pdfinfo', ['in'], { bytes: pdf, read: ({ text }) => /Page size: +([\d.x pts]+)/.exec(text)?.[1]?.trim() ?? '' });

/** What a scanner reads. @throws where it reads nothing */
export const barcodeIn = (png: Uint8Array): string =>
  run('zbarimg', ['--quiet', '--raw', 'in'], { bytes: png, read: ({ text }) => text });
