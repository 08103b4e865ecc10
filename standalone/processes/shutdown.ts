import { commandLine, isAlive, parentOf } from './pids.ts';

export interface Shutdown {
  /** In order, once. */
  readonly orderly: () => Promise<void>;
  /** When a second Ctrl-C says that this takes too long. */
  readonly forced: () => Promise<void>;
  readonly report: (line: string) => void;
}

/** One key press may arrive twice: from the terminal, and passed on by tsx. */
const samePressMs = 400;

/** Ends the process on Ctrl-C, SIGTERM, SIGHUP, and when the npm that started it is gone, which passes nothing on. */
export function endOnSignals({ orderly, forced, report }: Shutdown): void {
  let firstAt: number | undefined;
  const end = (why: string) => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      report(`\n${why}: stopping (again to force)`);
      void finish(orderly);
    } else if (now - firstAt > samePressMs) {
      firstAt = Infinity; // A third one has nothing to add.
      report(`${why}: stopping by force`);
      void finish(forced);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal));
  const launchers = launchersOf(process.pid);
  setInterval(() => {
    if (firstAt === undefined && !launchers.every(isAlive)) end('npm is gone');
  }, 500).unref();
}

async function finish(work: () => Promise<void>): Promise<void> {
  try {
    await work();
    process.exit(0);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}

/** Our ancestors up to npm, or none where npm is not among them. */
function launchersOf(pid: number): number[] {
  const launchers: number[] = [];
  for (let parent = parentOf(pid); parent > 1 && launchers.length < 6; parent = parentOf(parent)) {
    launchers.push(parent);
    if (/^npm |npm-cli\.js/.test(commandLine(parent))) return launchers;
  }
  return [];
}
