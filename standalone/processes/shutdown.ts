import { commandLine, isAlive, parentOf } from './pids.ts';

interface Shutdown {
  /** Stops everything in order. */
  readonly orderly: () => Promise<void>;
  /** On a second Ctrl-C, when the orderly stop takes too long. */
  readonly forced: () => Promise<void>;
  readonly report: (line: string) => void;
}

/** One Ctrl-C may arrive twice: from the terminal, and passed on by tsx. */
const samePressMs = 400;

/** Ends the process on Ctrl-C, SIGTERM and SIGHUP. Also when the npm that started it is gone, since npm passes no signal on. */
export function endOnSignals({ orderly, forced, report }: Shutdown): void {
  let firstAt: number | undefined;
  const end = (why: string) => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      report(`\n${why}: stopping (again to force)`);
      void finish(orderly);
    } else if (now - firstAt > samePressMs) {
      firstAt = Infinity; // Ignores further signals.
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

/** Our ancestor processes up to npm; none if npm is not among them. */
function launchersOf(pid: number): number[] {
  const launchers: number[] = [];
  for (let parent = parentOf(pid); parent > 1 && launchers.length < 6; parent = parentOf(parent)) {
    launchers.push(parent);
    if (/^npm |npm-cli\.js/.test(commandLine(parent))) return launchers;
  }
  return [];
}
