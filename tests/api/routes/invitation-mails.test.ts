import { expect, it } from '@jest/globals';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { openApi } from '../../support/engine/test-api.ts';

let sent = 0;
const send = async () => void (sent += 1);
const api = forTheFile(() =>
  openApi(undefined, { publicUrl: 'http://portals.example', mailer: { send, close: () => undefined } }),
);

it('an account cannot mail to everybody: a hundred invitations go within a quarter of an hour', async () => {
  const [account, other] = [await api.anAccount(), await api.anAccount()];
  const invite = (from: typeof account, number: number) =>
    from.post('/v1/invitations', { email: `${number}@shop.example`, kind: 'member' });
  for (let number = 0; number < 100; number += 1) expect((await invite(account, number)).statusCode).toBe(201);

  const refused = await invite(account, 100);

  expect([refused.statusCode, refused.json()]).toEqual([429, expect.objectContaining({ code: 'too_many_attempts' })]);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(sent).toBe(100);
  expect((await invite(other, 100)).statusCode).toBe(201);
});
