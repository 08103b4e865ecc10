import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A zombie counts as dead: in a container whose process 1 reaps no children, a killed orphan stays a zombie for ever. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' && !isZombie(pid);
  }
  return !isZombie(pid);
}

/** The command line of a running process, or '' if it is gone. Check it before you trust a stored pid. */
export function commandLine(pid: number): string {
  if (!isAlive(pid)) return '';
  if (process.platform === 'linux') return readProc(pid, 'cmdline').replaceAll('\0', ' ').trim();
  return spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout.trim();
}

/** A text that differs between two processes that had the same pid one after the other; '' if the process is gone. */
export function identityOf(pid: number): string {
  const command = commandLine(pid);
  if (command === '') return '';
  if (process.platform === 'linux') return `${fieldsAfterName(pid)[19]} ${command}`;
  return spawnSync('ps', ['-p', String(pid), '-o', 'lstart=,command='], { encoding: 'utf8' }).stdout.trim();
}

export function parentOf(pid: number): number {
  if (process.platform === 'linux') return Number(fieldsAfterName(pid)[1] ?? 0);
  return Number(spawnSync('ps', ['-p', String(pid), '-o', 'ppid='], { encoding: 'utf8' }).stdout.trim());
}

/** @returns whether the process ended within that time */
async function waitForExit(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isAlive(pid)) {
    if (performance.now() > deadline) return false;
    await delay(20);
  }
  return true;
}

/** Sends each signal in turn, until the process is gone. The caller has verified that the pid is ours. */
export async function endProcess(
  pid: number,
  steps: readonly (readonly [NodeJS.Signals, number])[] = [
    ['SIGTERM', 10_000],
    ['SIGKILL', 5_000],
  ],
): Promise<void> {
  for (const [signal, timeoutMs] of steps) {
    signalProcess(pid, signal);
    if (await waitForExit(pid, timeoutMs)) return;
  }
  throw new Error(`Process ${pid} does not end.`);
}

/** A process that is already gone is no fault. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function isZombie(pid: number): boolean {
  return process.platform === 'linux' && fieldsAfterName(pid)[0] === 'Z';
}

/** The fields after the last bracket of `pid (name) state ppid …`, since the name may contain spaces and brackets. */
function fieldsAfterName(pid: number): string[] {
  return (
    readProc(pid, 'stat')
      .split(/\)(?!.*\))/s)[1]
      ?.trim()
      .split(' ') ?? []
  );
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return ''; // The process ended meanwhile.
  }
}
