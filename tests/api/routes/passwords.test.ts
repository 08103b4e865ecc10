import { describe, expect, it } from '@jest/globals';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { openApi, type TestApi } from '../../support/engine/test-api.ts';
import { aBrowser, asOwner, signedIn, type Browser } from '../../support/trade/people.ts';

const password = 'four words for this test';
const clock = { at: new Date('2026-05-01T12:00:00.000Z') };
const pass = (ms: number) => void (clock.at = new Date(clock.at.getTime() + ms));
const api = forTheFile(() => openApi(undefined, { now: () => clock.at }));
/** The mail server takes nothing: links are shown. */
const mailing = forTheFile(() =>
  openApi(undefined, {
    publicUrl: 'http://portals.example',
    mailer: { send: () => Promise.reject(new Error('refused')), close: () => undefined },
  }),
);

const codeOf = (answer: { json<T>(): T }) => answer.json<{ code: string }>().code;
const signIn = (browser: Browser, email: string, given = password) =>
  browser.ask('POST', '/v1/session', { body: { email, password: given } });

async function withPassword(): Promise<Browser & { userId: string; email: string }> {
  const person = await signedIn(api);
  expect((await person.ask('PUT', '/v1/session/password', { body: { password } })).statusCode).toBe(204);
  return person;
}

describe('a forgotten password', () => {
  const needed = async (browser: Browser) =>
    (await browser.ask('GET', '/v1/session')).json<{ user: { needsCurrentPassword: boolean } }>().user
      .needsCurrentPassword;
  const change = (browser: Browser, given: string) =>
    browser.ask('PUT', '/v1/session/password', { body: { password: given } });

  it('is replaced within 15 minutes after a link, once, also in a renewed session', async () => {
    const { email, userId } = await withPassword();
    const browser = await signedIn(api, { email });
    expect(await needed(browser)).toBe(false);
    await asOwner(api, `update sessions set renews = true where user_id = '${userId}'`);
    const before = browser.cookie;
    expect(await needed(browser)).toBe(false);
    expect(browser.cookie).not.toBe(before);
    pass(15 * 60_000 - 1);

    expect((await change(browser, 'another four words')).statusCode).toBe(204);

    expect(await needed(browser)).toBe(true);
    expect(codeOf(await change(browser, 'the third four words'))).toBe('invalid_request');
    expect((await signIn(aBrowser(api.app), email, 'another four words')).statusCode).toBe(200);
  });

  it('is not replaced later, nor in a session that a password began', async () => {
    const { email } = await withPassword();
    const [byLink, byPassword] = [await signedIn(api, { email }), aBrowser(api.app)];
    await signIn(byPassword, email);
    expect(await needed(byPassword)).toBe(true);
    expect(codeOf(await change(byPassword, 'another four words'))).toBe('invalid_request');
    pass(15 * 60_000);

    expect(await needed(byLink)).toBe(true);
    expect(codeOf(await change(byLink, 'another four words'))).toBe('invalid_request');
  });
});

describe('the password of a new person', () => {
  const invited = async (of: TestApi) => {
    const account = await of.anAccount();
    const answer = await account.post('/v1/invitations', { email: `kim@${account.accountId}.example`, kind: 'member' });
    const token = answer.json<{ link: string }>().link.split('#')[1]!;
    const browser = aBrowser(of.app);
    const ask = (path: string, body: object) =>
      browser.ask('POST', `/v1/invitations/${path}`, { body: { token, ...body } });
    return { look: () => ask('look', {}), accept: () => ask('accept', { name: 'Kim Park' }) };
  };

  it('is needed where the installation mails no links: otherwise nobody could sign in again', async () => {
    const { look, accept } = await invited(api);

    expect((await look()).json()).toMatchObject({ needsPassword: true });
    expect((await accept()).json()).toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer: '/password', detail: 'is missing' }],
    });
  });

  it('may be left out where a link can be asked for', async () => {
    const { look, accept } = await invited(mailing);

    expect((await look()).json()).toMatchObject({ needsPassword: false });
    expect((await accept()).statusCode).toBe(200);
  });
});

it('a session ends where another person signs in in the same browser', async () => {
  const [kim, lee] = [await withPassword(), await withPassword()];
  const shared = aBrowser(api.app);
  await signIn(shared, kim.email);
  const before = aBrowser(api.app);
  before.cookie = shared.cookie;

  await signIn(shared, lee.email);

  expect((await before.ask('GET', '/v1/session')).statusCode).toBe(401);
  expect((await shared.ask('GET', '/v1/session')).json()).toMatchObject({ user: { email: lee.email } });
  expect((await kim.ask('GET', '/v1/session')).statusCode).toBe(200);
  expect(
    await asOwner(api, `select 1 from audit_events where action = 'session.ended' and subject_id = '${kim.userId}'`),
  ).toHaveLength(1);
});
