import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withAccount } from '../../../db/engine/with-account.ts';
import { aProblem, openApi, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
let owner: Caller;
let stranger: Caller;
beforeAll(async () => {
  api = await openApi();
  [owner, stranger] = [await api.anAccount(), await api.anAccount()];
});
afterAll(() => api.close());

const key = (value: string) => ({ 'idempotency-key': value });
const countOf = async (account: Caller) =>
  (await account.get('/v1/warehouses?limit=200')).json<{ data: object[] }>().data.length;

describe('a repeated request with its key', () => {
  it('gets the first answer and has one effect', async () => {
    const before = await countOf(owner);
    const first = await owner.post('/v1/warehouses', { name: 'East' }, key('one'));

    const again = await owner.post('/v1/warehouses', { name: 'East' }, key('one'));

    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect([again.statusCode, again.json()]).toEqual([201, first.json()]);
    expect(await countOf(owner)).toBe(before + 1);
  });

  it('is refused with another body or on another route', async () => {
    await owner.post('/v1/warehouses', { name: 'South' }, key('two'));

    const body = await owner.post('/v1/warehouses', { name: 'Other' }, key('two'));
    const route = await owner.post('/v1/products', { sku: 'X', name: 'South' }, key('two'));

    for (const answer of [body, route]) {
      expect(answer.json()).toEqual(
        aProblem(answer, 'idempotency_key_reused', {
          detail: 'This Idempotency-Key was used with another route or body.',
        }),
      );
    }
  });

  it('does not care for the order of fields', async () => {
    const first = await owner.post('/v1/products', { sku: 'ORDER', name: 'A' }, key('fields'));
    const again = await owner.post('/v1/products', { name: 'A', sku: 'ORDER' }, key('fields'));

    expect(again.json()).toEqual(first.json());
  });

  it('is free again after a refusal', async () => {
    const refused = await owner.post('/v1/warehouses', { name: 'East' }, key('three'));
    const accepted = await owner.post('/v1/warehouses', { name: 'West' }, key('three'));

    expect([refused.statusCode, accepted.statusCode]).toEqual([409, 201]);
  });

  it('belongs to its account', async () => {
    await owner.post('/v1/warehouses', { name: 'Shared' }, key('four'));

    const other = await stranger.post('/v1/warehouses', { name: 'Different' }, key('four'));

    expect(other.statusCode).toBe(201);
  });

  it('never shows a secret twice, nor keeps one', async () => {
    const first = await owner.post('/v1/keys', { name: 'Once' }, key('five'));

    const again = await owner.post('/v1/keys', { name: 'Once' }, key('five'));

    const { key: secret, ...rest } = first.json<{ key: string }>();
    expect(again.json()).toEqual(rest);
    const rows = await withAccount(api.pool, owner.accountId, (db) => db('idempotency_keys').select('*'));
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  it("works for the operator's commands in any account", async () => {
    const first = await api.operator.post('/v1/accounts', { name: 'Once' }, key('six'));
    const again = await api.operator.post('/v1/accounts', { name: 'Once' }, key('six'));

    expect(again.json()).toEqual(first.json());
    const { id: accountId } = first.json<{ id: string }>();
    const issued = await api.operator.post('/v1/keys', { accountId, name: 'K' }, key('seven'));
    const reissued = await api.operator.post('/v1/keys', { accountId, name: 'K' }, key('seven'));
    expect(reissued.json<{ id: string }>().id).toBe(issued.json<{ id: string }>().id);
  });

  it('has one effect, fifty at once', async () => {
    const before = await countOf(owner);

    const answers = await Promise.all(
      Array.from({ length: 50 }, () => owner.post('/v1/warehouses', { name: 'Race' }, key('race'))),
    );

    const ids = new Set(answers.filter((one) => one.statusCode === 201).map((one) => one.json<{ id: string }>().id));
    const others = answers.filter((one) => one.statusCode !== 201).map((one) => one.json<{ code: string }>().code);
    expect(ids.size).toBe(1);
    expect(others.filter((code) => code !== 'request_in_progress')).toEqual([]);
    expect(await countOf(owner)).toBe(before + 1);
  });

  it.each(['', ' ', 'x'.repeat(256), 'käse'])('must be a readable key: %j', async (value) => {
    const answer = await owner.post('/v1/warehouses', { name: 'Never' }, key(value));

    expect(answer.json()).toMatchObject({ status: 400, code: 'malformed_request' });
  });
});
