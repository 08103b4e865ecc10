import { randomBytes } from 'node:crypto';
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { pino } from 'pino';
import { createGate } from '../../../activities/gate.ts';
import type { Deps } from '../../../activities/deps.ts';
import { createImportProductActivities, type CataloguePart } from '../../../activities/tasks/import-products.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { createSealer } from '../../../db/engine/sealing.ts';
import { addCounts, noCounts } from '../../../domain/task.ts';

export const sealer = createSealer(randomBytes(32).toString('base64'));
/** Replacements for a run. */
export type Instead = { fetch?: unknown; now?: () => Date; crashPoint?: () => void };

/** One run of Import Products: its parts as the workflow asks for them, until the last. */
export async function runImport(pool: Pool, channelId: string, instead: Instead = {}) {
  const deps = {
    pool,
    sealer,
    gate: createGate({ slots: 40 }),
    now: () => new Date(),
    log: pino({ level: 'silent' }),
    crashPoint: () => undefined,
    ...instead,
  };
  const { importProductPage } = createImportProductActivities(deps as unknown as Deps);
  const inside = { cancellationSignal: new AbortController().signal } as Context;
  const parts: CataloguePart[] = [];
  for (let after: string | null = null; ;) {
    const part = await asyncLocalStorage.run(inside, () => importProductPage({ channelId, after }));
    parts.push(part);
    if (!part.more) break;
    after = part.next;
  }
  const counts = parts.reduce((sum, part) => addCounts(sum, part.counts), noCounts());
  return { parts, counts, failures: parts.flatMap((part) => part.failures) };
}

/** Fails at the n-th batch, like a killed worker: earlier batches are stored and the caller does not know. */
export function dyingAt(batch: number): Instead & { wasHit: () => boolean } {
  let left = batch;
  const crashPoint = () => {
    left -= 1;
    if (left === 0) throw new Error('killed');
  };
  return { crashPoint, wasHit: () => left <= 0 };
}
