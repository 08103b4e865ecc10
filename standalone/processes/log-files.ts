import { existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The path, its folder made, its content put aside as `.old` once it is large. Files, since a pipe dies with us. */
export function rotated(path: string, maxBytes = 10_000_000): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (existsSync(path) && statSync(path).size > maxBytes) renameSync(path, `${path}.old`);
  return path;
}

/** Its length now, to read later only what was written since. */
export const endOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0);

/** The last lines of a log, for a message that says why something died. */
export function tailOf(path: string, from = 0): string {
  if (!existsSync(path)) return `  (no ${path})`;
  const lines = readFileSync(path).subarray(from).toString('utf8').trimEnd().split('\n');
  return lines
    .map((line) => `  ${line}`)
    .slice(-25)
    .join('\n');
}
