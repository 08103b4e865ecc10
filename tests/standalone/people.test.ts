import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { firstAdminLink, signInLinks } from '../../standalone/people.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { openApi } from '../support/engine/test-api.ts';
import { aBrowser, type Browser } from '../support/trade/people.ts';

const root = resolve(import.meta.dirname, '../..');
const api = forTheFile(() => openApi());
const place = () => ({
  appUrl: api.database.appUrl,
  systemUrl: api.database.systemUrl,
  portal: 'http://127.0.0.1:3000',
});

type SessionJson = {
  user: { email: string; name: string; staff: boolean };
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

it('npm run portal:link says what is wrong', async () => {
  const { status, output } = await portalLink();
  expect([status, output.slice(0, 6)]).toEqual([1, 'Usage:']);
  expect(await portalLink('kim@shop.example', '--role', 'boss')).toEqual({
    status: 1,
    output: '--role must be one of viewer, packer, member, admin.',
  });
  expect(await portalLink('lee@shop.example', '--account', 'acct_unknown')).toEqual({
    status: 1,
    output: 'There is no such account.',
  });
});
