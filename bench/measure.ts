import { readdirSync, readFileSync } from 'node:fs';

/** Polls seldom, so that polling does not change the measurement. */
export async function until<T>(
  ask: () => Promise<T | undefined | null | false>,
  { everyMs = 200, seconds = 120 }: { everyMs?: number; seconds?: number } = {},
): Promise<T> {
  const deadline = Date.now() + 1000 * seconds;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`${seconds} seconds were not enough.`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** By name: a process, or several whose sum counts. */
type Processes = Readonly<Record<string, number | readonly number[] | undefined>>;

/**
 * User and system seconds so far of processes and their children, ended ones included. Linux counts hundredths.
 * @param without a child that works for the measurement alone
 */
export function cpuSeconds(pids: Processes, without?: number): Record<string, number> {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readStat)
    .filter(({ pid }) => pid !== without);
  const used = (pid: number | undefined) =>
    stats.reduce((sum, stat) => {
      if (stat.pid === pid) return sum + stat.seconds + stat.ofEnded;
      return stat.parent === pid ? sum + stat.seconds : sum;
    }, 0);
  const usedByAll = (all: Processes[string]) => [all].flat().reduce<number>((sum, pid) => sum + used(pid), 0);
  return Object.fromEntries(Object.entries(pids).map(([name, all]) => [name, usedByAll(all)]));
}

/** Empty for a process that has just ended. */
function readStat(name: string): { pid: number; parent: number; seconds: number; ofEnded: number }[] {
  try {
    const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ');
    const seconds = (first: number) => (Number(fields[first]) + Number(fields[first + 1])) / 100;
    return [{ pid: Number(name), parent: Number(fields[1]), seconds: seconds(11), ofEnded: seconds(13) }];
  } catch {
    return [];
  }
}

/** The seconds used between two measurements. */
export function difference(after: Record<string, number>, before: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]));
}

/** @param share 0.95 gives the value that 95 % do not exceed */
export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.floor(share * (values.length - 1))]!;
}

/** The resident memory of a process. */
export function residentMb(pid: number): number {
  const [, kb] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kb) / 1024;
}

/** Measures ten times a second. `stop` returns the peak. */
export function watchMemory(pid: number): { stop: () => number } {
  let peak = 0;
  const look = () => (peak = Math.max(peak, residentMb(pid)));
  look();
  const timer = setInterval(look, 100);
  return {
    stop: () => {
      clearInterval(timer);
      return look();
    },
  };
}
