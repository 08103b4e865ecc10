import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openApi, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

it('the kinds of shops say what they need: settings, credentials and permissions', async () => {
  const owner = await api.anAccount();

  const answer = await owner.get('/v1/channel-kinds');

  const { data } = answer.json<{ data: { kind: string; credentials: { anyOf?: object[] } }[] }>();
  expect(data.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['vendure', 'api']));
  const vendure = data.find(({ kind }) => kind === 'vendure')!;
  expect(vendure).toMatchObject({
    installs: 'keys',
    takesPosts: false,
    hasLocations: true,
    settings: { type: 'object', required: ['url'], properties: { importWhen: { enum: ['paid', 'placed'] } } },
    webhooks: { made: 'in_shop', signs: 'time' },
  });
  expect(vendure.credentials.anyOf).toMatchObject([{ required: ['username', 'password'] }, { required: ['apiKey'] }]);
  expect(vendure).toHaveProperty(
    'permissions',
    expect.arrayContaining([{ name: 'ReadOrder', why: expect.any(String) }]),
  );
  expect(data.find(({ kind }) => kind === 'api')).toMatchObject({ takesPosts: true, webhooks: null, permissions: [] });
});
