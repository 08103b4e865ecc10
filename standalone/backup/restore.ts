import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import type { StandaloneConfig } from '../../config.ts';
import { rebuildFromRows, type Rebuilt } from '../../activities/reconcile/rebuild.ts';
import { connectTemporal } from '../../temporal/connection.ts';
import { queuesFor } from '../../workflows/names.ts';
import { onDatabase } from '../database.ts';
import { lockFolder } from '../lock.ts';
import { endPostgres } from '../postgres/postgres.ts';
import { preparePremises } from '../postgres/files.ts';
import { StartError, type Log } from '../start-error.ts';
import { makeFolder, readStored } from '../stored.ts';
import { endTemporal } from '../temporal/temporal.ts';
import type { BackupNote } from './backup.ts';
import { copyFolder, giveTo } from './copy.ts';

/**
 * Puts the copies of a backup in the place of the data of `npm start`, which must stand still. What there was is put beside,
 * never deleted. The keys in the data folder stay as they are.
 */
export async function putBack(dataDir: string, folder: string, log: Log): Promise<BackupNote> {
  const note = readStored<BackupNote>(join(folder, 'backup.json'));
  if (note?.version !== 1) throw new StartError(`${folder} is no whole backup: it has no backup.json of ours.`);
  const aside = `.before-${new Date().toISOString().replaceAll(/[-:.]/g, '')}`;
  const lock = await lockFolder(dataDir, 0);
  try {
    await endTemporal(join(dataDir, 'temporal'));
    await endPostgres(join(dataDir, 'postgres'));
    putBackPostgres(join(dataDir, 'postgres'), { copy: join(folder, 'postgres'), aside, log });
    putBackTemporal(join(dataDir, 'temporal'), { copy: join(folder, 'temporal'), aside });
    log(`what was there before has the ending ${aside}: remove it when all is well`);
  } finally {
    lock.release();
  }
  return note;
}

type Copy = { copy: string; aside: string };

function putBackPostgres(place: string, { copy, aside, log }: Copy & { log: Log }): void {
  const { home, identity } = preparePremises(place, log);
  const data = join(home, 'data');
  rmSync(`${data}.new`, { recursive: true, force: true });
  copyFolder(join(copy, 'data'), `${data}.new`);
  giveTo(`${data}.new`, identity);
  moveAside(data, aside);
  moveAside(join(place, 'server.json'), aside);
  copyFileSync(join(copy, 'server.json'), join(place, 'server.json'));
  renameSync(`${data}.new`, data);
}

function putBackTemporal(place: string, { copy, aside }: Copy): void {
  makeFolder(place);
  // An index of the log is in memory that the old process shared.
  for (const name of ['temporal.db', 'temporal.db-wal', 'temporal.db-shm']) moveAside(join(place, name), aside);
  for (const name of readdirSync(copy)) copyFileSync(join(copy, name), join(place, name));
}

function moveAside(path: string, aside: string): void {
  if (existsSync(path)) renameSync(path, `${path}${aside}`);
}

type Place = { appUrl: string; systemUrl: string; temporalAddress: string };

/** Makes Temporal agree with the restored rows. No worker may run meanwhile. */
export async function rebuildWorkflows(place: Place, config: StandaloneConfig): Promise<Rebuilt> {
  const { connection, close } = connectTemporal(place.temporalAddress);
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
  try {
    return await onDatabase(place, (pool) => rebuildFromRows({ pool, client, queues: queuesFor('') }));
  } finally {
    await close();
  }
}

/** For people: what differed. */
export function describe({ rebuilt, missing, ended }: Rebuilt): string {
  const listed = (ids: readonly string[]) => ids.map((id) => `\n  ${id}`).join('');
  return [
    `${rebuilt} workflows begin anew and read their rows.`,
    `${missing.length} of them did not run${missing.length > 0 ? ':' : '.'}${listed(missing)}`,
    `${ended.length} others had no open row, and ended${ended.length > 0 ? ':' : '.'}${listed(ended)}`,
  ].join('\n');
}
