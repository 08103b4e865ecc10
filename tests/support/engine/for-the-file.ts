import { afterAll, beforeAll } from '@jest/globals';

type Stoppable = { stop?: () => unknown; close?: () => unknown };

const running: (() => unknown)[] = [];
let hasFailed = false;
// The last one first: jest runs the hooks of a file in the order in which they stand there.
afterAll(async () => {
  for (const stop of running.reverse()) await stop();
});

/** Ends this after the last test of the file, and before all that was begun earlier. */
export const atTheEnd = (stop: () => unknown): void => void running.push(stop);

/**
 * Starts something before the first test of a file and stops it after the last. Where a start fails, none follows it.
 * @returns an object that is empty until then
 */
export function forTheFile<T extends object>(start: () => Promise<T>, timeoutMs = 120_000): T {
  const things = {} as T;
  beforeAll(async () => {
    if (hasFailed) return;
    hasFailed = true;
    const started: T & Stoppable = await start();
    hasFailed = false;
    atTheEnd(() => (started.stop ?? started.close)?.());
    Object.assign(things, started);
  }, timeoutMs);
  return things;
}
