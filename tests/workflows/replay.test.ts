import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';
import { facts } from '../support/engine/facts.ts';
import { historiesDir, historyNames, recordHistories } from '../support/models/record-histories.ts';
import { quietRuntime } from '../support/engine/quiet-runtime.ts';

// RECORD_HISTORIES=1 npx jest tests/workflows/replay: all anew, before 1.0 only; after it a change stands behind `patched`.
// RECORD_HISTORIES=missing records what has none yet.
const wish = process.env['RECORD_HISTORIES'];
beforeAll(async () => {
  quietRuntime();
  if (wish !== undefined) await recordHistories(wish === 'missing' ? 'missing' : 'all');
}, 600_000);

type Stored = {
  events: {
    workflowExecutionStartedEventAttributes?: { workflowType: { name: string } };
    workflowTaskCompletedEventAttributes?: { sdkMetadata?: { coreUsedFlags?: number[] } };
  }[];
};

const inFiles = existsSync(historiesDir) ? readdirSync(historiesDir).map((file) => file.replace('.json', '')) : [];
/** Those of earlier releases too, which no recording makes any more. */
const names = [...new Set([...historyNames, ...inFiles])].sort();
const stored = (name: string) => JSON.parse(readFileSync(join(historiesDir, `${name}.json`), 'utf8')) as Stored;

/** By one worker, since loading the code takes longer than a replay. @returns why each history does not go on, if it does not */
async function replay(some: readonly string[], workflowBundle: { codePath: string } | { code: string }) {
  const histories = some.map((name) => ({ workflowId: name, history: stored(name) }));
  const replayed = new Map<string, Error | undefined>();
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories))
    replayed.set(workflowId, error);
  return replayed;
}

describe('a workflow that began with earlier code', () => {
  let replayed: ReadonlyMap<string, Error | undefined>;
  beforeAll(async () => {
    replayed = await replay(names, { codePath: facts().workflowBundle });
  });

  it.each(names)('goes on with this code: %s', (name) => {
    expect([...replayed.keys()]).toContain(name);
    expect(replayed.get(name)).toBeUndefined();
  });

  it.each(names)('was exported, not written by hand, so that its replay can fail: %s', (name) => {
    const completed = stored(name).events.find((event) => event.workflowTaskCompletedEventAttributes);

    expect(completed?.workflowTaskCompletedEventAttributes?.sdkMetadata?.coreUsedFlags).toEqual(
      expect.arrayContaining([1, 2, 3]),
    );
  });

  it.each(names)('names no machine: %s', (name) => {
    const text = readFileSync(join(historiesDir, `${name}.json`), 'utf8');

    expect(text).not.toMatch(/\d+@\w|node_modules|\.ts:\d/);
  });

  it('is there for every workflow that we have', () => {
    const index = readFileSync(resolve(import.meta.dirname, '../../workflows/index.ts'), 'utf8');
    const ours = [...index.matchAll(/\{ ([^}]+) \}/g)].flatMap(([, list]) => list!.split(', '));
    const types = names.map(
      (name) => stored(name).events[0]!.workflowExecutionStartedEventAttributes!.workflowType.name,
    );

    expect([...new Set(types)].sort()).toEqual(ours.sort());
  });
});

describe('a change that would break open orders', () => {
  const code = () => readFileSync(facts().workflowBundle, 'utf8');

  it.each([
    ['records a shipment by another activity', 'dropship-shipped', 'rows.recordShipment', 'rows.recordAnother'],
    ['closes an attention that it shall raise', 'dropship-push-parked', 'rows.raiseAttention', 'rows.closeAttention'],
    ['imports in another order', 'import-orders', 'channelWork.importNamedOrders', 'channelWork.importAwaitedOrders'],
  ])('is seen: code that %s', async (...[, name, before, after]) => {
    const changed = code().replaceAll(before, after);

    expect(changed).not.toBe(code());
    expect((await replay([name], { code: changed })).get(name)).toBeInstanceOf(DeterminismViolationError);
  });
});
