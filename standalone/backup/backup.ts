import { copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { homeOf } from '../postgres/files.ts';
import { readServer, type Server } from '../postgres/postgres.ts';
import { urlOf } from '../postgres/roles.ts';
import { signalProcess } from '../processes/pids.ts';
import { StartError } from '../start-error.ts';
import { makeFolder, writeStored } from '../stored.ts';
import { readTemporal } from '../temporal/temporal.ts';
import { copyFolder } from './copy.ts';

/** What a backup is of. `at`: when Temporal's copy and Postgres' copy ended, in ISO 8601. */
export type BackupNote = { version: 1; at: { temporal: string; postgres: string } };

/** Folders of Postgres that a start needs, and that it fills anew. */
const emptyFolders = [
  'pg_replslot',
  'pg_stat_tmp',
  'pg_notify',
  'pg_subtrans',
  'pg_dynshmem',
  'pg_serial',
  'pg_snapshots',
];
const ofOneRun = ['postmaster.pid', 'postmaster.opts', ...emptyFolders];

/**
 * Copies Postgres and Temporal of `npm start` to a new folder, while it runs or stands still. Temporal comes first, so it is
 * never the newer one of the two. The keys are not in the copy.
 */
export async function backUp(dataDir: string, folder: string): Promise<BackupNote> {
  if (existsSync(folder)) throw new StartError(`${folder} exists already: give the name of a new folder.`);
  if (!existsSync(join(dataDir, 'postgres/server.json')))
    throw new StartError(`There is no database in ${dataDir}: "npm start" makes one.`);
  makeFolder(folder);
  copyTemporal(join(dataDir, 'temporal'), join(folder, 'temporal'));
  const temporal = new Date().toISOString();
  await copyPostgres(join(dataDir, 'postgres'), join(folder, 'postgres'));
  const note: BackupNote = { version: 1, at: { temporal, postgres: new Date().toISOString() } };
  // Last: a folder without it is no whole backup.
  writeStored(join(folder, 'backup.json'), note);
  return note;
}

/** The server stands still for the moment of the copy, which is then as after a crash: SQLite recovers from its log. */
function copyTemporal(from: string, to: string): void {
  const pid = readTemporal(from)?.pid;
  if (pid !== undefined) signalProcess(pid, 'SIGSTOP');
  try {
    makeFolder(to);
    for (const name of ['temporal.db', 'temporal.db-wal'])
      if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name));
  } finally {
    if (pid !== undefined) signalProcess(pid, 'SIGCONT');
  }
}

async function copyPostgres(from: string, to: string): Promise<void> {
  const data = join(homeOf(from), 'data');
  makeFolder(to);
  copyFileSync(join(from, 'server.json'), join(to, 'server.json'));
  const server = readServer(from);
  if (server === undefined) copyData(data, join(to, 'data'));
  else await copyWhileItRuns(server, data, join(to, 'data'));
}

/** @see PostgreSQL documentation, "Making a Base Backup Using the Low Level API" */
async function copyWhileItRuns(server: Server, data: string, to: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(server, 'postgres', 'postgres') });
  await client.connect();
  try {
    // Without the slot, the log of the time of the copy could be recycled before it is copied.
    await client.query(`select pg_create_physical_replication_slot('vendor_portals_backup', true, true)`);
    await client.query(`select pg_backup_start('vendor-portals', true)`);
    copyData(data, to);
    const { rows } = await client.query<{ labelfile: string }>(`select labelfile from pg_backup_stop(false)`);
    writeFileSync(join(to, 'backup_label'), rows[0]!.labelfile, { mode: 0o600 });
    rmSync(join(to, 'pg_wal'), { recursive: true });
    copyFolder(join(data, 'pg_wal'), join(to, 'pg_wal'));
  } finally {
    await client.end();
  }
}

function copyData(data: string, to: string): void {
  copyFolder(data, to, (name) => !ofOneRun.includes(name));
  for (const name of emptyFolders) makeFolder(join(to, name));
}
