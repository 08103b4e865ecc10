import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { faultOf } from '../harness.ts';
import { startShopifyHarness } from './harness.ts';

let harness: Awaited<ReturnType<typeof startShopifyHarness>>;
beforeAll(async () => {
  harness = await startShopifyHarness();
});
afterAll(async () => {
  await harness?.stop();
});

const isGrant = ({ path }: { path: string }) => path.endsWith('/access_token');
const anHour = 3_600_000;

/** The channel's row: one renewal at a time, and none where another was there first. */
function aRow(first: object) {
  const row = { stored: first };
  let last: Promise<unknown> = Promise.resolve();
  const renewCredentials = (used: unknown, next: (stored: unknown) => Promise<unknown>) => {
    const turn = last.then(async () => {
      if (JSON.stringify(row.stored) !== JSON.stringify(used)) return row.stored;
      return (row.stored = (await next(row.stored)) as object);
    });
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    row,
    open: (now?: Date) => harness.open({ credentials: row.stored, renewCredentials, ...(now && { now }) }),
  };
}

function anApp(tokens: object = {}) {
  const { clientId, clientSecret } = harness.shop.state;
  return { clientId, clientSecret, ...tokens };
}

/** As a shop gives them when the app is installed. */
function installed() {
  const { access_token: accessToken, refresh_token: refreshToken } = harness.shop.tokens.pair(
    harness.shop.state.scopes,
  );
  return anApp({ accessToken, refreshToken, expiresAt: new Date(Date.now() + anHour).toISOString() });
}

describe('the token of a Shopify shop', () => {
  it('is got by client credentials, and used for the day that it has', async () => {
    const { row, open } = aRow(anApp());
    const grants = harness.proxy.watch({ matching: isGrant });

    await open().describeAccess();
    await open().describeAccess();
    grants.lift();

    expect(grants.hits()).toBe(1);
    expect(row.stored).toMatchObject({ accessToken: expect.stringMatching(/^shpat_/) as unknown });
  });

  it('is renewed before it ends, once by all workers that find it old', async () => {
    const first = installed();
    const { row, open } = aRow(first);
    const grants = harness.proxy.watch({ matching: isGrant });
    const soon = new Date(Date.now() + anHour - 60_000);

    const access = await Promise.all([open(soon).describeAccess(), open(soon).describeAccess()]);
    grants.lift();

    expect(access.map(({ missing }) => missing)).toEqual([[], []]);
    expect(grants.hits()).toBe(1);
    expect(row.stored).not.toMatchObject({ refreshToken: first.clientId });
    expect((row.stored as { refreshToken: string }).refreshToken).not.toBe(
      (first as { refreshToken?: string }).refreshToken,
    );
  });

  it('is renewed when the answer to the last renewal was lost: the refresh token works once more', async () => {
    const { open } = aRow(installed());
    const late = new Date(Date.now() + anHour);
    harness.proxy.dropAnswers({ times: 1, matching: isGrant });

    const lost = await faultOf(open(late).describeAccess());
    const { missing } = await open(late).describeAccess();

    expect([lost, missing]).toEqual([{ kind: 'unavailable' }, []]);
  });

  it('S3: an answer without expires_in left a token that was never renewed, and the shop was locked out', async () => {
    const { row, open } = aRow(anApp());
    const [now, token] = [new Date(), harness.shop.tokens.issue()];
    const body = JSON.stringify({ access_token: token, scope: 'read_orders' });
    const headers = { 'content-type': 'application/json' };
    harness.proxy.answer({ status: 200, headers, body }, { times: 1, matching: isGrant });

    await open(now).describeAccess();

    expect(row.stored).toMatchObject({ accessToken: token, expiresAt: new Date(now.getTime() + anHour).toISOString() });
  });

  it('is renewed at once when the shop refuses it before its time, and the call is not lost', async () => {
    const credentials = installed() as ReturnType<typeof installed> & { accessToken: string };
    const { open } = aRow(credentials);
    harness.shop.tokens.revoke(credentials.accessToken);

    expect((await open().describeAccess()).missing).toEqual([]);
  });

  it('is gone with the app: the merchant has to install it again', async () => {
    const { open } = aRow(installed());
    harness.shop.tokens.uninstall();
    const wrong = aRow({ ...anApp(), clientSecret: 'shpss_is-another-one-than-the-apps' });

    expect(await faultOf(open().describeAccess())).toEqual({ kind: 'auth_failed' });
    expect(await faultOf(wrong.open().describeAccess())).toEqual({ kind: 'auth_failed' });
  });
});
