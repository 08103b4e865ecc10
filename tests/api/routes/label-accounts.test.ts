import { beforeAll, describe, expect, it } from '@jest/globals';
import { withAccount } from '../../../db/engine/with-account.ts';
import { recordLabelHealth, requireToOpen } from '../../../db/labels/accounts.ts';
import { openApi, type Caller } from '../../support/engine/test-api.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';

const api = forTheFile(() => openApi());
let owner: Caller;
let stranger: Caller;
beforeAll(async () => {
  [owner, stranger] = [await api.anAccount(), await api.anAccount()];
});

const easypost = { provider: 'easypost', name: 'Our EasyPost', credentials: { apiKey: 'EZTK-a-canary' } };
const idOf = (answer: { json: () => unknown }) => (answer.json() as { id: string }).id;
const anAccount = async (body: object = easypost) => idOf(await owner.post('/v1/label-accounts', body));
const opened = async (id: string) => {
  const { record, credentials } = await withAccount(api.pool, owner.accountId, (db) =>
    requireToOpen(db, api.sealer, id),
  );
  return { version: record.credentialsVersion, health: record.health.status, credentials: credentials() };
};
const calls = () => api.ledger.map(({ call, args }) => [call, ...args]);

describe('a label account', () => {
  it('is added with sealed credentials that no answer and no column shows', async () => {
    const answer = await owner.post('/v1/label-accounts', { ...easypost, carriers: ['ups', 'usps', 'ups'] });

    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({
      id: expect.stringMatching(/^lacc_/),
      provider: 'easypost',
      name: 'Our EasyPost',
      carriers: ['ups', 'usps'],
      health: { status: 'ok', code: null, since: expect.any(String) },
      createdAt: expect.any(String),
    });
    const id = idOf(answer);
    expect(await opened(id)).toMatchObject({ version: 1, credentials: { apiKey: 'EZTK-a-canary' } });
    const { rows } = await withAccount(api.pool, owner.accountId, (db) =>
      db.raw<{ rows: object[] }>(`select encode(credentials, 'escape') as sealed, l.* from label_accounts l`),
    );
    expect(JSON.stringify(rows)).not.toContain('canary');
    expect((await owner.get(`/v1/label-accounts/${id}`)).json()).toEqual(answer.json());
    expect((await owner.get('/v1/label-accounts')).body).not.toContain('canary');
  });

  it('is the same when its request is repeated under its key', async () => {
    const headers = { 'idempotency-key': 'label-account-1' };

    const [first, second] = [
      await owner.post('/v1/label-accounts', easypost, headers),
      await owner.post('/v1/label-accounts', easypost, headers),
    ];

    expect(second.json()).toEqual(first.json());
    expect(second.headers['idempotency-replayed']).toBe('true');
  });

  it('of the built-in provider needs no credentials', async () => {
    const answer = await owner.post('/v1/label-accounts', { provider: 'test', name: 'Samples' });

    expect(answer.json()).toMatchObject({ provider: 'test', carriers: [] });
  });

  it.each([
    [{ ...easypost, credentials: {} }, '/credentials/apiKey'],
    [{ ...easypost, credentials: { apiKey: 'k', more: 'x' } }, '/credentials/more'],
    [{ ...easypost, provider: 'parcel-post' }, '/provider'],
    [{ ...easypost, carriers: ['no-such-carrier'] }, '/carriers/0'],
    [{ provider: 'test', name: 'Samples', credentials: { apiKey: 'k' } }, '/credentials/apiKey'],
  ])('is refused: %j', async (body, pointer) => {
    const answer = await owner.post('/v1/label-accounts', body);

    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'invalid_request', errors: [expect.objectContaining({ pointer })] });
  });

  it('gets another name without a new version, and new credentials with one: what is parked resumes', async () => {
    const id = await anAccount();
    await withAccount(api.pool, owner.accountId, (db) =>
      recordLabelHealth(db, id, { status: 'unauthorized', code: 'label_account_unauthorized' }),
    );

    const renamed = await owner.patch(`/v1/label-accounts/${id}`, { name: 'Renamed', carriers: [] });
    const before = await opened(id);
    const changed = await owner.patch(`/v1/label-accounts/${id}`, { credentials: { apiKey: 'new' } });

    expect(renamed.json()).toMatchObject({ name: 'Renamed', carriers: [], health: { status: 'unauthorized' } });
    expect(before).toMatchObject({ version: 1, health: 'unauthorized' });
    expect(changed.json()).toMatchObject({ name: 'Renamed', health: { status: 'ok', code: null } });
    expect(await opened(id)).toEqual({ version: 2, health: 'ok', credentials: { apiKey: 'new' } });
    expect(calls().filter(([call]) => call === 'resumeLabelAccount')).toEqual([['resumeLabelAccount', id]]);
  });

  it('refuses credentials of another provider, and stays as it is', async () => {
    const id = await anAccount({ provider: 'test', name: 'Samples' });

    const answer = await owner.patch(`/v1/label-accounts/${id}`, { credentials: { apiKey: 'k' } });

    expect(answer.statusCode).toBe(422);
    expect(await opened(id)).toMatchObject({ version: 1, credentials: {} });
  });

  it('is checked by a workflow', async () => {
    const id = await anAccount();

    const answer = await owner.post(`/v1/label-accounts/${id}/check`);

    expect(answer.json()).toEqual({ isTest: true, carriers: ['ups'] });
    expect(calls().at(-1)).toEqual(['checkLabelAccount', id]);
  });

  it('is removed with its credentials', async () => {
    const id = await anAccount();

    const answer = await owner.delete(`/v1/label-accounts/${id}`);

    expect(answer.statusCode).toBe(204);
    expect((await owner.get(`/v1/label-accounts/${id}`)).statusCode).toBe(404);
    expect((await owner.get('/v1/label-accounts')).body).not.toContain(id);
    const [row] = await withAccount(api.pool, owner.accountId, (db) =>
      db('label_accounts').where({ id }).select<{ credentials: Buffer | null }[]>('credentials'),
    );
    expect(row!.credentials).toBeNull();
  });

  it('is nobody else’s', async () => {
    const url = `/v1/label-accounts/${await anAccount()}`;

    const answers = [
      await stranger.get(url),
      await stranger.patch(url, { name: 'Mine' }),
      await stranger.post(`${url}/check`),
      await stranger.delete(url),
    ];

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404]);
    expect((await stranger.get('/v1/label-accounts')).json()).toMatchObject({ data: [] });
  });
});

describe('a label account that a merchant lends', () => {
  it('is named on the supplier, with the services and the highest price', async () => {
    const { supplierId } = await api.aConnection(owner, stranger);
    const lentLabelAccountId = await anAccount();
    const maxLabelCost = { amount: 1_500, currency: 'USD' };

    const before = await owner.get(`/v1/suppliers/${supplierId}`);
    const lent = await owner.patch(`/v1/suppliers/${supplierId}`, {
      labelPolicy: 'merchant_pays',
      lentLabelAccountId,
      lentServices: ['ups', 'usps/Priority', 'ups'],
      maxLabelCost,
    });
    const narrowed = await owner.patch(`/v1/suppliers/${supplierId}`, { lentServices: ['ups'], maxLabelCost: null });

    const terms = { labelPolicy: 'merchant_pays', lentLabelAccountId, lentServices: ['ups', 'usps/Priority'], maxLabelCost }; // prettier-ignore
    const nothing = { labelPolicy: 'supplier_pays', lentLabelAccountId: null, lentServices: [], maxLabelCost: null };
    expect(before.json()).toMatchObject(nothing);
    expect(lent.json()).toMatchObject(terms);
    expect(narrowed.json()).toMatchObject({ ...terms, lentServices: ['ups'], maxLabelCost: null });
    expect((await stranger.get('/v1/label-accounts')).body).not.toContain(lentLabelAccountId);
  });

  it('is not removed until it is lent no more', async () => {
    const { supplierId } = await api.aConnection(owner, await api.anAccount());
    const lentLabelAccountId = await anAccount();
    const supplier = `/v1/suppliers/${supplierId}`;
    await owner.patch(supplier, { labelPolicy: 'supplier_choice', lentLabelAccountId });

    const refused = await owner.delete(`/v1/label-accounts/${lentLabelAccountId}`);
    await owner.patch(supplier, { labelPolicy: 'supplier_pays', lentLabelAccountId: null });
    const removed = await owner.delete(`/v1/label-accounts/${lentLabelAccountId}`);

    expect(refused.json()).toMatchObject({ status: 409, code: 'label_account_in_use' });
    expect(removed.statusCode).toBe(204);
  });

  it('is lent by an admin only', async () => {
    const { supplierId } = await api.aConnection(owner, await api.anAccount());
    const lentLabelAccountId = await anAccount();
    const writer = await api.aKeyOf(owner, ['write']);

    const lent = await writer.patch(`/v1/suppliers/${supplierId}`, {
      labelPolicy: 'merchant_pays',
      lentLabelAccountId,
    });
    const named = await writer.patch(`/v1/suppliers/${supplierId}`, { name: 'Summit' });

    expect(lent.statusCode).toBe(403);
    expect(lent.json()).toMatchObject({ code: 'scope_missing' });
    expect(named.json()).toMatchObject({ name: 'Summit', labelPolicy: 'supplier_pays' });
  });

  it('is one of the merchant’s own', async () => {
    const { supplierId } = await api.aConnection(owner, await api.anAccount());
    const theirs = idOf(await stranger.post('/v1/label-accounts', { provider: 'test', name: 'Samples' }));
    const lend = (body: object) => owner.patch(`/v1/suppliers/${supplierId}`, body);

    const foreign = await lend({ labelPolicy: 'merchant_pays', lentLabelAccountId: theirs });
    const none = await lend({ labelPolicy: 'merchant_pays' });

    expect(foreign.json()).toMatchObject({ status: 404, code: 'label_account_not_found' });
    expect(none.json()).toMatchObject({
      status: 422,
      code: 'invalid_request',
      errors: [expect.objectContaining({ pointer: '/lentLabelAccountId' })],
    });
    expect((await owner.get(`/v1/suppliers/${supplierId}`)).json()).toMatchObject({ labelPolicy: 'supplier_pays' });
  });
});

describe('the costs of labels', () => {
  it('are shared on a portal, by its supplier alone, and not before the supplier says so', async () => {
    const [merchant, supplier] = [await api.anAccount(), await api.anAccount()];
    const { portalId } = await api.aConnection(merchant, supplier);

    const before = await supplier.get(`/v1/channels/${portalId}`);
    const shared = await supplier.patch(`/v1/channels/${portalId}`, { sharesLabelCost: true });
    const byMerchant = await merchant.patch(`/v1/channels/${portalId}`, { sharesLabelCost: false });

    expect(before.json()).toMatchObject({ sharesLabelCost: false });
    expect(shared.json()).toMatchObject({ sharesLabelCost: true });
    expect(byMerchant.statusCode).toBe(404);
  });

  it('have no merchant to go to on a shop', async () => {
    const shop = idOf(await owner.post('/v1/channels', { kind: 'api', name: 'Shop' }));

    const answer = await owner.patch(`/v1/channels/${shop}`, { sharesLabelCost: true });

    expect(answer.json()).toMatchObject({ status: 422, errors: [expect.objectContaining({ pointer: '/sharesLabelCost' })] }); // prettier-ignore
  });
});
