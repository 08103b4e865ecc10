import { expect, it } from '@jest/globals';
import { newToken } from '../../../db/people/tokens.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { openApi, type TestApi } from '../../support/engine/test-api.ts';
import { aBrowser } from '../../support/trade/people.ts';

const direct = forTheFile(() => openApi());
const proxied = forTheFile(() => openApi(undefined, { trustedProxies: ['10.0.0.0/8'] }));

/** Fifty guesses of one address, then one of another. @returns the status of the last */
async function afterFifty({ app }: TestApi, addressOf: (number: number) => string): Promise<number> {
  const guess = (from: string) =>
    aBrowser(app, { 'x-forwarded-for': from }, '10.0.0.1').ask('POST', '/v1/session/link', {
      body: { token: newToken() },
    });
  await Promise.all(Array.from({ length: 50 }, (_none, index) => guess(addressOf(index))));
  return (await guess('192.0.2.200')).statusCode;
}

it('an address cannot be made up', async () => {
  expect(await afterFifty(direct, (number) => `192.0.2.${number}`)).toBe(429);
});

it('behind a proxy that is named, the address is the one before it', async () => {
  expect(await afterFifty(proxied, () => '192.0.2.7')).toBe(401);
  expect(await afterFifty(proxied, () => '192.0.2.200')).toBe(429);
});
