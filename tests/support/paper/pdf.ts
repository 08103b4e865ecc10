import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from '@jest/globals';

/** What the packages `poppler-utils` and `zbar-tools` bring. */
const missing = ['pdftotext', 'pdftoppm', 'zbarimg'].filter((name) => spawnSync(name, ['--version']).error);
const isReadable = missing.length === 0 || process.env['CI'] === 'true';

/** Tests that read paper as a person or a scanner does. `.ci/run` installs what they need, so there they fail without it. */
export const onPaper: typeof describe.skip = isReadable ? describe : describe.skip;
/** One such test among others. */
export const itOnPaper: typeof it.skip = isReadable ? it : it.skip;

/** Grey from 0 to 255, row by row. */
type Picture = { width: number; height: number; grey: Uint8Array };

/** The text of a page, without the marks that show its direction. */
export function textOf(pdf: Uint8Array, page: number): string {
  const text = inFolder(pdf, (file) => run('pdftotext', ['-f', `${page}`, '-l', `${page}`, file, '-'])).toString();
  return text.replace(/[\u200b\u200e\u200f\u202a-\u202e]/g, '');
}

export function pictureOf(pdf: Uint8Array, page: number, dpi: number): Picture {
  const words = ['-gray', '-r', `${dpi}`, '-f', `${page}`, '-l', `${page}`, '-singlefile'];
  return fromPnm(
    inFolder(pdf, (file) => {
      run('pdftoppm', [...words, file, `${file}.page`]);
      return readFileSync(`${file}.page.pgm`);
    }),
  );
}

/** The first image of a PDF as it is stored, and how many of its pixels are an inch wide and high on the paper. */
export function imageIn(pdf: Uint8Array): Picture & { dpi: [number, number] } {
  return inFolder(pdf, (file) => {
    const [, first = ''] = run('pdfimages', ['-list', file])
      .toString()
      .split(/-{20,}\n/);
    const [dpiX, dpiY] = first.split(/\s+/).filter(Boolean).slice(12, 14).map(Number);
    run('pdfimages', [file, `${file}.image`]);
    return { ...fromPnm(readFileSync(`${file}.image-000.ppm`)), dpi: [dpiX!, dpiY!] };
  });
}

/** All text, in the order in which it is drawn. */
export const drawnTextOf = (pdf: Uint8Array): string =>
  inFolder(pdf, (file) => run('pdftotext', ['-raw', file, '-']))
    .toString()
    .trim();

/** The size of the first page: `288 x 432 pts`. */
export const pageSizeOf = (pdf: Uint8Array): string | undefined =>
  /Page size: +([\d.x pts]+)/.exec(inFolder(pdf, (file) => run('pdfinfo', [file])).toString())?.[1]?.trim();

/** A page as a PNG. `options`: `-gray`, `-mono`. */
export function pngOf(
  pdf: Uint8Array,
  { page = 1, dpi }: { page?: number; dpi: number },
  ...options: string[]
): Buffer {
  const words = [...options, '-png', '-r', `${dpi}`, '-f', `${page}`, '-l', `${page}`, '-singlefile'];
  return inFolder(pdf, (file) => {
    run('pdftoppm', [...words, file, `${file}.page`]);
    return readFileSync(`${file}.page.png`);
  });
}

/** What a scanner reads in a picture. */
export const barcodesIn = (png: Uint8Array): string[] =>
  inFolder(png, (file) => run('zbarimg', ['--quiet', '--raw', file]))
    .toString()
    .split('\n')
    .filter(Boolean);

/** What a scanner reads on a page of a label printer with so many dots per inch. */
export const barcodesOf = (pdf: Uint8Array, page: number, dpi = 203): string[] => barcodesIn(pngOf(pdf, { page, dpi }));

/** A file format of one header line after another, and a byte for each pixel. */
export function toPgm({ width, height, grey }: Picture): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), grey]);
}

/** Reads a PGM, or a PPM by its red. */
export function fromPnm(file: Buffer): Picture {
  const [header, kind, width, height] = /^P([56])\s+(\d+)\s+(\d+)\s+255\s/.exec(file.toString('latin1', 0, 64)) ?? [];
  if (header === undefined) throw new Error('Neither PGM nor PPM.');
  const bytes = file.subarray(header.length);
  const grey = kind === '5' ? bytes : bytes.filter((_value, at) => at % 3 === 0);
  return { width: Number(width), height: Number(height), grey };
}

/** The share of pixels that differ so much that a person sees it. 1 for pictures of another size. */
export function differenceOf(one: Picture, other: Picture): number {
  if (one.width !== other.width || one.height !== other.height) return 1;
  const differing = one.grey.filter((value, at) => Math.abs(value - other.grey[at]!) > 96);
  return differing.length / one.grey.length;
}

function inFolder<T>(bytes: Uint8Array, use: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'vp-paper-'));
  try {
    writeFileSync(join(folder, 'paper'), bytes);
    return use(join(folder, 'paper'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(name: string, words: string[]): Buffer {
  const { stdout, stderr, error, status } = spawnSync(name, words, { maxBuffer: 100 * 1024 * 1024 });
  if (error) throw error;
  // zbarimg ends with 4 where it finds no code.
  if (status !== 0 && !(name === 'zbarimg' && status === 4)) throw new Error(`${name}: ${stderr.toString()}`);
  return stdout;
}
