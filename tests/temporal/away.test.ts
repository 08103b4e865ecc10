import { afterAll, describe, expect, it } from '@jest/globals';
import { Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, type UpdateDefinition } from '@temporalio/common';
import { pino } from 'pino';
import { temporalWorkflows } from '../../temporal/client.ts';
import { ask } from '../../temporal/ask.ts';
import { connectTemporal } from '../../temporal/connection.ts';
import { fromTemporal } from '../../temporal/errors.ts';
import { queuesFor } from '../../workflows/names.ts';

const { connection, close } = connectTemporal('127.0.0.1:1');
const client = new Client({ connection });
const lines: string[] = [];
const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
const workflows = temporalWorkflows(client, queuesFor(''), log);
afterAll(close);

/** Far below the 20 seconds that a call to a dead server takes by itself; the target is two. */
const givenUpMs = 6_000;

/** Milliseconds until it ends. */
async function lengthOf(work: Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work.catch(() => undefined);
  return performance.now() - begin;
}

describe('while Temporal is away', () => {
  it('a start after a commit is only logged: the row is there, and the sweep starts its workflow', async () => {
    await expect(workflows.setUpChannel('chan_x')).resolves.toBe(false);

    expect(lines.join()).toContain('"workflowId":"set_up_channel/chan_x"');
  });

  it('a question is an unknown outcome, in two seconds', async () => {
    const update = { type: 'update', name: 'recordShipment' } as UpdateDefinition<void, [object]>;
    const question = { workflowId: 'dropship/drop_x', update, args: [{}] as [object], updateId: 'acct_x/key' };

    const asked = ask(client, question);

    await expect(asked).rejects.toMatchObject({ code: 'temporal_unavailable' });
    expect(await lengthOf(ask(client, question))).toBeLessThan(givenUpMs);
    await expect(workflows.checkChannel('chan_x')).rejects.toMatchObject({ code: 'temporal_unavailable' });
    expect(await workflows.isReachable()).toBe(false);
  });
});

describe('a refusal from inside', () => {
  it('keeps its code, its message and its faults', () => {
    const faults = [{ pointer: '/lines/0/quantity', detail: 'too many' }];
    const failure = ApplicationFailure.nonRetryable('Too many.', 'quantity_exceeds_open', faults);

    expect(fromTemporal(new WorkflowUpdateFailedError('refused', failure))).toMatchObject({
      code: 'quantity_exceeds_open',
      message: 'Too many.',
      faults,
    });
  });

  it('is a fault of ours when it has no code of ours', () => {
    const failure = ApplicationFailure.nonRetryable('TypeError: x is undefined', 'TypeError');

    expect(fromTemporal(new WorkflowUpdateFailedError('refused', failure))).toBe(failure);
  });
});
