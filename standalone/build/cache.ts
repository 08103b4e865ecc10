import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { makePassage } from '../stored.ts';

interface Entry {
  readonly folder: string;
  readonly name: string;
  /** Changes with whatever the entry is made of. */
  readonly keyOf: () => string;
  /** Makes it at this path: a file or a folder. */
  readonly make: (path: string) => Promise<void>;
}

/** So many entries of a name stay, for a person who goes back and forth between branches. */
const remaining = 5;
/** Younger entries may be of a service that still runs, and that restarts its processes from them. */
const inUseMs = 3_600_000;

/**
 * Makes an entry of the cache unless it is there, and removes old ones. It is made again where its sources changed meanwhile:
 * an entry never holds other code than its key says.
 * @returns its path
 */
export async function cached({ folder, name, keyOf, make }: Entry): Promise<string> {
  for (;;) {
    const key = keyOf();
    const path = join(folder, `${name}-${key}`);
    if (!existsSync(path)) {
      makePassage(folder);
      await makeAside(path, make, () => keyOf() === key);
      removeOld(folder, name);
    }
    if (!existsSync(path)) continue;
    markUsed(path);
    return path;
  }
}

/** Renamed into place once it is complete: another start may look for it meanwhile, and two may make it at once. */
async function makeAside(path: string, make: Entry['make'], isCurrent: () => boolean): Promise<void> {
  const unfinished = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    await make(unfinished);
    if (isCurrent()) renameSync(unfinished, path);
  } catch (error) {
    // A folder does not replace another. Both hold the same.
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function removeOld(folder: string, name: string): void {
  const entries = readdirSync(folder)
    .filter((entry) => entry.startsWith(`${name}-`))
    .map((entry) => ({ path: join(folder, entry), usedAt: usedAt(join(folder, entry)) }))
    .sort((one, other) => other.usedAt - one.usedAt);
  for (const { path, usedAt } of entries.slice(remaining))
    if (Date.now() - usedAt > inUseMs) rmSync(path, { recursive: true, force: true });
}

/** 0 for an entry that another start has just removed. */
const usedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function markUsed(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Protects an entry from later starts for as long as this process runs. */
export function keepInUse(path: string): void {
  setInterval(() => markUsed(path), inUseMs / 6).unref();
}

/** A hash of files and of all sources in folders, by their names and contents. Sources are TypeScript, unless said otherwise. */
export function hashOf(root: string, paths: readonly string[], sources = /\.ts$/): string {
  const hash = createHash('sha256');
  for (const path of paths.flatMap((one) => filesOf(root, one, sources)))
    hash.update(`${path}\0`).update(readFileSync(join(root, path))).update('\0'); // prettier-ignore
  return hash.digest('hex').slice(0, 16);
}

function filesOf(root: string, path: string, sources: RegExp): string[] {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  const names = readdirSync(join(root, path), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => sources.test(name)).sort().map((name) => join(path, name)); // prettier-ignore
}
