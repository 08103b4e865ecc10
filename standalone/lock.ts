import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf } from './processes/pids.ts';
import { makePassage, readStored, writeStored } from './stored.ts';
import { StartError } from './start-error.ts';

interface Holder {
  readonly pid: number;
  readonly identity: string;
  readonly stopping: boolean;
}

export interface Lock {
  /** From now on another start waits for our end instead of failing. */
  markStopping(): void;
  release(): void;
}

/** Allows one engine per data folder. @throws StartError naming the process that has it */
export async function lockFolder(dataDir: string, stopTimeoutMs = 30_000): Promise<Lock> {
  makePassage(dataDir);
  const path = join(dataDir, 'lock');
  const mine = { pid: process.pid, identity: identityOf(process.pid), stopping: false };
  const deadline = performance.now() + stopTimeoutMs;
  while (!tryLock(path, mine)) {
    const holder = readStored<Holder>(path);
    if (holder === undefined) continue;
    if (identityOf(holder.pid) !== holder.identity) removeStale(path, holder);
    else if (!holder.stopping || performance.now() > deadline) throw new StartError(refusal(dataDir, holder.pid));
    else await delay(50);
  }
  return {
    markStopping: () => writeStored(path, { ...mine, stopping: true }),
    release: () => rmSync(path, { force: true }),
  };
}

const refusal = (dataDir: string, pid: number) =>
  `Vendor Portals already runs on ${dataDir} (process ${pid}). Stop it with Ctrl-C or \`kill ${pid}\`, ` +
  'or give this one a folder and ports of its own: DATA_DIR, PORT, WORKER_PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT.';

/** A link is atomic: the lock file is there with its content, or it is not there. */
function tryLock(path: string, mine: Holder): boolean {
  const prepared = `${path}.${process.pid}`;
  writeFileSync(prepared, JSON.stringify(mine), { mode: 0o600 });
  try {
    linkSync(prepared, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(prepared, { force: true });
  }
}

/** Two starts may both see a stale lock. A start that moved the other's new lock away puts it back. */
function removeStale(path: string, stale: Holder): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
    const moved = JSON.parse(readFileSync(aside, 'utf8')) as Holder;
    if (moved.identity !== stale.identity) linkSync(aside, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
