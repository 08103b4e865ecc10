import { setTimeout as delay } from 'node:timers/promises';

interface Waiting {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
  /** Names the awaited thing in the error message. */
  readonly what?: string;
}

/**
 * Asks until the answer is neither undefined, null nor false, and returns it.
 * @throws Error after `timeoutMs` (10 s), with the last error of `ask` as its cause
 */
export async function waitUntil<T>(
  ask: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 25, what = ask.toString() }: Waiting = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer as NonNullable<Exclude<T, false>>;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${what}`, { cause });
    await delay(everyMs);
  }
}
