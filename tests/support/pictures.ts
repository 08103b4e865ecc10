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

/** Runs a program on a file of these bytes. @returns its output and its first file. @throws where it fails or is missing */
function run(program: string, bytes: Uint8Array, argumentsOf: (file: string, out: string) => string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'vp-picture-'));
  try {
    const file = join(folder, 'in');
    writeFileSync(file, bytes);
    const out = join(folder, 'out');
    const { stdout, stderr, error, status } = spawnSync(program, argumentsOf(file, out));
    if (error) throw error;
    // zbarimg ends with 4 where it finds no barcode.
    if (status !== 0 && status !== 4) throw new Error(`${program}: ${stderr.toString()}`);
    return { text: stdout.toString().trim(), read: (suffix: string) => readFileSync(`${out}${suffix}`) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
