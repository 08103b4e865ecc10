import { expect, it } from '@jest/globals';
import { provisionPerson } from '../../../db/people/provision.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { openApi, type Caller, type TestApi } from '../../support/engine/test-api.ts';
import { aBrowser, asOwner, type Browser } from '../../support/trade/people.ts';

/** Without mail: whoever invites sees the link, and may use it. */
const api = forTheFile(() => openApi());
/** How the mail of the next invitations ends. */
const outcomes: Promise<void>[] = [];
const mailing = forTheFile(() =>
  openApi(undefined, {
    publicUrl: 'http://portals.example',
    mailer: { send: () => outcomes.shift()!, close: () => undefined },
  }),
);

type Issued = { id: string; link: string | null };
const chosen = { name: 'Mallory', password: 'four words of another' };
const invite = async (account: Caller, email: string) =>
  (await account.post('/v1/invitations', { email, kind: 'member', role: 'viewer' })).json<Issued>();

/** Somebody accepts the invitation of an e-mail that is not the own. */
async function stranger({ app }: TestApi, link: string | null): Promise<Browser> {
  const browser = aBrowser(app);
  const token = link!.slice(link!.indexOf('#') + 1);
  const answer = await browser.ask('POST', '/v1/invitations/accept', { body: { token, ...chosen } });
  expect(answer.statusCode).toBe(200);
  return browser;
}

it.each([{ staff: true }, {}])(
  'who chose a password for an e-mail of another gets none of its rights: %j',
  async (more) => {
    const [own, other] = [await api.anAccount(), await api.anAccount()];
    const email = `boss-${'staff' in more}@shop.example`;
    const browser = await stranger(api, (await invite(own, email)).link);
    const memberships = [{ accountId: other.accountId, role: 'admin' as const }];

    await provisionPerson(api.pool, { email, name: 'The boss', memberships, ...more }, new Date());

    expect((await browser.ask('GET', '/v1/orders', { account: other.accountId })).statusCode).toBe(401);
    const again = await aBrowser(api.app).ask('POST', '/v1/session', { body: { email, password: chosen.password } });
    expect(again.json()).toMatchObject({ code: 'sign_in_failed' });
  },
);

it('a link that was shown proves nothing, also where an older one is on its way by mail', async () => {
  const account = await mailing.anAccount();
  const email = 'late@shop.example';
  let arrive = () => {};
  outcomes.push(new Promise((done) => (arrive = done)), Promise.reject(new Error('refused')));

  const first = invite(account, email);
  const second = await (async () => {
    while (outcomes.length > 1) await new Promise(setImmediate);
    return invite(account, email);
  })();
  arrive();
  await first;
  await stranger(mailing, second.link);

  expect(await asOwner(mailing, `select verified_at from users where email = '${email}'`)).toEqual([
    { verified_at: null },
  ]);
});
