import { existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes the folder of a log and renames a large log to `.old`. Children write to files, since a pipe would end with us.
 * @returns the path
 */
export function rotated(path: string, maxBytes = 10_000_000): string {
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
