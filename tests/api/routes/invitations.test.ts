import { describe, expect, it } from '@jest/globals';
import { createMailer } from '../../../api/people/mailer.ts';
import { newToken } from '../../../db/people/tokens.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { openApi, type Caller } from '../../support/engine/test-api.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { startMailServer } from '../../support/fakes/mail-server.ts';
import { aBrowser, asOwner, signedIn, type Browser } from '../../support/trade/people.ts';

const clock = { at: new Date('2026-05-01T12:00:00.000Z') };
const pass = (ms: number) => void (clock.at = new Date(clock.at.getTime() + ms));
const mail = forTheFile(startMailServer);
/** Without mail: links are shown. */
const api = forTheFile(() => openApi(undefined, { now: () => clock.at }));
/** Temporal is away. */
const alone = forTheFile(() => openApi(() => ({ setUpConnection: () => Promise.reject(new Error('away')) })));
const mailing = forTheFile(() =>
  openApi(undefined, {
    now: () => clock.at,
    mailer: createMailer({ url: mail.url, from: 'portals@example.com' }),
    publicUrl: 'http://portals.example',
  }),
);

type Issued = { id: string; link: string | null; sentByMail: boolean; status: string };
type SessionJson = {
  user: { id: string; email: string };
  accounts: { id: string; name: string; role: string; sells: boolean; supplies: boolean }[];
};
const codeOf = (answer: { json<T>(): T }) => answer.json<{ code: string }>().code;
const tokenOf = (link: string) => link.slice(link.indexOf('#') + 1);
const anEmail = () => `kim-${newToken().slice(0, 8).toLowerCase().replaceAll('_', 'x')}@shop.example`;
const invite = async (account: Caller, body: object) => (await account.post('/v1/invitations', body)).json<Issued>();
const tokenFor = async (account: Caller, body: object) => tokenOf((await invite(account, body)).link!);
const accept = (browser: Browser, body: object) => browser.ask('POST', '/v1/invitations/accept', { body });
const look = (browser: Browser, token: string) => browser.ask('POST', '/v1/invitations/look', { body: { token } });
const kim = { name: 'Kim Park', password: 'four words for kim' };
const statusesOf = async (account: Caller) =>
  (await account.get('/v1/invitations')).json<{ data: Issued[] }>().data.map(({ status }) => status);

describe('a colleague', () => {
  it('is invited by a link, chooses a password, and is a member with that role', async () => {
    const account = await api.anAccount();
    const email = anEmail();

    const issued = await invite(account, { email: email.toUpperCase(), kind: 'member', role: 'packer' });

    expect(issued).toMatchObject({ kind: 'member', email, role: 'packer', status: 'pending', sentByMail: false });
    const token = tokenOf(issued.link!);
    const browser = aBrowser(api.app);
    expect((await look(browser, token)).json()).toEqual({
      ...{
        kind: 'member',
        email,
        role: 'packer',
        accountName: 'A company',
        isKnown: false,
        needsPassword: true,
        accounts: [],
      },
    });
    const answer = await accept(browser, { token, ...kim });
    expect(answer.json()).toMatchObject({
      user: { name: 'Kim Park', email, hasPassword: true },
      accounts: [{ id: account.accountId, role: 'packer', scopes: ['read', 'ship'] }],
    });
    expect((await browser.ask('GET', '/v1/orders', { account: account.accountId })).statusCode).toBe(200);
    const again = aBrowser(api.app);
    const signIn = await again.ask('POST', '/v1/session', { body: { email, password: kim.password } });
    expect(signIn.statusCode).toBe(200);
    expect(await statusesOf(account)).toEqual(['accepted']);
    expect(codeOf(await account.post('/v1/invitations', { email, kind: 'member' }))).toBe('member_exists');
  });

  it('accepts once, also where it is done at once', async () => {
    const account = await api.anAccount();
    const token = await tokenFor(account, { email: anEmail(), kind: 'member' });

    const answers = await Promise.all([1, 2, 3, 4].map(() => accept(aBrowser(api.app), { token, ...kim })));

    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401, 401, 401]);
    const refused = answers.filter(({ statusCode }) => statusCode === 401).map(codeOf);
    for (const code of refused) expect(['link_invalid', 'sign_in_needed']).toContain(code);
    expect(codeOf(await look(aBrowser(api.app), token))).toBe('link_invalid');
    expect((await account.get('/v1/members')).json<{ data: object[] }>().data).toHaveLength(1);
  });

  it('has one pending invitation: a new one replaces it, a withdrawn or old one does not work', async () => {
    const account = await api.anAccount();
    const email = anEmail();
    const first = await tokenFor(account, { email, kind: 'member', role: 'viewer' });
    const second = await invite(account, { email, kind: 'member', role: 'admin' });
    const browser = aBrowser(api.app);

    expect(codeOf(await look(browser, first))).toBe('link_invalid');
    expect((await look(browser, tokenOf(second.link!))).json()).toMatchObject({ role: 'admin' });
    expect(await statusesOf(account)).toEqual(['pending']);
    expect((await account.delete(`/v1/invitations/${second.id}`)).statusCode).toBe(204);
    expect(codeOf(await accept(browser, { token: tokenOf(second.link!), ...kim }))).toBe('link_invalid');
    expect(await statusesOf(account)).toEqual(['withdrawn']);

    const old = await tokenFor(account, { email, kind: 'member' });
    pass(7 * 86_400_000);
    expect(codeOf(await accept(browser, { token: old, ...kim }))).toBe('link_invalid');
    expect((await statusesOf(account)).sort()).toEqual(['expired', 'withdrawn']);
    expect(browser.cookie).toBeUndefined();
  });

  it('whose e-mail is known is not signed in by the link: the inviting admin has it too', async () => {
    const [own, other] = [await api.anAccount(), await api.anAccount()];
    const victim = await signedIn(api, { memberships: [{ accountId: own.accountId, role: 'admin' }] });
    const token = await tokenFor(other, { email: victim.email, kind: 'member', role: 'viewer' });
    const attacker = aBrowser(api.app);

    expect((await look(attacker, token)).json()).toMatchObject({ isKnown: true, accounts: [] });
    for (const body of [{ token }, { token, name: 'Mallory' }])
      expect(codeOf(await accept(attacker, body))).toBe('sign_in_needed');
    expect(codeOf(await accept(attacker, { token, ...kim }))).toBe('sign_in_failed');
    expect(attacker.cookie).toBeUndefined();

    const { accounts } = (await accept(victim, { token })).json<SessionJson>();
    expect(accounts.map(({ id, role }) => [id, role])).toEqual(
      expect.arrayContaining([
        [own.accountId, 'admin'],
        [other.accountId, 'viewer'],
      ]),
    );
  });

  it('is a person with name and a good password', async () => {
    const token = await tokenFor(await api.anAccount(), { email: anEmail(), kind: 'member' });
    const browser = aBrowser(api.app);

    expect((await accept(browser, { token, password: kim.password })).json()).toMatchObject({
      errors: [{ pointer: '/name', detail: 'is missing' }],
    });
    expect(codeOf(await accept(browser, { token, name: 'Kim', password: 'password1234' }))).toBe(
      'password_not_acceptable',
    );
    expect((await accept(browser, { token, ...kim })).statusCode).toBe(200);
  });
});

describe('another company', () => {
  const active = (merchantAccountId: string, supplierAccountId: string): unknown =>
    expect.objectContaining({ merchantAccountId, supplierAccountId, status: 'active' });

  it.each(['supplier', 'merchant'] as const)(
    'is invited as %s: its account, its admin and an active connection come at once',
    async (kind) => {
      const account = await api.anAccount();
      const token = await tokenFor(account, { email: anEmail(), kind });
      const browser = aBrowser(api.app);

      const session = (await accept(browser, { token, ...kim, accountName: 'Summit Supply' })).json<SessionJson>();

      const [own] = session.accounts;
      expect(own).toMatchObject({
        name: 'Summit Supply',
        role: 'admin',
        supplies: kind === 'supplier',
        sells: kind === 'merchant',
      });
      const connections = (await account.get('/v1/connections')).json<{ data: { id: string }[] }>().data;
      const parties: [string, string] =
        kind === 'supplier' ? [account.accountId, own!.id] : [own!.id, account.accountId];
      expect(connections).toEqual([active(...parties)]);
      expect(api.ledger).toContainEqual({ call: 'setUpConnection', args: [connections[0]!.id] });
      expect((await browser.ask('GET', '/v1/connections', { account: own!.id })).json()).toMatchObject({
        data: connections,
      });
    },
  );

  it('connects an account that its person has already, where the person is admin of it', async () => {
    const [account, own, watched] = [await api.anAccount(), await api.anAccount(), await api.anAccount()];
    const person = await signedIn(api, {
      memberships: [
        { accountId: own.accountId, role: 'admin' },
        { accountId: watched.accountId, role: 'viewer' },
      ],
    });
    const token = await tokenFor(account, { email: person.email, kind: 'supplier' });

    expect((await look(person, token)).json()).toMatchObject({
      isKnown: true,
      accounts: [{ id: own.accountId, name: 'A company' }],
    });
    for (const { accountId } of [watched, await api.anAccount(), account])
      expect(codeOf(await accept(person, { token, accountId }))).toBe('account_not_found');
    expect((await accept(person, { token, accountId: own.accountId })).statusCode).toBe(200);
    expect((await own.get('/v1/connections')).json()).toMatchObject({
      data: [active(account.accountId, own.accountId)],
    });
    expect((await own.get('/v1/members')).json<{ data: object[] }>().data).toHaveLength(1);

    const second = await tokenFor(account, { email: person.email, kind: 'supplier' });
    expect(codeOf(await accept(person, { token: second, accountId: own.accountId }))).toBe('connection_exists');
    // The refusal used nothing up.
    expect((await look(person, second)).statusCode).toBe(200);
  });

  it('cannot be the company that invites', async () => {
    const account = await api.anAccount();
    const person = await signedIn(api, { memberships: [{ accountId: account.accountId, role: 'admin' }] });
    const token = await tokenFor(account, { email: person.email, kind: 'merchant' });

    expect((await look(person, token)).json()).toMatchObject({ accounts: [] });
    expect(codeOf(await accept(person, { token, accountId: account.accountId }))).toBe('connection_with_itself');
  });

  it('is accepted once, also where it is done at once', async () => {
    const account = await api.anAccount();
    const token = await tokenFor(account, { email: anEmail(), kind: 'supplier' });

    const answers = await Promise.all(
      [1, 2, 3].map(() => accept(aBrowser(api.app), { token, ...kim, accountName: 'Twice' })),
    );

    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401, 401]);
    expect((await account.get('/v1/connections')).json<{ data: object[] }>().data).toHaveLength(1);
    expect(await asOwner(api, `select count(*)::int as count from accounts where name = 'Twice'`)).toEqual([
      { count: 1 },
    ]);
  });

  it('is connected once also where a known person accepts several times at once', async () => {
    const account = await api.anAccount();
    const person = await signedIn(api);
    const token = await tokenFor(account, { email: person.email, kind: 'supplier' });
    const tabs = [1, 2, 3].map(() => Object.assign(aBrowser(api.app), { cookie: person.cookie }));

    const answers = await Promise.all(tabs.map((tab, index) => accept(tab, { token, accountName: `Tab ${index}` })));

    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401, 401]);
    expect((await account.get('/v1/connections')).json<{ data: object[] }>().data).toHaveLength(1);
  });

  it('is connected also while Temporal is away: the sweep starts the set-up', async () => {
    const account = await alone.anAccount();
    const token = await tokenFor(account, { email: anEmail(), kind: 'supplier' });

    const answer = await accept(aBrowser(alone.app), { token, ...kim, accountName: 'Summit Supply' });

    expect(answer.statusCode).toBe(200);
    expect((await account.get('/v1/connections')).json()).toMatchObject({
      data: [{ status: 'active', setUpAt: null }],
    });
  });

  it('needs a name for its account', async () => {
    const token = await tokenFor(await api.anAccount(), { email: anEmail(), kind: 'supplier' });

    expect((await accept(aBrowser(api.app), { token, ...kim })).json()).toMatchObject({
      errors: [{ pointer: '/accountName', detail: 'is missing' }],
    });
  });
});

it('an account sees and withdraws its own invitations only', async () => {
  const [account, foreign] = [await api.anAccount(), await api.anAccount()];
  const { id, link } = await invite(account, { email: anEmail(), kind: 'member' });

  expect((await foreign.get('/v1/invitations')).json()).toMatchObject({ data: [] });
  const answer = await foreign.delete(`/v1/invitations/${id}`);
  expect([answer.statusCode, codeOf(answer)]).toEqual([404, 'invitation_not_found']);
  expect((await look(aBrowser(api.app), tokenOf(link!))).statusCode).toBe(200);
});

it('a repeat with the same key invites once, and does not show the link again', async () => {
  const account = await api.anAccount();
  const body = { email: anEmail(), kind: 'member' };
  const send = async () => (await account.post('/v1/invitations', body, { 'idempotency-key': 'once' })).json<Issued>();

  const [first, second] = [await send(), await send()];

  expect(first.link).not.toBeNull();
  expect(second).toEqual({ ...first, link: null });
  expect((await look(aBrowser(api.app), tokenOf(first.link!))).statusCode).toBe(200);
});

it('each step has an audit row, and no row has a token, a password or an e-mail', async () => {
  const account = await api.anAccount();
  const email = anEmail();
  const { link } = await invite(account, { email, kind: 'supplier' });
  const answer = await accept(aBrowser(api.app), { token: tokenOf(link!), ...kim, accountName: 'Summit Supply' });
  const { user, accounts } = answer.json<SessionJson>();

  const rows = await asOwner(
    api,
    `select account_id, action, subject_id, concat(details, before, after) from audit_events where actor_id = '${user.id}' order by 1, 2`,
  );

  const actions = (id: string) => rows.filter(({ account_id }) => account_id === id).map(({ action }) => action);
  expect(actions(account.accountId)).toEqual(['connection.proposed', 'invitation.accepted']);
  expect(actions(accounts[0]!.id)).toEqual(['account.created', 'connection.changed', 'member.joined']);
  expect(actions('people')).toEqual(['session.started']);
  for (const secret of [tokenOf(link!), kim.password, email]) expect(JSON.stringify(rows)).not.toContain(secret);
});

describe('by mail', () => {
  it('an invitation arrives, and its link is not shown', async () => {
    const account = await mailing.anAccount();
    const email = anEmail();

    const issued = await invite(account, { email, kind: 'supplier' });

    expect(issued).toMatchObject({ sentByMail: true, link: null });
    const [letter] = mail.ledger.filter(({ to }) => to.includes(email));
    expect(letter).toMatchObject({ to: [email], headers: { subject: 'A company invites you to Vendor Portals' } });
    const token = /http:\/\/portals\.example\/portal\/invitation#([\w-]+)\n/.exec(letter!.text)![1]!;
    const browser = aBrowser(mailing.app);
    expect((await accept(browser, { token, name: 'Kim', accountName: 'Summit' })).statusCode).toBe(200);
    expect((await account.get('/v1/invitations')).json()).toMatchObject({
      data: [{ sentByMail: true, status: 'accepted' }],
    });
  });

  it('a server that refuses loses nothing: the link is shown then', async () => {
    const account = await mailing.anAccount();
    mail.refuse();
    const issued = await invite(account, { email: anEmail(), kind: 'member' });
    mail.accept();

    expect(issued.sentByMail).toBe(false);
    expect(issued.link).toMatch(/^http:\/\/portals\.example\/portal\/invitation#/);
    expect((await look(aBrowser(mailing.app), tokenOf(issued.link!))).statusCode).toBe(200);
  });

  it('who proves the e-mail takes it over from whoever chose a password for it before', async () => {
    const account = await mailing.anAccount();
    const email = anEmail();
    mail.refuse();
    const { link } = await invite(account, { email, kind: 'member' });
    mail.accept();
    const stranger = aBrowser(mailing.app);
    await accept(stranger, { token: tokenOf(link!), ...kim });

    await aBrowser(mailing.app).ask('POST', '/v1/session/links', { body: { email } });
    const letter = await waitUntil(() =>
      mail.ledger.find(({ to, headers }) => to.includes(email) && headers['subject'] === 'Your sign-in link'),
    );
    const owner = aBrowser(mailing.app);
    const token = /portal\/link#([\w-]+)/.exec(letter.text)![1]!;
    const answer = await owner.ask('POST', '/v1/session/link', { body: { token } });

    expect(answer.json()).toMatchObject({ user: { email, hasPassword: false } });
    expect((await stranger.ask('GET', '/v1/session')).statusCode).toBe(401);
    const tried = await aBrowser(mailing.app).ask('POST', '/v1/session', { body: { email, password: kim.password } });
    expect(codeOf(tried)).toBe('sign_in_failed');
  });
});
