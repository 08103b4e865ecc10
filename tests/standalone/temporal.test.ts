import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { isAlive } from '../../standalone/processes/pids.ts';
import { startTemporal, type Temporal, type TemporalOptions } from '../../standalone/temporal/temporal.ts';
import { searchAttributeTypes } from '../../workflows/names.ts';
import { engineFolder, facts } from '../support/engine/facts.ts';
import { waitUntil } from '../support/engine/wait-until.ts';

interface Described {
  readonly namespaceInfo: { readonly id: string };
  readonly config: { readonly workflowExecutionRetentionTtl: string };
}

const cli = ({ binary, address }: Temporal, ...words: string[]): string =>
  execFileSync(binary, [...words, '--address', address, '--output', 'json'], { encoding: 'utf8' });

const describeNamespace = (server: Temporal, name: string) => {
  const answer = JSON.parse(cli(server, 'operator', 'namespace', 'describe', '--namespace', name)) as
    Described | Described[];
  return Array.isArray(answer) ? answer[0] : answer;
};

describe('the embedded Temporal', () => {
  let server: Temporal;
  let options: TemporalOptions;

  beforeAll(async () => {
    options = {
      dataDir: join(engineFolder('temporal'), 'temporal'),
      binDir: dirname(facts().temporal.binary),
      cliPath: facts().temporal.binary,
      port: 0,
      uiPort: null,
      namespaces: ['default', 'second'],
      inMemory: false,
      log: () => undefined,
    };
    server = await startTemporal(options);
  });
  afterAll(() => server.stop());

  it.each(['default', 'second'])('knows our search attributes in namespace %s', (namespace) => {
    const listed = cli(server, 'operator', 'search-attribute', 'list', '--namespace', namespace);

    for (const name of Object.keys(searchAttributeTypes)) expect(listed).toContain(name);
  });

  it.each(['default', 'second'])('keeps closed runs of namespace %s for 30 days', (namespace) => {
    expect(describeNamespace(server, namespace)?.config.workflowExecutionRetentionTtl).toBe('2592000s');
  });

  it('is adopted by a start that finds it running', async () => {
    const again = await startTemporal(options);

    expect({ adopted: again.adopted, pid: again.pid }).toEqual({ adopted: true, pid: server.pid });
  });

  it('starts again after kill -9, with its data', async () => {
    const before = describeNamespace(server, 'second')?.namespaceInfo.id;
    const dead = server;
    process.kill(dead.pid, 'SIGKILL');
    await waitUntil(() => !isAlive(dead.pid));

    server = await startTemporal({ ...options, port: Number(dead.address.split(':')[1]) });

    expect({ adopted: server.adopted, address: server.address }).toEqual({ adopted: false, address: dead.address });
    expect(describeNamespace(server, 'second')?.namespaceInfo.id).toBe(before);
  });

  it('is replaced when it lacks a namespace that is wanted now', async () => {
    const before = server;

    server = await startTemporal({ ...options, namespaces: ['default', 'second', 'third'] });

    expect(isAlive(before.pid)).toBe(false);
    expect(describeNamespace(server, 'third')?.config.workflowExecutionRetentionTtl).toBe('2592000s');
  });

  it('says how to choose another port when the wanted one is taken', async () => {
    const squatter = await listen();
    const address = squatter.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;

    const refused = startTemporal({ ...options, dataDir: join(engineFolder('taken'), 'temporal'), port });

    const message = await refused.catch((error: Error) => error.message).finally(() => squatter.close());
    expect(message).toMatch(new RegExp(`^Port ${port}, wanted for Temporal, is taken .*TEMPORAL_PORT=\\d+ npm start$`));
  });

  it('says so when the given binary is none', async () => {
    const refused = startTemporal({
      ...options,
      dataDir: join(engineFolder('no-binary'), 'temporal'),
      cliPath: '/nowhere/temporal',
    });

    await expect(refused).rejects.toThrow(
      'TEMPORAL_CLI_PATH=/nowhere/temporal is not a temporal binary that runs here',
    );
  });

  it('leaves no process when it is stopped', async () => {
    await server.stop();

    expect(isAlive(server.pid)).toBe(false);
  });
});

function listen(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
  });
}
