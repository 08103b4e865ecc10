import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client } from '@temporalio/client';
import { newId } from '../../db/engine/ids.ts';
import { DomainError } from '../../domain/errors.ts';
import { connectTemporal, type TemporalConnection } from '../../temporal/connection.ts';
import { resultWithin } from '../../temporal/result.ts';
import { workflowIds } from '../../workflows/names.ts';
import { facts, ownNamespace } from '../support/engine/facts.ts';

let temporal: TemporalConnection;
let client: Client;
beforeAll(() => {
  temporal = connectTemporal(facts().temporal.address);
  client = new Client({ connection: temporal.connection, namespace: ownNamespace() });
});
afterAll(() => temporal.close());

/** It stays where it begins. @returns its id */
async function aWorkflow(limits: { workflowExecutionTimeout?: '1s' } = {}): Promise<string> {
  const workflowId = workflowIds.dropship(newId('dropship'));
  await client.workflow.start('dropship', { workflowId, taskQueue: 'nobody-listens', args: [{}], ...limits });
  return workflowId;
}

describe('waiting for the end of a workflow', () => {
  it('asks the server once, until it is too late', async () => {
    const workflowId = await aWorkflow();
    const asked = jest.spyOn(temporal.connection.workflowService, 'getWorkflowExecutionHistory');
    const late = () => new DomainError('label_provider_unreachable', 'Too late.');

    const waited = resultWithin(client, workflowId, { ms: 800, late });

    await expect(waited).rejects.toMatchObject({ code: 'label_provider_unreachable' });
    expect(asked).toHaveBeenCalledTimes(1);
    asked.mockRestore();
  });

  it('is too late as well where the workflow has come to its own time limit', async () => {
    const workflowId = await aWorkflow({ workflowExecutionTimeout: '1s' });

    const waited = resultWithin(client, workflowId, { ms: 30_000 });

    await expect(waited).rejects.toMatchObject({ code: 'temporal_unavailable' });
  });
});
