import { setTimeout as delay } from 'node:timers/promises';

interface Waiting {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
  /** Names the awaited thing in the error message. */
  readonly what?: string;
}

/**
 * Asks until the answer is neither undefined, null nor false, and returns it. Asks less often the longer it takes, and the
 * slower the answers are, so that asking does not slow down what it waits for.
 * @throws Error after `timeoutMs` (30 s), with the last error of `ask` as its cause
 */
export async function waitUntil<T>(
  ask: () => T | Promise<T>,
  { timeoutMs = 30_000, everyMs = 25, what = ask.toString() }: Waiting = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const begin = performance.now();
  for (;;) {
    const asked = performance.now();
    let cause: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer as NonNullable<Exclude<T, false>>;
    } catch (error) {
      cause = error;
    }
    const answered = performance.now();
    const [elapsed, took] = [answered - begin, answered - asked];
    if (elapsed > timeoutMs) throw new Error(`Not within ${timeoutMs} ms: ${what}`, { cause });
    await delay(Math.max(everyMs, Math.min(500, Math.max(elapsed / 10, took))));
  }
}
