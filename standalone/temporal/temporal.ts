import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { searchAttributeTypes } from '../../workflows/names.ts';
import { rotated, tailOf } from '../processes/log-files.ts';
import { commandLine, endProcess, isAlive } from '../processes/pids.ts';
import { claimPort, freePort } from '../processes/ports.ts';
import { StartError, type Log } from '../start-error.ts';
import { makeFolder, readStored, writeStored } from '../stored.ts';
import { findTemporalBinary } from './binary.ts';

export interface TemporalOptions {
  /** An absolute path, of the folder with the database file, the log and the state. */
  readonly dataDir: string;
  /** The folder of a downloaded binary; several data folders may share it. */
  readonly binDir: string;
  readonly cliPath?: string | undefined;
  /** 0 takes a free port. */
  readonly port: number;
  /** 0 takes a free port, null starts no UI. */
  readonly uiPort: number | null;
  readonly namespaces: readonly string[];
  /** True stores nothing on disk; this server is never adopted. */
  readonly inMemory: boolean;
  readonly log: Log;
}

export interface Temporal {
  readonly address: string;
  readonly uiUrl: string | undefined;
  readonly pid: number;
  readonly adopted: boolean;
  /** The path of its binary, for tests and tools that use the command line. */
  readonly binary: string;
  stop(): Promise<void>;
}

interface Running {
  readonly pid: number;
  readonly port: number;
  readonly uiPort: number | null;
  readonly httpPort: number;
  readonly binary: string;
}

const ending = [
  ['SIGTERM', 10_000],
  ['SIGKILL', 5_000],
] as const;

/** Starts a server on this data, or adopts a server that a crash of ours left running on it. */
export async function startTemporal(options: TemporalOptions): Promise<Temporal> {
  const { dataDir, log, inMemory, port, uiPort } = options;
  makeFolder(dataDir);
  const left = readTemporal(dataDir);
  if (left !== undefined) {
    const suits = (port === 0 || left.port === port) && (uiPort === 0 || left.uiPort === uiPort);
    if (!inMemory && suits && (await answers(left, options.namespaces))) return handleOf(left, dataDir, true);
    log(`ending a Temporal that an earlier start left (pid ${left.pid})`);
    await endProcess(left.pid, ending);
  }
  const binary = await findTemporalBinary(options);
  const chosen = {
    port: await claimPort({ port, variable: 'TEMPORAL_PORT', what: 'Temporal' }),
    uiPort:
      uiPort === null ? null : await claimPort({ port: uiPort, variable: 'TEMPORAL_UI_PORT', what: 'the Temporal UI' }),
    httpPort: await freePort(),
    binary,
  };
  const running = { ...chosen, pid: await spawnServer(options, chosen) };
  writeStored(statePath(dataDir), running);
  await untilReady(options, running);
  if (!inMemory) await raiseRetention(running, options.namespaces);
  return handleOf(running, dataDir, false);
}

/** Ends the server on this data if it runs, whoever started it. */
export async function endTemporal(dataDir: string): Promise<void> {
  const running = readTemporal(dataDir);
  if (running !== undefined) await endProcess(running.pid, ending);
  rmSync(statePath(dataDir), { force: true });
}

function handleOf(running: Running, dataDir: string, adopted: boolean): Temporal {
  return {
    address: `127.0.0.1:${running.port}`,
    uiUrl: running.uiPort === null ? undefined : `http://127.0.0.1:${running.uiPort}`,
    pid: running.pid,
    adopted,
    binary: running.binary,
    stop: async () => {
      if (isAlive(running.pid)) await endProcess(running.pid, ending);
      rmSync(statePath(dataDir), { force: true });
    },
  };
}

const statePath = (dataDir: string) => join(dataDir, 'server.json');

/** The server of the state file, if that process is still a Temporal on its port. */
export function readTemporal(dataDir: string): Running | undefined {
  const state = readStored<Running>(statePath(dataDir));
  if (state === undefined) return undefined;
  const isOurs = commandLine(state.pid).includes(`server start-dev --ip 127.0.0.1 --port ${state.port} `);
  return isOurs ? state : undefined;
}

/** Asks for each namespace over the HTTP API, which the same frontend serves as gRPC. */
async function answers(running: Running, namespaces: readonly string[]): Promise<boolean> {
  for (const namespace of namespaces) {
    try {
      const response = await fetch(urlOf(running, namespace), { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      if (!response.ok) return false;
    } catch {
      return false;
    }
  }
  return true;
}

const urlOf = ({ httpPort }: Running, namespace: string) =>
  `http://127.0.0.1:${httpPort}/api/v1/namespaces/${namespace}`;

async function untilReady({ dataDir, namespaces }: TemporalOptions, running: Running): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await answers(running, namespaces))) {
    if (!isAlive(running.pid)) throw new StartError(`Temporal could not start:\n${tailOf(logPath(dataDir))}`);
    if (performance.now() > deadline) {
      await endProcess(running.pid, ending);
      throw new StartError(`Temporal did not answer within 60 s:\n${tailOf(logPath(dataDir))}`);
    }
    await delay(30);
  }
}

const logPath = (dataDir: string) => join(dataDir, 'temporal.log');

/** In a session of its own, so that Ctrl-C does not reach it before the processes that use it. */
function spawnServer(options: TemporalOptions, chosen: Omit<Running, 'pid'>): Promise<number> {
  const output = openSync(rotated(logPath(options.dataDir)), 'a', 0o600);
  const child = spawn(chosen.binary, serverFlags(options, chosen), {
    cwd: options.dataDir,
    detached: true,
    stdio: ['ignore', output, output],
    // It collects garbage less often: 5 to 15 % less processor time for some more memory.
    env: { GOGC: '400', ...process.env },
  });
  closeSync(output);
  child.unref();
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new StartError(`${chosen.binary} cannot be run: ${error.message}`)));
    child.once('spawn', () => resolve(child.pid ?? 0));
  });
}

function serverFlags({ dataDir, namespaces, inMemory }: TemporalOptions, chosen: Omit<Running, 'pid'>): string[] {
  const ports = ['--port', String(chosen.port), '--http-port', String(chosen.httpPort)];
  const ui = chosen.uiPort === null ? ['--headless'] : ['--ui-port', String(chosen.uiPort), '--ui-disable-news-fetch'];
  // Without these two the file costs more than half of the speed. NORMAL still survives a crash of the process.
  const pragmas = ['journal_mode=WAL', 'synchronous=NORMAL'].flatMap((pragma) => ['--sqlite-pragma', pragma]);
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', ...ports, ...ui],
    ...(inMemory ? [] : ['--db-filename', join(dataDir, 'temporal.db'), ...pragmas]),
    ...namespaces.flatMap((namespace) => ['--namespace', namespace]),
    ...Object.entries(searchAttributeTypes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    // Accounts take turns where tasks wait (`fairTo`).
    ...['--dynamic-config-value', 'matching.enableFairness=true'],
    ...['--log-level', 'warn'],
  ];
}

/** The dev server forgets closed runs after a day: links to them break, and their ids can start again. */
async function raiseRetention(running: Running, namespaces: readonly string[]): Promise<void> {
  const body = JSON.stringify({ config: { workflowExecutionRetentionTtl: `${30 * 86_400}s` } });
  for (const namespace of namespaces) {
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    const response = await fetch(`${urlOf(running, namespace)}/update`, {
      ...request,
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    if (!response.ok)
      throw new StartError(`Temporal refused to store closed runs of ${namespace} for 30 days: ${text}`);
  }
}
