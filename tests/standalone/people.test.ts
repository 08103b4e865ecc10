import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { firstAdminLink, signInLinks } from '../../standalone/people.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { openApi } from '../support/engine/test-api.ts';
import { aBrowser, asOwner, type Browser } from '../support/trade/people.ts';

const root = resolve(import.meta.dirname, '../..');
const api = forTheFile(() => openApi());
const place = () => ({
  appUrl: api.database.appUrl,
  systemUrl: api.database.systemUrl,
  portal: 'http://127.0.0.1:3000',
});

type SessionJson = {
  user: { id: string; email: string; name: string; staff: boolean };
  accounts: { id: string; name: string; role: string }[];
};
const follow = async (link: string, browser: Browser = aBrowser(api.app)): Promise<SessionJson> => {
  const token = /\/portal\/link#([\w-]{43})(?:&to=\S+)?$/.exec(link)![1]!;
  return (await browser.ask('POST', '/v1/session/link', { body: { token } })).json<SessionJson>();
};

async function portalLink(...words: string[]): Promise<{ status: number; output: string }> {
  const child = spawn(process.execPath, ['standalone/run.mjs', 'standalone/portal-link.ts', ...words], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: api.database.appUrl,
      DATABASE_SYSTEM_URL: api.database.systemUrl,
      PUBLIC_URL: 'https://portals.example',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [status] = (await once(child, 'close')) as [number];
  return { status, output: output.trim() };
}

it('the first start makes an admin with a company, once; the link comes until somebody has signed in', async () => {
  const [first, second] = [await firstAdminLink(place()), await firstAdminLink(place())];

  const { user, accounts } = await follow(second!);
  expect(user).toMatchObject({ email: 'admin@localhost', staff: true });
  expect(accounts).toEqual([expect.objectContaining({ name: 'My company', role: 'admin' })]);
  expect(await firstAdminLink(place())).toBeNull();
  expect((await follow(first!)).accounts).toEqual(accounts);
});

it('the links of one person sign in one after the other in the same browser, each to its page', async () => {
  const [merchant, supplier] = [await api.anAccount(), await api.anAccount()];
  const memberships = [merchant, supplier].map(({ accountId }) => ({ accountId, role: 'admin' as const }));
  const pages = [merchant, supplier].map(({ accountId }) => `/portal/${accountId}/orders`);
  const person = { email: 'Dana@demo.example', name: 'Dana Whitfield', memberships };

  const links = await signInLinks(place(), person, pages);

  expect(links.map((link) => link.split('&to=')[1])).toEqual(pages);
  const browser = aBrowser(api.app);
  for (const link of links) expect((await follow(link, browser)).user.email).toBe('dana@demo.example');
  for (const { accountId } of [merchant, supplier])
    expect((await browser.ask('GET', '/v1/orders', { account: accountId })).statusCode).toBe(200);
});

it('npm run portal:link makes a member and prints a link', async () => {
  const { accountId } = await api.anAccount();

  const { status, output } = await portalLink('kim@shop.example', '--account', accountId, '--role', 'packer', '--name', 'Kim Park'); // prettier-ignore

  expect(output).toMatch(/^https:\/\/portals\.example\/portal\/link#\S+$/);
  expect(status).toBe(0);
  expect(await follow(output)).toMatchObject({
    user: { name: 'Kim Park', staff: false },
    accounts: [{ id: accountId, role: 'packer' }],
  });
  const again = await portalLink('kim@shop.example', '--staff');
  expect(await follow(again.output)).toMatchObject({
    user: { name: 'Kim Park', staff: true },
    accounts: [{ id: accountId }],
  });
});

it('npm run portal:link takes staff back, and disables and enables a person; each is an audit row', async () => {
  const account = await api.anAccount();
  const email = 'sam@shop.example';
  const inAccount = ['--account', account.accountId];
  const first = await portalLink('Sam@Shop.example', ...inAccount, '--role', 'admin', '--staff');
  const browser = aBrowser(api.app);
  const { user } = await follow(first.output, browser);
  const unused = await portalLink(email, '--no-staff', ...inAccount, '--role', 'admin');
  expect((await browser.ask('GET', '/v1/session')).statusCode).toBe(401);
  const demoted = await portalLink(email);
  expect(await follow(demoted.output, browser)).toMatchObject({ user: { email, staff: false } });
  const invited = { body: { email: 'friend@shop.example', kind: 'member', role: 'admin' }, account: account.accountId };
  expect((await browser.ask('POST', '/v1/invitations', invited)).statusCode).toBe(201);

  expect(await portalLink(email, '--disable')).toEqual({ status: 0, output: 'sam@shop.example is disabled.' });

  expect((await browser.ask('GET', '/v1/session')).statusCode).toBe(401);
  expect((await account.get('/v1/invitations')).json()).toMatchObject({ data: [{ status: 'withdrawn' }] });
  expect(await portalLink(email)).toEqual({
    status: 1,
    output: 'sam@shop.example is disabled. Use --enable first.',
  });
  expect(await portalLink(email, '--enable')).toEqual({ status: 0, output: 'sam@shop.example is enabled.' });
  // What was there before stays ended.
  expect(await follow(unused.output)).toMatchObject({ code: 'link_invalid' });
  expect((await browser.ask('GET', '/v1/session')).statusCode).toBe(401);
  expect(await follow((await portalLink(email)).output)).toMatchObject({ accounts: [{ id: account.accountId }] });

  const rows = await asOwner(
    api,
    `select action, before, after from audit_events
     where actor_kind = 'system' and actor_id = 'command-line' and subject_id = '${user.id}' order by occurred_at, action desc`,
  );
  expect(rows).toEqual([
    { action: 'user.created', before: null, after: null },
    { action: 'user.changed', before: { staff: false }, after: { staff: true } },
    { action: 'member.joined', before: null, after: { role: 'admin' } },
    { action: 'user.changed', before: { staff: true }, after: { staff: false } },
    { action: 'user.disabled', before: null, after: null },
    { action: 'user.enabled', before: null, after: null },
  ]);
});

it('npm run portal:link lowers a role, but not that of the last admin', async () => {
  const { accountId } = await api.anAccount();
  const as = (name: string, role: string) => portalLink(`${name}@two.example`, '--account', accountId, '--role', role);
  await as('one', 'admin');
  await as('two', 'admin');

  const lowered = await as('one', 'viewer');

  expect(await follow(lowered.output)).toMatchObject({ accounts: [{ role: 'viewer' }] });
  expect(await as('two', 'viewer')).toEqual({
    status: 1,
    output: 'The account has no other admin. Make another person admin first.',
  });
  const rows = await asOwner(api, `select before, after from audit_events where action = 'member.changed' and account_id = '${accountId}'`); // prettier-ignore
  expect(rows).toEqual([{ before: { role: 'admin' }, after: { role: 'viewer' } }]);
});

it('npm run portal:link says what is wrong', async () => {
  const { status, output } = await portalLink();
  expect([status, output.slice(0, 6)]).toEqual([1, 'Usage:']);
  for (const words of [['no address'], ['a@b.example, c@d.example'], ['kim@shop.example', '--staff', '--no-staff']])
    expect((await portalLink(...words)).output.slice(0, 6)).toBe('Usage:');
  expect(await portalLink('kim@shop.example', '--role', 'viewer')).toEqual({
    status: 1,
    output: '--role needs --account.',
  });
  expect(await portalLink('nobody@shop.example', '--disable')).toEqual({
    status: 1,
    output: 'There is no person with the e-mail nobody@shop.example.',
  });
  expect(await portalLink('kim@shop.example', '--account', 'acct_unknown', '--role', 'boss')).toEqual({
    status: 1,
    output: '--role must be one of viewer, packer, member, admin.',
  });
  expect(await portalLink('lee@shop.example', '--account', 'acct_unknown')).toEqual({
    status: 1,
    output: 'There is no such account.',
  });
});
