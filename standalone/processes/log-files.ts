import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Of a log; as much again is in its `.old`. */
const mostBytes = 10_000_000;

/** A log that cannot be rotated now is tried again later. */
export function rotateAll(paths: readonly string[], maxBytes = mostBytes): void {
  for (const path of paths) {
    try {
      rotateInPlace(path, maxBytes);
    } catch {
      continue;
    }
  }
}

/**
 * Empties a log that has grown too large while its process writes it, and stores its end as `.old`. The process has opened it
 * to append, so it goes on at the new end. Lines of that very moment may be lost.
 */
function rotateInPlace(path: string, maxBytes: number): void {
  if (!existsSync(path) || statSync(path).size <= maxBytes) return;
  const old = `${path}.old`;
  rmSync(old, { force: true });
  try {
    writeFileSync(old, lastBytes(path, maxBytes), { mode: 0o600 });
  } catch {
    // The disk is full, and its room is needed more than old lines.
    rmSync(old, { force: true });
  }
  truncateSync(path);
}

function lastBytes(path: string, count: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(count);
    return bytes.subarray(0, readSync(file, bytes, 0, count, statSync(path).size - count));
  } finally {
    closeSync(file);
  }
}

/**
 * Makes the folder of a log and renames a large log to `.old`. Children write to files, since a pipe would end with us.
 * @returns the path
 */
export function rotated(path: string, maxBytes = mostBytes): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (existsSync(path) && statSync(path).size > maxBytes) renameSync(path, `${path}.old`);
  return path;
}

/** Its length now in bytes, to read later only what was written since. */
export const endOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0);

/** The last lines of a log, for a message that says why a process ended. */
export function tailOf(path: string, from = 0): string {
  if (!existsSync(path)) return `  (no ${path})`;
  const lines = readFileSync(path).subarray(from).toString('utf8').trimEnd().split('\n');
  return lines
    .map((line) => `  ${line}`)
    .slice(-25)
    .join('\n');
}
