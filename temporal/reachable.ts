import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { quickMs, TemporalUnavailable } from './errors.ts';

/** Whether Temporal answers, within `quickMs`. */
export async function isReachable(client: Client): Promise<boolean> {
  try {
    await client.withDeadline(Date.now() + quickMs, () => client.workflowService.getSystemInfo({}));
    return true;
  } catch {
    return false;
  }
}

/** A healthy answer comes sooner. Only after this time it is checked whether Temporal is there at all. */
const graceMs = 150;

/**
 * Waits for work that needs a worker. A busy worker takes its time, but when the server is missing the caller gets the
 * refusal within two seconds.
 * @throws DomainError `temporal_unavailable` when Temporal does not answer; whatever `work` throws
 */
export async function whileReachable<T>(client: Client, start: () => Promise<T>): Promise<T> {
  const done = new AbortController();
  // Aborts the call once we stop waiting: gRPC would retry it until its deadline.
  const abandoned = new AbortController();
  const work = client.withAbortSignal(abandoned.signal, start);
  const watched = wait(graceMs, undefined, { signal: done.signal }).then(
    async () => {
      if (await isReachable(client)) return work;
      throw new TemporalUnavailable();
    },
    () => work,
  );
  // The loser of the race may still fail; its failure is ignored.
  watched.catch(() => undefined);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, watched]);
  } finally {
    done.abort();
    abandoned.abort();
  }
}
