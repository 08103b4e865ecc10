import { expect, it } from '@jest/globals';
import { newToken } from '../../../db/people/tokens.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { openApi, type TestApi } from '../../support/engine/test-api.ts';
import { aBrowser } from '../../support/trade/people.ts';

const direct = forTheFile(() => openApi());
const proxied = forTheFile(() => openApi(undefined, { trustedProxies: ['10.0.0.0/8'] }));

/** Fifty guesses, then one of `last`. @returns the status of the last */
async function afterFifty(
  { app }: TestApi,
  addressOf: (number: number) => string,
  last = '192.0.2.200',
): Promise<number> {
  const guess = (from: string) =>
    aBrowser(app, { 'x-forwarded-for': from }, '10.0.0.1').ask('POST', '/v1/session/link', {
      body: { token: newToken() },
    });
  await Promise.all(Array.from({ length: 50 }, (_none, index) => guess(addressOf(index))));
  return (await guess(last)).statusCode;
}

it('an address cannot be made up', async () => {
  expect(await afterFifty(direct, (number) => `192.0.2.${number}`)).toBe(429);
});

it('behind a proxy that is named, the address is the one before it', async () => {
  expect(await afterFifty(proxied, () => '192.0.2.7')).toBe(401);
  expect(await afterFifty(proxied, () => '192.0.2.200')).toBe(429);
});

it('the addresses of one IPv6 network count as one, those of two networks and of IPv4 do not', async () => {
  const guess = (network: string) => (number: number) => `${network}${(number + 1).toString(16)}`;
  expect(await afterFifty(proxied, guess('2001:db8:0:1::'), '2001:db8:0:1:ffff::1')).toBe(429);
  expect(await afterFifty(proxied, guess('2001:db8:0:2::'), '2001:db8:0:3::1')).toBe(401);
  expect(await afterFifty(proxied, guess('::ffff:198.51.100.'), '::ffff:203.0.113.1')).toBe(401);
});
