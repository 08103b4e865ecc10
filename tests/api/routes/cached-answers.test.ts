import { expect, it } from '@jest/globals';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { openApi } from '../../support/engine/test-api.ts';
import { signedIn } from '../../support/trade/people.ts';

const api = forTheFile(() => openApi());

it('a browser stores no answer of /v1, but for the counts, which it must check each time', async () => {
  const { accountId } = await api.anAccount();
  const person = await signedIn(api, { memberships: [{ accountId, role: 'admin' }] });
  const cached = async (url: string, account = accountId) =>
    (await person.ask('GET', url, { account })).headers['cache-control'];

  expect(await cached('/v1/orders')).toBe('no-store');
  expect(await cached('/v1/session')).toBe('no-store');
  expect(await cached('/v1/orders', 'acct_unknown')).toBe('no-store');
  expect(await cached('/v1/summary')).toBe('private, no-cache');
});
