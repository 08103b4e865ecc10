import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { rotated, tailOf } from './log-files.ts';
import { root } from '../root.ts';
import { endProcess, identityOf, isAlive, signalProcess } from './pids.ts';
import { StartError, type Log } from '../start-error.ts';
import { readStored, writeStored } from '../stored.ts';

export interface ChildOptions {
  /** Unique in its data folder: its log is `<dataDir>/logs/<name>.log`. */
  readonly name: string;
  /** Absolute, or below the repository: a `.ts` file, run through tsx, or a built `.js` one. */
  readonly entry: string;
  /** Restarts a `.ts` entry by itself after each change of its sources. */
  readonly reload?: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly dataDir: string;
  /** Answers 200 once the child is ready. Without it, the child counts as ready once it runs. */
  readonly readyUrl?: string;
  /** Answers 200 as long as the process is not frozen. Without it, nobody asks. */
  readonly liveUrl?: string;
  readonly readyTimeoutMs?: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly logPath: string;
  readonly exited: Promise<Exit>;
  /** SIGTERM, then SIGKILL after the time that a worker may take. */
  readonly stop: () => Promise<Exit>;
  readonly kill: (signal?: NodeJS.Signals) => Promise<Exit>;
}

/** @throws StartError with the end of its log, if it ends or does not become ready */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, dataDir, readyUrl, readyTimeoutMs = 60_000 } = options;
  const logPath = join(dataDir, 'logs', `${name}.log`);
  const child = await spawnChild(options, logPath);
  if (readyUrl === undefined) return child;
  let ended: Exit | undefined;
  void child.exited.then((exit) => (ended = exit));
  const deadline = performance.now() + readyTimeoutMs;
  while (!(await answers(readyUrl, 2_000))) {
    if (ended !== undefined)
      throw new StartError(`${name} ${describeExit(ended)} before it was ready:\n${tailOf(logPath)}`);
    if (performance.now() > deadline) {
      await child.kill();
      throw new StartError(`${name} was not ready within ${readyTimeoutMs / 1000} s:\n${tailOf(logPath)}`);
    }
    await delay(50);
  }
  return child;
}

export const describeExit = ({ code, signal }: Exit): string =>
  signal === null ? `ended with code ${code}` : `was ended by ${signal}`;

/** Ends children of this folder that an earlier start left, since it was killed. */
export async function endChildren(dataDir: string, log: Log): Promise<void> {
  const folder = childrenFolder(dataDir);
  if (!existsSync(folder)) return;
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  await Promise.all(
    files.map(async (file) => {
      const left = readStored<{ pid: number; identity: string }>(join(folder, file));
      if (left !== undefined && left.identity !== '' && identityOf(left.pid) === left.identity) {
        log(`ending ${file.replace('.json', '')}, which an earlier start left (pid ${left.pid})`);
        await endProcess(left.pid, [
          ['SIGTERM', 3_000],
          ['SIGKILL', 5_000],
        ]);
      }
      rmSync(join(folder, file), { force: true });
    }),
  );
}

const childrenFolder = (dataDir: string) => join(dataDir, 'children');

/** In a session of its own, so that Ctrl-C in a terminal reaches only us and we stop everything in order. */
async function spawnChild(options: ChildOptions, logPath: string): Promise<Child> {
  const { name, entry, env, dataDir } = options;
  const output = openSync(rotated(logPath), 'a', 0o600);
  // The owner's URL gives access to the rows of all accounts, so only migrations get it.
  const { DATABASE_OWNER_URL: _owner, ...passed } = env;
  const child = spawn(process.execPath, [...loaderOf(options), resolve(root, entry)], {
    cwd: root,
    env: passed,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const exited = new Promise<Exit>((done) => child.once('exit', (code, signal) => done({ code, signal })));
  const pid = await new Promise<number>((done, reject) => {
    child.once('error', reject);
    child.once('spawn', () => done(child.pid ?? 0));
  });
  const record = join(childrenFolder(dataDir), `${name}.json`);
  noteChild(record, pid);
  void exited.then(() => rmSync(record, { force: true }));
  return {
    name,
    pid,
    logPath,
    exited,
    stop: async () => {
      // A worker lets activities end for 25 s before it drops them.
      if (isAlive(pid))
        await endProcess(pid, [
          ['SIGTERM', 30_000],
          ['SIGKILL', 5_000],
        ]);
      return exited;
    },
    kill: async (signal = 'SIGKILL') => {
      signalProcess(pid, signal);
      return exited;
    },
  };
}

/** On a full disk the child runs all the same: only a start after a kill of ours would not find it. */
function noteChild(record: string, pid: number): void {
  try {
    writeStored(record, { pid, identity: identityOf(pid) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

function loaderOf({ entry, reload = false }: ChildOptions): string[] {
  if (!entry.endsWith('.ts')) return ['--enable-source-maps'];
  return reload ? [join(root, 'node_modules/tsx/dist/cli.mjs'), 'watch', '--clear-screen=false'] : ['--import', 'tsx'];
}

/** Whether it answers 200 within that time. */
export async function answers(url: string, ms: number): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ms) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}
