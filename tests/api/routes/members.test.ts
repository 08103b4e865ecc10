import { expect, it } from '@jest/globals';
import type { Role } from '../../../domain/people.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { openApi, type Caller } from '../../support/engine/test-api.ts';
import { anOrder, aTrade } from '../../support/trade/api-orders.ts';
import { aBrowser, asOwner, signedIn } from '../../support/trade/people.ts';

const clock = { at: new Date('2026-05-01T12:00:00.000Z') };
const api = forTheFile(() => openApi(undefined, { now: () => clock.at }));
const codeOf = (answer: { json<T>(): T }) => answer.json<{ code: string }>().code;

const aMember = async (account: Caller, role: Role) => {
  const person = await signedIn(api, { memberships: [{ accountId: account.accountId, role }] });
  return Object.assign(person, {
    in: (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: object) =>
      person.ask(method, url, { account: account.accountId, ...(body && { body }) }),
  });
};

it('an admin sees the members, and when each was last there', async () => {
  const account = await api.anAccount();
  const admin = await aMember(account, 'admin');
  const viewer = await aMember(account, 'viewer');
  await aMember(await api.anAccount(), 'admin');

  await viewer.in('GET', '/v1/me');
  const { data } = (await admin.in('GET', '/v1/members')).json<{ data: object[] }>();

  const common = { name: 'Kim Park', joinedAt: clock.at.toISOString() };
  expect(data).toHaveLength(2);
  expect(data).toEqual(
    expect.arrayContaining([
      { ...common, userId: admin.userId, email: admin.email, role: 'admin', lastSeenAt: clock.at.toISOString() },
      { ...common, userId: viewer.userId, email: viewer.email, role: 'viewer', lastSeenAt: clock.at.toISOString() },
    ]),
  );
});

it('a role counts at once, higher or lower, and the session gets a new token', async () => {
  const account = await api.anAccount();
  const admin = await aMember(account, 'admin');
  const kim = await aMember(account, 'member');
  const before = kim.cookie;
  const warehouse = () => kim.in('POST', '/v1/warehouses', { name: `W${Math.random()}` });
  expect((await warehouse()).statusCode).toBe(201);

  const lowered = await admin.in('PATCH', `/v1/members/${kim.userId}`, { role: 'viewer' });

  expect(lowered.json()).toMatchObject({ userId: kim.userId, role: 'viewer' });
  const refused = await warehouse();
  expect([refused.statusCode, refused.json()]).toEqual([
    403,
    expect.objectContaining({ code: 'scope_missing', detail: 'The role needs the scope "write".' }),
  ]);
  expect((await kim.ask('GET', '/v1/session')).json()).toMatchObject({
    accounts: [{ role: 'viewer', scopes: ['read'] }],
  });
  expect(kim.cookie).not.toBe(before);
  const old = aBrowser(api.app);
  old.cookie = before;
  expect((await old.ask('GET', '/v1/session')).statusCode).toBe(200);
  clock.at = new Date(clock.at.getTime() + 60_001);
  expect((await old.ask('GET', '/v1/session')).statusCode).toBe(401);
  expect((await kim.ask('GET', '/v1/session')).statusCode).toBe(200);
});

it('who is removed is refused at once, and may come back', async () => {
  const account = await api.anAccount();
  const admin = await aMember(account, 'admin');
  const kim = await aMember(account, 'admin');
  expect((await kim.in('GET', '/v1/orders')).statusCode).toBe(200);

  expect((await admin.in('DELETE', `/v1/members/${kim.userId}`)).statusCode).toBe(204);

  const refused = await kim.in('GET', '/v1/orders');
  expect([refused.statusCode, codeOf(refused)]).toEqual([404, 'account_not_found']);
  expect((await kim.ask('GET', '/v1/session')).json()).toMatchObject({ accounts: [] });
  expect(codeOf(await admin.in('DELETE', `/v1/members/${kim.userId}`))).toBe('member_not_found');
  const again = await signedIn(api, {
    email: kim.email,
    memberships: [{ accountId: account.accountId, role: 'packer' }],
  });
  expect((await again.ask('GET', '/v1/me', { account: account.accountId })).json()).toMatchObject({
    user: { role: 'packer' },
  });
});

it.each(['DELETE', 'PATCH'] as const)('who is admin no more left no invitation to come back by: %s', async (method) => {
  const account = await api.anAccount();
  const [admin, kim] = [await aMember(account, 'admin'), await aMember(account, 'admin')];
  const inviteBy = async (person: typeof kim, email: string) =>
    (await person.in('POST', '/v1/invitations', { email, kind: 'member', role: 'admin' })).json<{ id: string }>().id;
  const tag = `${account.accountId}@shop.example`.toLowerCase();
  const own = await inviteBy(kim, `own-${tag}`);
  const others = await inviteBy(admin, `others-${tag}`);
  const replaced = await inviteBy(admin, `replaced-${tag}`);
  expect(await inviteBy(kim, `replaced-${tag}`)).toBe(replaced);

  const answer = await admin.in(
    method,
    `/v1/members/${kim.userId}`,
    method === 'PATCH' ? { role: 'viewer' } : undefined,
  );

  expect(answer.statusCode).toBeLessThan(300);
  const { data } = (await admin.in('GET', '/v1/invitations')).json<{ data: { id: string; status: string }[] }>();
  const statuses = new Map(data.map(({ id, status }) => [id, status]));
  expect([own, replaced, others].map((id) => statuses.get(id))).toEqual(['withdrawn', 'withdrawn', 'pending']);
  const rows = await asOwner(api, `select subject_id from audit_events where action = 'invitation.withdrawn' and account_id = '${account.accountId}'`); // prettier-ignore
  expect(rows.map((row) => row['subject_id']).sort()).toEqual([own, replaced].sort());
});

it('the last admin stays admin, also where two remove each other at once', async () => {
  const account = await api.anAccount();
  const [one, other] = [await aMember(account, 'admin'), await aMember(account, 'admin')];

  const both = await Promise.all([
    one.in('DELETE', `/v1/members/${other.userId}`),
    other.in('DELETE', `/v1/members/${one.userId}`),
  ]);

  expect(both.filter(({ statusCode }) => statusCode === 204)).toHaveLength(1);
  const last = both[0].statusCode === 204 ? one : other;
  for (const answer of [
    await last.in('DELETE', `/v1/members/${last.userId}`),
    await last.in('PATCH', `/v1/members/${last.userId}`, { role: 'member' }),
  ])
    expect([answer.statusCode, codeOf(answer)]).toEqual([409, 'last_admin']);
  expect((await last.in('PATCH', `/v1/members/${last.userId}`, { role: 'admin' })).statusCode).toBe(200);
});

it('nobody changes the members of another account', async () => {
  const [account, foreign] = [await api.anAccount(), await api.anAccount()];
  const kim = await aMember(account, 'member');
  const stranger = await aMember(foreign, 'admin');

  for (const answer of [
    await stranger.in('PATCH', `/v1/members/${kim.userId}`, { role: 'admin' }),
    await stranger.in('DELETE', `/v1/members/${kim.userId}`),
  ])
    expect([answer.statusCode, codeOf(answer)]).toEqual([404, 'member_not_found']);
  expect((await stranger.in('GET', '/v1/members')).body).not.toContain(kim.userId);
  expect((await kim.in('GET', '/v1/me')).json()).toMatchObject({ user: { role: 'member' } });
});

it('a packer ships, and does not cancel; the timeline names the packer, also after the packer has left', async () => {
  const trade = await aTrade(api);
  const order = (await trade.merchant.post('/v1/orders', anOrder(trade.channelId))).json<{ id: string }>();
  const packer = await aMember(trade.merchant, 'packer');

  const shipped = await packer.in('POST', `/v1/orders/${order.id}/shipments`, {
    carrier: 'ups',
    trackingNumber: '1Z999AA10123456784',
  });
  const cancelled = await packer.in('POST', `/v1/orders/${order.id}/cancel`, { reason: 'other' });

  expect([shipped.statusCode, cancelled.statusCode, codeOf(cancelled)]).toEqual([201, 403, 'scope_missing']);
  await aMember(trade.merchant, 'admin');
  await trade.merchant.delete(`/v1/members/${packer.userId}`);
  const events = (await trade.merchant.get(`/v1/orders/${order.id}/events`)).json<{
    data: { type: string; actor: object }[];
  }>();
  expect(events.data.filter(({ type }) => type.startsWith('shipment'))).toEqual([
    expect.objectContaining({ actor: { kind: 'account', name: 'Kim Park' } }),
  ]);
});

it('staff act as the operator: they read and resolve, and see no account’s orders', async () => {
  const account = await api.anAccount();
  const staff = await signedIn(api, { staff: true });
  const person = await aMember(account, 'admin');
  const as = (method: 'GET' | 'POST' | 'PATCH', url: string, body?: object) =>
    staff.ask(method, url, { account: 'operator', ...(body && { body }) });

  for (const url of ['/v1/accounts', `/v1/accounts/${account.accountId}`, '/v1/attentions', '/v1/connections'])
    expect([url, (await as('GET', url)).statusCode]).toEqual([url, 200]);
  expect(codeOf(await as('POST', '/v1/attentions/att_unknown/resolve', { action: 'retry', reason: 'other' }))).toBe(
    'attention_not_found',
  );
  const closed = [
    await as('GET', '/v1/orders'),
    await as('GET', '/v1/members'),
    await as('GET', '/v1/keys'),
    await as('POST', '/v1/accounts', { name: 'Another' }),
    await as('POST', '/v1/keys', { accountId: account.accountId, name: 'x' }),
    await as('POST', '/v1/connections', {}),
  ];
  for (const answer of closed) expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'scope_missing']);
  expect((await staff.ask('GET', '/v1/orders', { account: account.accountId })).statusCode).toBe(404);
  const pretender = await person.ask('GET', '/v1/accounts', { account: 'operator' });
  expect([pretender.statusCode, codeOf(pretender)]).toEqual([404, 'account_not_found']);
  for (const pseudo of ['people', '', 'acct_%'])
    expect((await person.ask('GET', '/v1/orders', { account: pseudo })).statusCode).toBeGreaterThanOrEqual(401);
});

it('a new name is the name in each account', async () => {
  const [one, two] = [await api.anAccount(), await api.anAccount()];
  const memberships = [one, two].map(({ accountId }) => ({ accountId, role: 'viewer' as const }));
  const person = await signedIn(api, { memberships });

  const answer = await person.ask('PATCH', '/v1/session/user', { body: { name: 'Kim Lee' } });

  expect(answer.json()).toMatchObject({ user: { name: 'Kim Lee' } });
  for (const account of [one, two])
    expect((await account.get('/v1/members')).json()).toMatchObject({ data: [{ name: 'Kim Lee', role: 'viewer' }] });
});

it('a person sees and ends the own devices, and no other’s', async () => {
  const kim = await signedIn(api);
  const phone = await signedIn(api, { email: kim.email });
  const other = await signedIn(api);
  const list = async () =>
    (await kim.ask('GET', '/v1/session/devices')).json<{ data: { id: string; isCurrent: boolean }[] }>().data;
  const [foreign] = (await other.ask('GET', '/v1/session/devices')).json<{ data: { id: string }[] }>().data;

  const before = await list();
  expect(before).toHaveLength(2);
  expect(before.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
  const answer = await kim.ask('DELETE', `/v1/session/devices/${foreign!.id}`);
  expect([answer.statusCode, codeOf(answer)]).toEqual([404, 'device_not_found']);
  expect((await other.ask('GET', '/v1/session')).statusCode).toBe(200);

  const { id } = before.find(({ isCurrent }) => !isCurrent)!;
  expect((await kim.ask('DELETE', `/v1/session/devices/${id}`)).statusCode).toBe(204);
  expect((await phone.ask('GET', '/v1/session')).statusCode).toBe(401);
  expect(await list()).toHaveLength(1);

  const { cookie } = kim;
  expect((await kim.ask('DELETE', '/v1/session')).statusCode).toBe(204);
  expect(kim.cookie).toBeUndefined();
  kim.cookie = cookie;
  expect((await kim.ask('GET', '/v1/session')).statusCode).toBe(401);
});

it('a new password ends the other sessions, and needs the present one', async () => {
  const kim = await signedIn(api);
  const phone = await signedIn(api, { email: kim.email });
  const change = (body: object) => kim.ask('PUT', '/v1/session/password', { body });

  expect((await change({ password: 'the first four words' })).statusCode).toBe(204);
  expect((await phone.ask('GET', '/v1/session')).statusCode).toBe(401);
  expect((await kim.ask('GET', '/v1/session')).json()).toMatchObject({ user: { hasPassword: true } });

  const next = 'the second four words';
  expect((await change({ password: next })).json()).toMatchObject({
    code: 'invalid_request',
    errors: [{ pointer: '/currentPassword', detail: 'is missing' }],
  });
  expect(codeOf(await change({ password: next, currentPassword: 'not that one' }))).toBe('sign_in_failed');
  expect(codeOf(await change({ password: 'password1234', currentPassword: 'x' }))).toBe('password_not_acceptable');
  expect((await change({ password: next, currentPassword: 'the first four words' })).statusCode).toBe(204);
  const signIn = await aBrowser(api.app).ask('POST', '/v1/session', { body: { email: kim.email, password: next } });
  expect(signIn.statusCode).toBe(200);
});
