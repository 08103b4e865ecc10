import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCredentials } from '../../../db/channels/channels.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { taskTypes } from '../../../domain/task.ts';
import { aProblem, openApi, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
let owner: Caller;
let stranger: Caller;
beforeAll(async () => {
  api = await openApi();
  [owner, stranger] = [await api.anAccount(), await api.anAccount()];
});
afterAll(() => api.close());

const aShop = (settings: object = { url: 'http://127.0.0.1:3999/admin-api' }) => ({
  kind: 'vendure',
  name: 'Shop',
  settings,
  credentials: { username: 'superadmin', password: 'a canary' },
});
const idOf = (answer: { json: () => unknown }) => (answer.json() as { id: string }).id;
const credentialsOf = (id: string) =>
  withAccount(api.pool, owner.accountId, (db) => readCredentials(db, api.sealer, id));

describe('a shop', () => {
  it('is added with sealed credentials that no answer shows, and then set up', async () => {
    const answer = await owner.post('/v1/channels', aShop());

    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({
      id: expect.stringMatching(/^chan_/),
      kind: 'vendure',
      name: 'Shop',
      settings: { url: 'http://127.0.0.1:3999/admin-api' },
      connectionId: null,
      isPortal: false,
      counterpart: null,
      sharesLabelCost: false,
      tasks: [...taskTypes],
      health: { status: 'ok', code: null, since: expect.any(String) },
      createdAt: expect.any(String),
    });
    expect(api.ledger.at(-1)).toEqual({ call: 'setUpChannel', args: [idOf(answer)] });
    expect(await credentialsOf(idOf(answer))).toEqual({ username: 'superadmin', password: 'a canary' });
    expect((await owner.get(`/v1/channels/${idOf(answer)}`)).json()).toEqual(answer.json());
    expect((await owner.get('/v1/channels')).body).not.toContain('canary');
    expect((await stranger.get(`/v1/channels/${idOf(answer)}`)).statusCode).toBe(404);
  });

  it('gets new credentials, and what is parked resumes', async () => {
    const id = idOf(await owner.post('/v1/channels', aShop()));

    const renamed = await owner.patch(`/v1/channels/${id}`, { name: 'Renamed' });
    expect(api.ledger.at(-1)).toMatchObject({ call: 'setUpChannel' });
    const changed = await owner.patch(`/v1/channels/${id}`, { credentials: { apiKey: 'new' } });

    expect(renamed.json()).toMatchObject({ name: 'Renamed' });
    expect(changed.statusCode).toBe(200);
    expect(api.ledger.at(-1)).toEqual({ call: 'resumeChannel', args: [id] });
    expect(await credentialsOf(id)).toEqual({ apiKey: 'new' });
    expect((await stranger.patch(`/v1/channels/${id}`, { name: 'Mine' })).statusCode).toBe(404);
  });

  it('of Shopify is at myshopify.com and nowhere else', async () => {
    const credentials = { clientId: 'app', clientSecret: 'shpss_the-secret-of-the-app' };
    const add = (shop: string) =>
      owner.post('/v1/channels', { kind: 'shopify', name: 'Shop', settings: { shop }, credentials });
    const foreign = [
      'shop.example',
      'myshopify.com',
      'a.myshopify.com.evil.example',
      'a.b.myshopify.com',
      'a.myshopify.com/x',
    ];

    expect((await add('harbour-goods.myshopify.com')).json()).toMatchObject({
      kind: 'shopify',
      settings: { shop: 'harbour-goods.myshopify.com' },
    });
    for (const shop of foreign)
      expect((await add(shop)).json()).toMatchObject({ status: 422, errors: [{ pointer: '/settings/shop' }] });
  });

  it('takes the settings of its kind and no others', async () => {
    const id = idOf(await owner.post('/v1/channels', aShop()));

    const answer = await owner.patch(`/v1/channels/${id}`, { settings: { callbackUrl: 'https://example.com/' } });

    expect(answer.json()).toEqual(
      aProblem(answer, 'invalid_request', {
        detail: 'The request is not acceptable; see errors.',
        errors: [
          { pointer: '/settings/url', detail: 'is missing' },
          { pointer: '/settings/callbackUrl', detail: 'is not a known field' },
        ],
      }),
    );
  });

  it('imports before the payment where the settings say so', async () => {
    const settings = { url: 'http://127.0.0.1:3999/admin-api', importWhen: 'placed' };
    const answer = await owner.post('/v1/channels', aShop(settings));
    const never = await owner.post('/v1/channels', aShop({ ...settings, importWhen: 'never' }));

    expect(answer.json()).toMatchObject({ settings });
    expect(never.json()).toMatchObject({ status: 422, errors: [{ pointer: '/settings/importWhen' }] });
  });

  it('imports from the time that it is given', async () => {
    const settings = { url: 'http://127.0.0.1:3999/admin-api', importFrom: '2026-01-31T12:00:00+01:00' };
    const answer = await owner.post('/v1/channels', aShop(settings));
    const late = await owner.post('/v1/channels', aShop({ ...settings, importFrom: 'in spring' }));

    expect(answer.json()).toMatchObject({ settings });
    expect(late.json()).toMatchObject({ status: 422, errors: [{ pointer: '/settings/importFrom' }] });
  });

  it('gets a new address only with its credentials', async () => {
    const id = idOf(await owner.post('/v1/channels', aShop()));
    const settings = { url: 'http://127.0.0.1:3999/other' };

    const alone = await owner.patch(`/v1/channels/${id}`, { settings });
    const { credentials } = aShop();
    const both = await owner.patch(`/v1/channels/${id}`, { settings, credentials });

    expect(alone.json()).toMatchObject({ status: 422, errors: [{ pointer: '/credentials' }] });
    expect(both.json()).toMatchObject({ settings });
  });

  it.each([
    'http://shop.example.com/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://127.1/',
    'https://0.0.0.0/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://10.1.2.3/',
    'https://169.254.169.254/latest/meta-data',
    'https://localhost/',
    'https://api.localhost/',
    'https://metadata.google.internal/',
    'https://user:pass@shop.example.com/',
    'https://shop.example.com:8443/',
    'http://127.0.0.1:3998/',
    'ftp://127.0.0.1:3999/',
    'file:///etc/passwd',
  ])('is refused at %s', async (url) => {
    const answer = await owner.post('/v1/channels', aShop({ url }));

    expect(answer.json()).toMatchObject({
      code: 'private_address_refused',
      status: 422,
      errors: [{ pointer: '/settings/url' }],
    });
  });

  it('is tried on request, in its own account alone', async () => {
    const id = idOf(await owner.post('/v1/channels', aShop()));

    const checked = await owner.post(`/v1/channels/${id}/check`);

    expect(checked.json()).toEqual({
      missing: [],
      unproven: ['UpdateOrder'],
      locations: [{ id: '1', name: 'Default' }],
      fixes: [],
      problems: [],
    });
    expect((await stranger.post(`/v1/channels/${id}/check`)).statusCode).toBe(404);
  });

  it('is gone once deleted, with its credentials', async () => {
    const id = idOf(await owner.post('/v1/channels', aShop()));
    expect((await stranger.delete(`/v1/channels/${id}`)).statusCode).toBe(404);

    const deleted = await owner.delete(`/v1/channels/${id}`);

    expect({ status: deleted.statusCode, body: deleted.body }).toEqual({ status: 204, body: '' });
    expect((await owner.get(`/v1/channels/${id}`)).statusCode).toBe(404);
    expect((await owner.delete(`/v1/channels/${id}`)).statusCode).toBe(404);
    expect(await credentialsOf(id)).toBeNull();
  });

  it('stays while orders of it are open', async () => {
    const id = idOf(await owner.post('/v1/channels', aShop()));
    await anOpenOrder(id);

    const answer = await owner.delete(`/v1/channels/${id}`);

    expect(answer.json()).toEqual(
      aProblem(answer, 'channel_has_open_orders', { detail: 'Order ord_open and perhaps more are open.' }),
    );
  });
});

describe('an api channel', () => {
  it('keeps the secret of its callback among what is sealed', async () => {
    const callbackSecret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const settings = { callbackUrl: 'http://127.0.0.1:3999/hooks', callbackSecret };

    const answer = await owner.post('/v1/channels', { kind: 'api', name: 'Own', settings });

    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({ settings: { callbackUrl: settings.callbackUrl } });
    expect(answer.body).not.toContain('whsec_');
    expect(await credentialsOf(idOf(answer))).toEqual({ callbackSecret });
  });

  it('needs nothing, but a callback needs its secret', async () => {
    expect((await owner.post('/v1/channels', { kind: 'api', name: 'Own' })).statusCode).toBe(201);

    const settings = { callbackUrl: 'http://127.0.0.1:3999/hooks' };
    const answer = await owner.post('/v1/channels', { kind: 'api', name: 'Own', settings });

    expect(answer.json()).toMatchObject({ errors: [{ pointer: '/settings/callbackSecret' }] });
  });
});

describe('a portal', () => {
  it('names its merchant, and has every task; an api channel has what its callback takes', async () => {
    const supplier = await api.anAccount();
    const { portalId } = await api.aConnection(stranger, supplier);
    const settings = { callbackUrl: 'http://127.0.0.1:3999/hook', callbackSecret: `whsec_${'A'.repeat(32)}` };
    await supplier.post('/v1/channels', { kind: 'api', name: 'Silent' });
    await supplier.post('/v1/channels', { kind: 'api', name: 'Called', settings });

    const { data } = (await supplier.get('/v1/channels')).json<{ data: { id: string; name: string }[] }>();

    const counterpart = { accountId: stranger.accountId, name: 'A merchant' };
    expect(data.find(({ id }) => id === portalId)).toMatchObject({
      isPortal: true,
      counterpart,
      tasks: [...taskTypes],
    });
    expect(data.find(({ name }) => name === 'Silent')).toMatchObject({ isPortal: false, counterpart: null, tasks: [] });
    expect(data.find(({ name }) => name === 'Called')).toMatchObject({ tasks: ['write_inventory'] });
  });

  it('is neither added, given settings nor deleted by hand', async () => {
    const { portalId } = await api.aConnection(stranger, owner);

    const added = await owner.post('/v1/channels', { kind: 'portal', name: 'Portal' });
    const given = await owner.patch(`/v1/channels/${portalId}`, { settings: {} });
    const deleted = await owner.delete(`/v1/channels/${portalId}`);

    expect(added.statusCode).toBe(422);
    expect(given.json()).toEqual(
      aProblem(given, 'channel_is_portal', { detail: 'A portal is changed by its connection.' }),
    );
    expect(deleted.statusCode).toBe(409);
    expect((await owner.patch(`/v1/channels/${portalId}`, { name: 'Acme' })).json()).toMatchObject({ name: 'Acme' });
  });
});

/** The row alone: taking orders in is another module's. */
async function anOpenOrder(channelId: string): Promise<void> {
  await withAccount(api.pool, owner.accountId, (db) =>
    db('orders').insert({
      account_id: owner.accountId,
      id: 'ord_open',
      channel_id: channelId,
      remote_id: '1',
      number: '1',
      status: 'awaiting_fulfillment',
      placed_at: new Date(0),
      currency: 'USD',
      ship_to: '{}',
      content_hash: '-',
    }),
  );
}
