import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Fastify from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { pino } from 'pino';
import { z } from 'zod';
import { buildApp, type App } from '../../../api/app.ts';
import { setUpProblems } from '../../../api/plugins/problems.ts';
import { requestIdOf } from '../../../api/plugins/request-log.ts';
import { setUpRouteGuard } from '../../../api/plugins/route-guard.ts';
import { requestCompiler } from '../../../api/plugins/validation.ts';
import type { Workflows } from '../../../temporal/client.ts';
import { answers } from '../../../api/schemas/common.ts';
import { recordedActions } from '../../support/trade/audit.ts';
import { callerOf, openApi, type TestApi } from '../../support/engine/test-api.ts';

const config = { access: 'public' } as const;
const operationId = 'getX';
const response = answers({ 200: z.object({ id: z.string() }) }, 'A thing.');

function guarded(): App {
  const app = Fastify({ genReqId: requestIdOf }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(requestCompiler).setSerializerCompiler(serializerCompiler);
  setUpProblems(app);
  setUpRouteGuard(app);
  return app;
}

describe('a route', () => {
  it('that does not say who may call it does not boot', () => {
    expect(() => guarded().get('/x', { schema: { operationId, response } }, () => ({ id: '1' }))).toThrow(
      'who may call it',
    );
  });

  it('without an operationId does not boot', () => {
    expect(() => guarded().get('/x', { config, schema: { response } }, () => ({ id: '1' }))).toThrow('no operationId');
  });

  it('that does not describe what it sends does not boot', () => {
    expect(() => guarded().get('/x', { config, schema: { operationId } }, () => ({}))).toThrow('no success status');
    const bare = { 200: z.object({ id: z.string() }) };
    expect(() => guarded().get('/x', { config, schema: { operationId, response: bare } }, () => ({ id: '1' }))).toThrow(
      'no 4xx',
    );
  });

  it('sends the fields it describes and no others', async () => {
    const app = guarded();
    app.get('/x', { config, schema: { operationId, response } }, () => ({ id: '1', secret: 'canary' }));

    expect((await app.inject('/x')).json()).toEqual({ id: '1' });
  });

  it('fails rather than send a status it does not describe', async () => {
    const app = guarded();
    app.get(
      '/x',
      { config, schema: { operationId, response } },
      (_request, reply) => reply.code(201 as 200).send({ id: 'canary' }) as never,
    );

    const answer = await app.inject('/x');

    expect([answer.statusCode, answer.body.includes('canary')]).toEqual([500, false]);
  });

  it('without a body takes none', async () => {
    const app = guarded();
    app.post('/x', { config, schema: { operationId, response } }, () => ({ id: '1' }));

    expect((await app.inject({ method: 'POST', url: '/x' })).statusCode).toBe(200);
    expect((await app.inject({ method: 'POST', url: '/x', payload: { a: 1 } })).statusCode).toBe(422);
  });
});

describe('an application', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openApi();
  });
  afterAll(() => api.close());

  it('logs ids, and nothing that people typed', async () => {
    const lines: string[] = [];
    const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    const workflows = {
      setUpChannel: async () => undefined,
      checkChannel: () => Promise.reject(new TypeError('canary')),
    } as unknown as Workflows;
    const app = await buildApp({ ...api.app.deps, logger, workflows });
    const { accountId, key } = await api.anAccount();
    const caller = callerOf(app, accountId, key);

    await caller.post('/v1/warehouses', { name: 'canary' });
    await caller.post('/v1/warehouses', { name: 'canary' });
    await caller.post('/v1/warehouses', { canary: 'canary' });
    await caller.get('/v1/products?q=canary&canary=1');
    await caller.get('/v1/channels/canary');
    await caller.get('/canary?canary');
    const channel = (await caller.post('/v1/channels', { kind: 'api', name: 'canary' })).json<{ id: string }>();
    const failed = await caller.post(`/v1/channels/${channel.id}/check`);
    await app.close();

    expect(failed.json()).toMatchObject({ code: 'unexpected', instance: failed.headers['x-request-id'] });
    expect(failed.body).not.toContain('canary');
    expect(lines.length).toBeGreaterThan(7);
    expect(lines.filter((line) => line.includes('canary') || line.includes(key))).toEqual([]);
    expect(lines.join()).toContain(`"keyId":"key_`);
  });

  it('leaves one audit row for each setting it changes, and none for products and stock', async () => {
    const merchant = await api.anAccount();
    const supplier = await api.anAccount();
    const { supplierId, connectionId } = await api.aConnection(merchant, supplier);
    const before = await recordedActions(api, merchant);
    const id = (answer: { json: () => unknown }) => (answer.json() as { id: string }).id;

    const key = id(await merchant.post('/v1/keys', { name: 'K' }));
    await merchant.delete(`/v1/keys/${key}`);
    await merchant.post('/v1/warehouses', { name: 'North' });
    await merchant.post('/v1/warehouses', { name: 'North' });
    await merchant.patch(`/v1/suppliers/${supplierId}`, { name: 'Acme' });
    const channel = id(await merchant.post('/v1/channels', { kind: 'api', name: 'Own' }));
    await merchant.patch(`/v1/channels/${channel}`, { name: 'Renamed' });
    await merchant.delete(`/v1/channels/${channel}`);
    const product = id(await merchant.post('/v1/products', { sku: 'A', name: 'A cup' }));
    await merchant.patch(`/v1/products/${product}`, { name: 'A mug' });
    await merchant.post('/v1/products/batch', { items: [{ sku: 'B', name: 'A bowl' }] });
    const levels = [
      await merchant.put('/v1/stock', { sku: 'A', physicalOnHand: 5 }),
      await merchant.put('/v1/stock', { sku: 'A', physicalOnHand: 5 }),
      await merchant.post('/v1/stock/batch', { items: ['A', 'B', 'C'].map((sku) => ({ sku, physicalOnHand: 9 })) }),
    ];
    await merchant.patch(`/v1/connections/${connectionId}`, { status: 'paused' });

    expect(levels.map((answer) => answer.statusCode)).toEqual([200, 200, 200]);
    expect((await recordedActions(api, merchant)).slice(before.length)).toEqual([
      'key.created',
      'key.revoked',
      'warehouse.created',
      'supplier.changed',
      'channel.created',
      'channel.changed',
      'channel.deleted',
      'product.batch_written',
      'connection.changed',
    ]);
  });
});
