import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Scope } from '../../../domain/account.ts';
import {
  aProblem,
  callerOf,
  openApi,
  withoutRequestId,
  type Caller,
  type TestApi,
} from '../../support/engine/test-api.ts';

let api: TestApi;
let merchant: Caller;
let supplier: Caller;
beforeAll(async () => {
  api = await openApi();
  merchant = await api.anAccount();
  supplier = await api.anAccount();
});
afterAll(() => api.close());

describe('accounts', () => {
  it('begin with a warehouse Main, in the same transaction', async () => {
    const account = await api.anAccount();

    const warehouses = (await account.get('/v1/warehouses')).json<{ data: object[] }>();

    expect(warehouses.data).toEqual([expect.objectContaining({ name: 'Main', supplierId: null })]);
  });

  it('are listed newest first, page by page, for the operator alone', async () => {
    const first = (await api.operator.get('/v1/accounts?limit=1')).json<{ data: object[]; nextCursor: string }>();
    const second = (await api.operator.get(`/v1/accounts?limit=1&cursor=${first.nextCursor}`)).json<{
      data: object[];
    }>();

    expect(first.data).toHaveLength(1);
    expect(second.data).toHaveLength(1);
    expect(second.data).not.toEqual(first.data);
    const refused = await merchant.get('/v1/accounts');
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toEqual(aProblem(refused, 'scope_missing', { detail: 'This route needs an operator key.' }));
  });

  it('that nobody made are not found', async () => {
    const answer = await api.operator.get('/v1/accounts/acct_nobody');

    expect(answer.json()).toEqual(
      aProblem(answer, 'account_not_found', { detail: 'There is no account acct_nobody.' }),
    );
  });
});

describe('keys', () => {
  it('are shown once, and say whose they are', async () => {
    const issued = (await merchant.post('/v1/keys', { name: 'Shop', scopes: ['read'] })).json<
      Record<string, unknown>
    >();
    const shown = (await merchant.get('/v1/keys?limit=1')).json<{ data: object[] }>().data[0];

    expect(issued['key']).toMatch(/^vp_[0-9A-Za-z]{36}$/);
    const { key: _key, ...rest } = issued;
    expect(shown).toEqual(rest);
  });

  it('stop at once when they are revoked', async () => {
    const other = await api.aKeyOf(merchant, ['read']);
    expect((await other.get('/v1/me')).json()).toEqual({
      account: { id: merchant.accountId, name: 'A company' },
      key: { id: other.keyId, name: 'Test', hint: expect.stringMatching(/^vp_/) },
      user: null,
      scopes: ['read'],
    });

    expect((await merchant.delete(`/v1/keys/${other.keyId}`)).statusCode).toBe(204);

    const answer = await other.get('/v1/me');
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toEqual(
      aProblem(answer, 'unauthenticated', { detail: 'Send a valid key as "Authorization: Bearer vp_…".' }),
    );
  });

  it('of another account look like none', async () => {
    const own = await api.aKeyOf(merchant, ['read']);

    const foreign = await supplier.delete(`/v1/keys/${own.keyId}`);
    const unknown = await supplier.delete('/v1/keys/key_unknown');

    expect(foreign.statusCode).toBe(404);
    expect(JSON.stringify(withoutRequestId(foreign)).replace(own.keyId, 'key_unknown')).toBe(
      JSON.stringify(withoutRequestId(unknown)),
    );
    expect((await own.get('/v1/me')).statusCode).toBe(200);
    expect((await supplier.post('/v1/keys', { accountId: merchant.accountId, name: 'Mine?' })).statusCode).toBe(404);
    expect((await api.operator.delete(`/v1/keys/${own.keyId}`)).statusCode).toBe(204);
    expect((await api.operator.delete('/v1/keys/key_unknown')).statusCode).toBe(404);
  });

  it('need the operator to say for whom', async () => {
    const answer = await api.operator.post('/v1/keys', { name: 'Whose?' });

    expect(answer.json()).toEqual(
      aProblem(answer, 'invalid_request', {
        detail: 'The operator names the account.',
        errors: [{ pointer: '/accountId', detail: 'is missing' }],
      }),
    );
    expect((await api.operator.post('/v1/keys', { accountId: 'acct_x', name: 'Nobody' })).statusCode).toBe(404);
  });
});

describe('the keys of operators', () => {
  it('have names and scopes, are named in the audit, and end like others', async () => {
    const anOperator = async (scopes: Scope[]) => {
      const { key, id } = (
        await api.operator.post('/v1/keys', { accountId: 'operator', name: 'Ada, support', scopes })
      ).json<{ key: string; id: string }>();
      return { ...callerOf(api.app, 'operator', key), id };
    };
    const [support, manager] = [await anOperator(['write']), await anOperator(['admin'])];

    expect((await support.get('/v1/attentions')).statusCode).toBe(200);
    expect((await support.post('/v1/accounts', { name: 'No' })).json()).toMatchObject({ code: 'scope_missing' });
    expect((await support.get('/v1/orders')).json()).toMatchObject({ detail: 'This route needs an account key.' });
    const { id } = (await manager.post('/v1/accounts', { name: 'Yes' })).json<{ id: string }>();
    const audit = await manager.get(`/v1/audit?accountId=${id}`);
    expect(audit.json()).toMatchObject({
      data: [{ action: 'account.created', actor: { kind: 'operator', id: manager.id } }],
    });
    const parties = { merchantAccountId: id, supplierAccountId: supplier.accountId };
    expect((await manager.post('/v1/connections', parties)).json()).toMatchObject({ proposedBy: 'operator' });
    expect((await manager.post(`/v1/keys/${support.id}/rotate`, {})).statusCode).toBe(201);
    expect((await manager.delete(`/v1/keys/${support.id}`)).statusCode).toBe(204);
    expect((await support.get('/v1/attentions')).statusCode).toBe(401);
  });

  it('are made, seen and ended by operators alone', async () => {
    const { id } = (await api.operator.post('/v1/keys', { accountId: 'operator', name: 'Bo', scopes: ['read'] })).json<{ id: string }>(); // prettier-ignore

    expect((await merchant.post('/v1/keys', { accountId: 'operator', name: 'Mine?' })).statusCode).toBe(404);
    expect((await merchant.delete(`/v1/keys/${id}`)).statusCode).toBe(404);
    expect((await merchant.post(`/v1/keys/${id}/rotate`, {})).statusCode).toBe(404);
    expect((await merchant.get('/v1/keys?limit=200')).body).not.toContain(id);
    expect((await api.operator.get('/v1/keys?limit=200')).body).toContain(id);
  });
});

describe('connections', () => {
  it('made by the operator are active at once and set up', async () => {
    const [one, other] = [await api.anAccount(), await api.anAccount()];
    const parties = { merchantAccountId: one.accountId, supplierAccountId: other.accountId };

    const made = await api.operator.post('/v1/connections', parties);

    expect(made.statusCode).toBe(201);
    const names = { merchantName: 'A company', supplierName: 'A company' };
    expect(made.json()).toMatchObject({ ...parties, ...names, status: 'active', proposedBy: 'operator' });
    const { id } = made.json<{ id: string }>();
    expect(api.ledger.at(-1)).toEqual({ call: 'setUpConnection', args: [id] });
    expect((await one.get(`/v1/connections/${id}`)).json()).toEqual(made.json());
    const again = await api.operator.post('/v1/connections', parties);
    expect(again.json()).toEqual(
      aProblem(again, 'connection_exists', { detail: 'These two accounts have a connection already.' }),
    );
  });

  it('are proposed by one side and accepted by the other', async () => {
    const [one, other, stranger] = [await api.anAccount(), await api.anAccount(), await api.anAccount()];
    const proposed = await one.post('/v1/connections', { supplierAccountId: other.accountId });
    const { id } = proposed.json<{ id: string }>();
    expect(proposed.json()).toMatchObject({ status: 'pending', merchantAccountId: one.accountId });
    expect(api.ledger.some(({ args }) => args[0] === id)).toBe(false);

    const own = await one.post(`/v1/connections/${id}/accept`);
    expect(own.json()).toEqual(
      aProblem(own, 'not_the_other_side', { detail: 'The other side accepts or declines what you proposed.' }),
    );
    expect((await one.patch(`/v1/connections/${id}`, { status: 'active' })).statusCode).toBe(409);
    expect((await stranger.post(`/v1/connections/${id}/accept`)).statusCode).toBe(404);
    const accepted = await other.post(`/v1/connections/${id}/accept`);

    expect(accepted.json()).toMatchObject({ id, status: 'active' });
    expect(api.ledger.at(-1)).toEqual({ call: 'setUpConnection', args: [id] });
    expect((await one.patch(`/v1/connections/${id}`, { status: 'paused' })).json()).toMatchObject({ status: 'paused' });
    expect((await api.operator.patch(`/v1/connections/${id}`, { status: 'ended' })).json()).toMatchObject({
      status: 'ended',
    });
    expect(api.ledger.at(-1)).toEqual({ call: 'endConnection', args: [id] });
    const late = await other.patch(`/v1/connections/${id}`, { status: 'active' });
    expect(late.json()).toEqual(
      aProblem(late, 'connection_transition_refused', {
        detail: 'A connection that is ended cannot become active.',
      }),
    );
  });

  it('may be declined, and then proposed anew', async () => {
    const [one, other] = [await api.anAccount(), await api.anAccount()];
    const { id } = (await one.post('/v1/connections', { merchantAccountId: other.accountId })).json<{ id: string }>();

    expect((await other.post(`/v1/connections/${id}/decline`)).json()).toMatchObject({ status: 'declined' });

    expect((await one.post('/v1/connections', { merchantAccountId: other.accountId })).statusCode).toBe(201);
  });

  it('need another side that exists', async () => {
    const nobody = await merchant.post('/v1/connections', { supplierAccountId: 'acct_nobody' });
    const itself = await merchant.post('/v1/connections', { supplierAccountId: merchant.accountId });
    const others = await merchant.post('/v1/connections', {
      merchantAccountId: supplier.accountId,
      supplierAccountId: 'acct_nobody',
    });

    expect(nobody.json()).toEqual(
      aProblem(nobody, 'invalid_request', {
        detail: 'Both sides must be accounts.',
        errors: [{ pointer: '/supplierAccountId', detail: 'acct_nobody is not an account' }],
      }),
    );
    expect(itself.statusCode).toBe(422);
    expect(others.statusCode).toBe(422);
    expect((await api.operator.post('/v1/connections', { merchantAccountId: merchant.accountId })).statusCode).toBe(
      422,
    );
  });
});

describe('suppliers', () => {
  it('are the side of the merchant: what is shared, how it ships', async () => {
    const { supplierId } = await api.aConnection(merchant, supplier);
    const change = {
      name: 'Acme',
      sharedFields: ['phone', 'prices'],
      shippingMethods: { Standard: 'GROUND' },
      defaultShippingMethod: 'GROUND',
    };

    const changed = await merchant.patch(`/v1/suppliers/${supplierId}`, change);

    const party = { accountId: supplier.accountId, status: 'active' };
    expect(changed.json()).toMatchObject({ id: supplierId, ...change, ...party, warehouse: { name: 'A supplier' } });
    expect((await merchant.get(`/v1/suppliers/${supplierId}`)).json()).toEqual(changed.json());
    expect((await merchant.get('/v1/suppliers')).json<{ data: object[] }>().data).toEqual([changed.json()]);
    expect((await supplier.get(`/v1/suppliers/${supplierId}`)).statusCode).toBe(404);
    expect((await supplier.patch(`/v1/suppliers/${supplierId}`, change)).statusCode).toBe(404);
    const cleared = await merchant.patch(`/v1/suppliers/${supplierId}`, { defaultShippingMethod: null });
    expect(cleared.json()).toMatchObject({ name: 'Acme', defaultShippingMethod: null });
  });

  it('of one name get a warehouse each', async () => {
    const buyer = await api.anAccount();
    await api.aConnection(buyer, await api.anAccount());
    await api.aConnection(buyer, await api.anAccount());

    const { data } = (await buyer.get('/v1/warehouses')).json<{ data: { name: string }[] }>();

    expect(data.map(({ name }) => name)).toEqual(['A supplier', 'A supplier', 'Main']);
  });

  it('share only what there is', async () => {
    const answer = await merchant.patch('/v1/suppliers/sup_x', { sharedFields: ['birthday'], colour: 'red' });

    expect(answer.statusCode).toBe(422);
    expect(answer.json<{ errors: { pointer: string }[] }>().errors.map(({ pointer }) => pointer)).toEqual([
      '/sharedFields/0',
      '/colour',
    ]);
  });
});

describe('warehouses', () => {
  it('have a name each', async () => {
    expect((await merchant.post('/v1/warehouses', { name: 'North' })).statusCode).toBe(201);

    const again = await merchant.post('/v1/warehouses', { name: 'North' });

    expect(again.json()).toEqual(
      aProblem(again, 'warehouse_name_taken', { detail: 'Another warehouse has this name.' }),
    );
    expect((await supplier.post('/v1/warehouses', { name: 'North' })).statusCode).toBe(201);
  });

  it('have an address from which parcels go, and another name', async () => {
    const address = { name: 'Summit', address1: '5 Dock Road', city: 'Portland', postalCode: '97201', country: 'US' };
    const { id } = (await merchant.post('/v1/warehouses', { name: 'East' })).json<{ id: string }>();
    const change = (body: object) => merchant.patch(`/v1/warehouses/${id}`, body);

    const addressed = await change({ address });
    const renamed = await change({ name: 'Far East' });
    const taken = await change({ name: 'North' });
    const emptied = await change({ address: null });

    expect(addressed.json()).toMatchObject({ name: 'East', address, supplierId: null });
    expect(renamed.json()).toMatchObject({ name: 'Far East', address });
    expect(taken.json()).toMatchObject({ status: 409, code: 'warehouse_name_taken' });
    expect(emptied.json()).toMatchObject({ name: 'Far East', address: null });
    expect((await change({ address: { ...address, country: 'ZZ' } })).statusCode).toBe(422);
    expect((await supplier.patch(`/v1/warehouses/${id}`, { name: 'Mine' })).statusCode).toBe(404);
  });

  it('of a supplier are not the merchant’s to change', async () => {
    const { data } = (await merchant.get('/v1/warehouses')).json<{
      data: { id: string; supplierId: string | null }[];
    }>();
    const theirs = data.find(({ supplierId }) => supplierId !== null)!;

    const answer = await merchant.patch(`/v1/warehouses/${theirs.id}`, { name: 'Mine' });

    expect(answer.json()).toMatchObject({ status: 409, code: 'stock_of_supplier' });
  });
});
