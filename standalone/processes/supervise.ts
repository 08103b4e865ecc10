import { setTimeout as delay } from 'node:timers/promises';
import { tailOf } from './log-files.ts';
import { answers, describeExit, startChild, type Child, type ChildOptions, type Exit } from './processes.ts';
import type { Log } from '../start-error.ts';

export interface Supervised {
  readonly name: string;
  readonly logPath: string;
  /** The pid of the process that runs now. */
  pid(): number;
  stop(): Promise<void>;
}

interface Supervision {
  readonly report: Log;
  /** Delay before the first restart. It doubles with each restart that follows soon, up to 30 s. */
  readonly firstDelayMs?: number;
  /** How often `liveUrl` is asked, and how long an answer may take. */
  readonly askEveryMs?: number;
}

const longestDelayMs = 30_000;
/** So many questions in a row without an answer, which is 20 s, and the child counts as frozen. */
const mostSilence = 10;
/** After a child ran this long, its next restart is quick again. */
const healthyMs = 60_000;

/** Restarts a child whenever it ends, and ends it when it is frozen, until it is stopped. Reports each end. */
export async function supervise(
  options: ChildOptions,
  { report, firstDelayMs = 1_000, askEveryMs = 2_000 }: Supervision,
): Promise<Supervised> {
  const stopping = new AbortController();
  let child = await startChild(options);
  const watch = async () => {
    let wait = firstDelayMs;
    while (!stopping.signal.aborted) {
      const began = performance.now();
      void endFrozen(options, child, { report, everyMs: askEveryMs, stopping: stopping.signal });
      const exit = await child.exited;
      if (stopping.signal.aborted) return;
      if (performance.now() - began > healthyMs) wait = firstDelayMs;
      report(endReport(child, exit, wait));
      await delay(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
      wait = Math.min(wait * 2, longestDelayMs);
      if (!stopping.signal.aborted) child = await restart(options, child, report);
    }
  };
  const watching = watch();
  return {
    name: options.name,
    logPath: child.logPath,
    pid: () => child.pid,
    stop: async () => {
      stopping.abort();
      await child.stop();
      await watching;
      // A restart may have been under way when the stop came.
      await child.stop();
    },
  };
}

interface Asking {
  readonly report: Log;
  readonly everyMs: number;
  readonly stopping: AbortSignal;
}

/**
 * Asks a child until it ends. A frozen child holds its port and its work, and gives no exit event. Questions are counted, not
 * time: after a sleep of the whole machine nothing is frozen.
 */
async function endFrozen(
  { liveUrl, reload }: ChildOptions,
  child: Child,
  { report, everyMs, stopping }: Asking,
): Promise<void> {
  // A reloading child is down while its sources do not compile.
  if (liveUrl === undefined || reload === true) return;
  const over = new AbortController();
  void child.exited.then(() => over.abort());
  const signal = AbortSignal.any([over.signal, stopping]);
  for (let silence = 0; silence < mostSilence && !signal.aborted;) {
    const asked = delay(everyMs, undefined, { signal }).catch(() => undefined);
    silence = (await answers(liveUrl, everyMs)) ? 0 : silence + 1;
    await asked;
  }
  if (signal.aborted) return;
  report(
    `${child.name} (pid ${child.pid}) has not answered ${liveUrl} for ${(mostSilence * everyMs) / 1_000} s: ending it`,
  );
  await child.kill();
}

async function restart(options: ChildOptions, dead: Child, report: Log): Promise<Child> {
  try {
    const child = await startChild(options);
    report(`${options.name} runs again (pid ${child.pid})`);
    return child;
  } catch (error) {
    report(error instanceof Error ? error.message : String(error));
    return dead;
  }
}

const endReport = ({ name, pid, logPath }: Child, exit: Exit, wait: number) =>
  `${name} (pid ${pid}) ${describeExit(exit)}; starting it again in ${wait / 1000} s. The end of ${logPath}:\n${tailOf(logPath)}`;
