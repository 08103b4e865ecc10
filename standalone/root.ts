import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The repository's folder. The sources and the built code lie at different depths below it. */
export const root = above(import.meta.dirname);

function above(folder: string): string {
  if (existsSync(join(folder, 'package-lock.json'))) return folder;
  if (dirname(folder) === folder) throw new Error('No folder above the code contains package-lock.json.');
  return above(dirname(folder));
}
