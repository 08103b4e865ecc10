import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../start-error.ts';

interface Healing {
  /** Restarts what has died. @returns the names of those that run again */
  readonly heal: () => Promise<string[]>;
  /** What a person can do about a failure; '' where nothing is known. */
  readonly advice: () => string;
  readonly isStopping: () => boolean;
  readonly report: Log;
  /** Between two looks. It doubles with each failure, up to 30 s. */
  readonly everyMs?: number;
}

const longestMs = 30_000;

/** Restarts servers until we stop. It never gives up: a full disk gets room again, and a port becomes free. */
export async function untilStopped({ heal, advice, isStopping, report, everyMs = 1_000 }: Healing): Promise<void> {
  let [waitMs, said] = [everyMs, ''];
  while (!isStopping()) {
    try {
      for (const name of await heal()) report(`${name} had died and runs again, on the same data.`);
      [waitMs, said] = [everyMs, ''];
    } catch (error) {
      if (isStopping()) return;
      waitMs = Math.min(waitMs * 2, longestMs);
      const text = [error instanceof Error ? error.message : String(error), advice()].filter(Boolean).join('\n');
      // Once, and not with every try.
      if (text !== said) report(`${text}\nIt is tried again, at least every ${longestMs / 1_000} s.`);
      said = text;
    }
    await delay(waitMs);
  }
}
