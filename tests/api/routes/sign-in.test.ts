import { Writable } from 'node:stream';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createMailer } from '../../../api/people/mailer.ts';
import { createPasswords } from '../../../api/people/passwords.ts';
import { printedLink, provisionPerson } from '../../../db/people/provision.ts';
import { newToken } from '../../../db/people/tokens.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { openApi, type Caller } from '../../support/engine/test-api.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { startMailServer } from '../../support/fakes/mail-server.ts';
import { aBrowser, asOwner, signedIn, type Browser } from '../../support/trade/people.ts';

const day = 86_400_000;
const password = 'four words for this test';

/** The time of the service. */
const clock = { at: new Date('2026-05-01T12:00:00.000Z') };
const pass = (ms: number) => void (clock.at = new Date(clock.at.getTime() + ms));
let verifications = 0;
const logged: string[] = [];
const log = new Writable({
  write: (chunk, _encoding, done) => {
    logged.push(String(chunk));
    done();
  },
});

const mail = forTheFile(startMailServer);
const api = forTheFile(() => {
  const passwords = createPasswords();
  const counting: typeof passwords = {
    hash: (given) => passwords.hash(given),
    verify: (hash, given) => {
      verifications += 1;
      return passwords.verify(hash, given);
    },
  };
  return openApi(undefined, {
    now: () => clock.at,
    passwords: counting,
    logger: pino({ level: 'trace' }, log),
    mailer: createMailer({ url: mail.url, from: 'Portals <portals@example.com>' }),
    publicUrl: 'http://portals.example',
  });
});

let address = 0;
/** Each test is at an address of its own: failures count by address. */
function aVisitor(headers: Record<string, string> = {}): Browser {
  return aBrowser(api.app, headers, `10.1.${address >> 8}.${address & 255}`);
}
beforeEach(() => void (address += 1));

const codeOf = (answer: { json<T>(): T }) => answer.json<{ code: string }>().code;
const signIn = (browser: Browser, email: string, given = password) =>
  browser.ask('POST', '/v1/session', { body: { email, password: given } });

/** A person with a password. */
async function withPassword(account?: Caller): Promise<Browser & { userId: string; email: string }> {
  const memberships = account ? [{ accountId: account.accountId, role: 'admin' as const }] : [];
  const person = await signedIn(api, { memberships });
  const answer = await person.ask('PUT', '/v1/session/password', { body: { password } });
  expect(answer.statusCode).toBe(204);
  return person;
}

async function aLink(): Promise<string> {
  const email = `link-${newToken().slice(0, 8).toLowerCase()}@shop.example`;
  const userId = await provisionPerson(api.pool, { email, name: 'Kim', memberships: [] }, clock.at);
  return printedLink(api.pool, userId, clock.at);
}

describe('a password', () => {
  it('signs in, with a cookie that scripts cannot read, and opens the accounts of the person only', async () => {
    const [own, other] = [await api.anAccount(), await api.anAccount()];
    const { email } = await withPassword(own);
    const browser = aVisitor();

    const answer = await signIn(browser, email.toUpperCase());

    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      user: { name: 'Kim Park', email, staff: false, hasPassword: true },
      accounts: [{ id: own.accountId, role: 'admin', scopes: ['read', 'ship', 'write', 'admin'], sells: false }],
    });
    expect(answer.cookies).toEqual([
      expect.objectContaining({ name: 'vp_session', httpOnly: true, sameSite: 'Lax', path: '/' }),
    ]);
    const me = await browser.ask('GET', '/v1/me', { account: own.accountId });
    expect(me.json()).toMatchObject({ account: { id: own.accountId }, key: null, user: { email, role: 'admin' } });
    const foreign = await browser.ask('GET', '/v1/me', { account: other.accountId });
    const unknown = await browser.ask('GET', '/v1/me', { account: 'acct_unknown' });
    expect([foreign.statusCode, codeOf(foreign)]).toEqual([404, 'account_not_found']);
    expect({ ...foreign.json<object>(), instance: '' }).toEqual({ ...unknown.json<object>(), instance: '' });
  });

  it('has a cookie that only https sends where the portal is public', async () => {
    const { email } = await withPassword();

    const answer = await signIn(aVisitor({ host: 'portals.example', origin: 'http://portals.example' }), email);

    expect(answer.cookies).toEqual([
      expect.objectContaining({ name: '__Host-vp_session', secure: true, httpOnly: true, sameSite: 'Lax', path: '/' }),
    ]);
    expect(answer.cookies[0]).not.toHaveProperty('domain');
  });

  it('that is wrong and an e-mail that is unknown look alike, and cost one verification each', async () => {
    const { email } = await withPassword();
    const browser = aVisitor();

    verifications = 0;
    const wrong = await signIn(browser, email, 'not the four words');
    const ofWrong = verifications;
    const unknown = await signIn(browser, 'nobody@shop.example');

    expect([ofWrong, verifications]).toEqual([1, 2]);
    expect([wrong.statusCode, codeOf(wrong)]).toEqual([401, 'sign_in_failed']);
    expect({ ...wrong.json<object>(), instance: '' }).toEqual({ ...unknown.json<object>(), instance: '' });
    expect(browser.cookie).toBeUndefined();
  });

  it('is not tried more than ten times within a quarter of an hour, also at once', async () => {
    const { email } = await withPassword();
    const tries = await Promise.all(Array.from({ length: 14 }, () => signIn(aVisitor(), email, 'a wrong password')));

    expect(tries.filter(({ statusCode }) => statusCode === 401)).toHaveLength(10);
    const refused = tries.filter(({ statusCode }) => statusCode === 429);
    expect(refused.map(codeOf)).toEqual(Array(4).fill('too_many_attempts'));
    expect(refused.map(({ headers }) => headers['retry-after'])).toEqual(Array(4).fill('900'));

    pass(5 * 60_000);
    const right = await signIn(aVisitor(), email);
    expect([right.statusCode, right.headers['retry-after']]).toEqual([429, '600']);
    pass(10 * 60_000 + 1);
    expect((await signIn(aVisitor(), email)).statusCode).toBe(200);
  });

  it('that is right does not count', async () => {
    const { email } = await withPassword();
    for (let count = 0; count < 12; count += 1) expect((await signIn(aVisitor(), email)).statusCode).toBe(200);
  });

  it('of a disabled person does not sign in, and the sessions end', async () => {
    const person = await withPassword();
    await asOwner(api, `update users set disabled_at = now() where id = '${person.userId}'`);

    expect((await person.ask('GET', '/v1/session')).statusCode).toBe(401);
    expect(codeOf(await signIn(aVisitor(), person.email))).toBe('sign_in_failed');
  });
});

describe('a session', () => {
  it('has a new token, whatever cookie the browser had before', async () => {
    const { email } = await withPassword();
    const planted = newToken();
    const browser = aVisitor();
    browser.cookie = planted;

    await signIn(browser, email);

    expect(browser.cookie).not.toBe(planted);
    const attacker = aBrowser(api.app);
    attacker.cookie = planted;
    expect((await attacker.ask('GET', '/v1/session')).statusCode).toBe(401);
  });

  it('is replaced by a second sign-in of the same person: the first token works for another minute', async () => {
    const { email } = await withPassword();
    const browser = aVisitor();
    await signIn(browser, email);
    const before = aBrowser(api.app);
    before.cookie = browser.cookie;
    await signIn(browser, email);

    expect((await before.ask('GET', '/v1/session')).statusCode).toBe(200);
    pass(60_001);
    expect((await before.ask('GET', '/v1/session')).statusCode).toBe(401);
    expect((await browser.ask('GET', '/v1/session')).statusCode).toBe(200);
  });

  it('does nothing for another site', async () => {
    const account = await api.anAccount();
    const person = await withPassword(account);
    const asks = (headers: Record<string, string>, method: 'GET' | 'POST' = 'POST') =>
      person.ask(method, '/v1/warehouses', {
        account: account.accountId,
        headers,
        ...(method === 'POST' && { body: { name: newToken() } }),
      });

    expect((await asks({})).statusCode).toBe(201);
    const refused = {
      'no origin': await asks({ origin: '' }),
      'another origin': await asks({ origin: 'http://evil.example' }),
      'an origin that is none': await asks({ origin: 'null' }),
      'another port': await asks({ origin: 'http://localhost:3001' }),
      'cross-site': await asks({ 'sec-fetch-site': 'cross-site' }),
      'another subdomain': await asks({ 'sec-fetch-site': 'same-site' }),
      'no account': await asks({ 'x-account-id': '' }),
      'a read that is cross-site': await asks({ 'sec-fetch-site': 'cross-site' }, 'GET'),
      'a read of another origin': await asks({ origin: 'http://evil.example' }, 'GET'),
      'a read without an account': await asks({ 'x-account-id': '' }, 'GET'),
    };

    for (const [how, answer] of Object.entries(refused))
      expect([how, answer.statusCode, codeOf(answer)]).toEqual([how, 401, 'unauthenticated']);
    // Browsers that are old send no Sec-Fetch-Site; a proxy may change the Host, and the public address counts then.
    expect((await asks({ 'sec-fetch-site': '' })).statusCode).toBe(201);
    expect((await asks({ origin: 'http://portals.example' })).statusCode).toBe(201);
  });

  it('is not begun from another site', async () => {
    const { email } = await withPassword();
    const evil = { origin: 'http://evil.example' };
    for (const headers of [evil, { origin: '' }, { 'sec-fetch-site': 'cross-site' }]) {
      expect((await signIn(aVisitor(headers), email)).statusCode).toBe(401);
      const token = await aLink();
      expect(codeOf(await aVisitor(headers).ask('POST', '/v1/session/link', { body: { token } }))).toBe(
        'unauthenticated',
      );
    }
  });

  it('ends after 14 days without use, after 90 in any case, and is written down at most once a minute', async () => {
    const idle = await signedIn(api);
    const busy = await signedIn(api);
    for (let days = 0; days < 90; days += 10) {
      expect((await busy.ask('GET', '/v1/session')).statusCode).toBe(200);
      pass(10 * day);
      if (days <= 10) expect((await idle.ask('GET', '/v1/session')).statusCode).toBe(200);
      if (days === 30) expect((await idle.ask('GET', '/v1/session')).statusCode).toBe(401);
    }
    expect((await busy.ask('GET', '/v1/session')).statusCode).toBe(401);

    const person = await signedIn(api);
    const seen = async () => (await asOwner(api, `select seen_at from sessions where user_id = '${person.userId}'`))[0];
    const first = await seen();
    pass(59_000);
    await person.ask('GET', '/v1/session');
    expect(await seen()).toEqual(first);
    pass(1_000);
    await person.ask('GET', '/v1/session');
    expect(await seen()).toEqual({ seen_at: clock.at });
  });

  it('of staff ends after 12 hours', async () => {
    const staff = await signedIn(api, { staff: true });

    pass(12 * 3_600_000 - 1);
    expect((await staff.ask('GET', '/v1/session')).statusCode).toBe(200);
    pass(1);
    expect((await staff.ask('GET', '/v1/session')).statusCode).toBe(401);
  });
});

describe('a link', () => {
  it('works once', async () => {
    const token = await aLink();
    const use = () => aVisitor().ask('POST', '/v1/session/link', { body: { token } });

    expect((await use()).statusCode).toBe(200);
    const second = await use();
    expect([second.statusCode, codeOf(second)]).toEqual([401, 'link_invalid']);
  });

  it('works once also where it is used at once', async () => {
    const token = await aLink();

    const uses = await Promise.all(
      Array.from({ length: 6 }, () => aVisitor().ask('POST', '/v1/session/link', { body: { token } })),
    );

    expect(uses.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401, 401, 401, 401, 401]);
  });

  it('that is too old works no more', async () => {
    const token = await aLink();
    pass(day);

    expect(codeOf(await aVisitor().ask('POST', '/v1/session/link', { body: { token } }))).toBe('link_invalid');
  });

  it('is not guessed: an address has fifty tries', async () => {
    const browser = aVisitor();
    const guess = () => browser.ask('POST', '/v1/session/link', { body: { token: newToken() } });
    for (let count = 0; count < 50; count += 1) expect((await guess()).statusCode).toBe(401);

    const refused = await guess();
    expect([refused.statusCode, codeOf(refused)]).toEqual([429, 'too_many_attempts']);
    const look = await browser.ask('POST', '/v1/invitations/look', { body: { token: newToken() } });
    expect(look.statusCode).toBe(429);
    expect((await signIn(browser, 'anybody@shop.example')).statusCode).toBe(429);
    address += 1;
    const elsewhere = aVisitor();
    expect((await elsewhere.ask('POST', '/v1/session/link', { body: { token: newToken() } })).statusCode).toBe(401);
  });
});

describe('a mailed link', () => {
  const ask = (email: string) => aVisitor().ask('POST', '/v1/session/links', { body: { email } });
  const mailsTo = (email: string) => mail.ledger.filter(({ to }) => to.includes(email));
  const tokenIn = (text: string) => /http:\/\/portals\.example\/portal\/link#([\w-]+)/.exec(text)?.[1];

  it('signs in, and its answer does not show whether the e-mail is known', async () => {
    const { email } = await withPassword();

    const [known, unknown] = [await ask(email), await ask('nobody@shop.example')];

    expect([known.statusCode, known.body]).toEqual([202, unknown.body]);
    expect(unknown.statusCode).toBe(202);
    await waitUntil(() => mailsTo(email).length === 1);
    expect(mailsTo('nobody@shop.example')).toEqual([]);
    const [letter] = mailsTo(email);
    expect(letter).toMatchObject({
      from: 'portals@example.com',
      to: [email],
      headers: { subject: 'Your sign-in link' },
    });
    const answer = await aVisitor().ask('POST', '/v1/session/link', { body: { token: tokenIn(letter!.text)! } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ user: { email, hasPassword: true } });
  });

  it('works for 15 minutes, and is sent three times within 15', async () => {
    const { email } = await signedIn(api);
    for (let count = 0; count < 5; count += 1) expect((await ask(email)).statusCode).toBe(202);

    await waitUntil(() => mailsTo(email).length === 3);
    pass(15 * 60_000);
    const token = tokenIn(mailsTo(email)[0]!.text)!;
    expect(codeOf(await aVisitor().ask('POST', '/v1/session/link', { body: { token } }))).toBe('link_invalid');
    await ask(email);
    await waitUntil(() => mailsTo(email).length === 4);
  });

  it('goes to one address, whatever the e-mail is', async () => {
    for (const email of ['a@b.example, c@d.example', 'a@b.example\r\nBcc: c@d.example', 'no address', '"x"@y.example'])
      expect([email, (await ask(email)).statusCode]).toEqual([email, 422]);
  });
});

it('no token, password or e-mail is in the log', async () => {
  const { email } = await withPassword();
  const browser = aVisitor();
  await signIn(browser, email);
  await signIn(browser, email, 'a wrong password, too');
  const token = await aLink();
  await browser.ask('POST', '/v1/session/link', { body: { token } });
  await browser.ask('POST', '/v1/session/link', { body: { token, more: 1 } });

  const text = logged.join('');
  expect(text).toContain('/v1/session/link');
  for (const secret of [password, 'a wrong password, too', token, browser.cookie!, email])
    expect([secret, text.includes(secret)]).toEqual([secret, false]);
});
