import { beforeAll, describe, expect, it } from '@jest/globals';
import { forTheFile } from '../support/engine/for-the-file.ts';
import { openApi, type Caller } from '../support/engine/test-api.ts';
import { anApiChannel, anOrder, aProduct } from '../support/trade/api-orders.ts';

const api = forTheFile(() => openApi());
let owner: Caller;
let channelId: string;
beforeAll(async () => {
  owner = await api.anAccount();
  channelId = await anApiChannel(owner);
  await aProduct(owner, 'MUG');
});

const send = (payload: Buffer) =>
  api.app.inject({
    method: 'POST',
    url: '/v1/products',
    headers: { authorization: `Bearer ${owner.key}`, 'content-type': 'application/json' },
    payload,
  });

type Fault = { pointer: string; detail: string };
type Problem = { code: string; detail: string; errors?: Fault[] };
type Result = { status: string; problem?: Problem };
const faultsOf = (problem: Problem | undefined) =>
  (problem?.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`);

describe('a body that is not UTF-8', () => {
  it.each([
    ['ISO 8859-1', Buffer.from('{"sku":"K\xe4se","name":"K\xe4se"}', 'latin1')],
    ['UTF-16', Buffer.from('{"sku":"KAESE","name":"Käse"}', 'utf16le')],
    ['cut in the middle of a sign', Buffer.from('{"sku":"KAESE","name":"Käse"}').subarray(0, 25)],
  ])('is refused and stores nothing: %s', async (_name, payload) => {
    const answer = await send(payload);

    expect([answer.statusCode, answer.json<Problem>().code]).toEqual([400, 'not_utf8']);
    expect((await owner.get('/v1/products?q=se')).json()).toMatchObject({ data: [] });
  });

  it('may begin with a byte order mark', async () => {
    const payload = Buffer.from('\ufeff{"sku":"CUP","name":"Tasse ☕"}');

    const answer = await send(payload);

    expect(answer.json()).toMatchObject({ sku: 'CUP', name: 'Tasse ☕' });
  });
});

describe('an item of a batch that is not acceptable', () => {
  it.each([
    [
      '/v1/stock/batch',
      [{ sku: 'MUG', physicalOnHand: 4 }, { sku: 'MUG', physicalOnHand: -1 }, { sku: 'MUG' }, 'MUG', null],
      [
        'ok',
        'physicalOnHand must be 0 or more, is -1.',
        'physicalOnHand is missing.',
        'The item must be an object, is MUG.',
        'The item must be an object, is null.',
      ],
    ],
    [
      '/v1/stock/adjustments/batch',
      [
        { sku: 'MUG', adjustBy: 1.5, reason: 'returned' },
        { sku: 'MUG', adjustBy: 1, reason: 'returned' },
      ],
      ['adjustBy must be a whole number, is 1.5.', 'ok'],
    ],
    [
      '/v1/products/batch',
      [
        { sku: 'POT', name: 'Pot', colour: 'red' },
        { sku: 'POT', name: 'Pot' },
      ],
      ['colour is not a known field.', 'ok'],
    ],
  ])('fails alone: %s', async (url, items, expected) => {
    const answer = await owner.post(url, { items }, { 'idempotency-key': url.replaceAll('/', '-') });

    expect(answer.statusCode).toBe(200);
    const { results } = answer.json<{ results: Result[] }>();
    expect(results.map(({ status, problem }) => problem?.detail ?? status)).toEqual(expected);
  });

  it('fails alone among shipments', async () => {
    const order = anOrder(channelId, ['MUG']);
    await owner.post('/v1/orders', order);
    const items = [
      { number: order.number, carrier: 'ups', trackingNumber: 7 },
      { number: order.number, carrier: 'ups', trackingNumber: '1Z999AA10123456784' },
    ];

    const { results } = (await owner.post('/v1/shipments/batch', { items })).json<{ results: Result[] }>();

    expect(results.map(({ status, problem }) => problem?.detail ?? status)).toEqual([
      'trackingNumber must be text, is 7.',
      'ok',
    ]);
  });

  it.each([
    ['no list', { items: 'MUG' }, '/items must be a list, is MUG'],
    ['an empty list', { items: [] }, '/items must have 1 items or more'],
    ['another field', { items: [{ sku: 'MUG', physicalOnHand: 1 }], colour: 1 }, '/colour is not a known field'],
  ])('is a request that fails as a whole where it is %s', async (_name, body, fault) => {
    const answer = await owner.post('/v1/stock/batch', body);

    expect(answer.statusCode).toBe(422);
    expect(faultsOf(answer.json())).toContain(fault);
  });
});

describe('a field', () => {
  it.each([
    [{ placedAt: '01/15/2026' }, '/placedAt must be a date and time such as 2026-01-31T12:00:00Z, is 01/15/2026'],
    [{ placedAt: '' }, '/placedAt must not be empty'],
    [{ currency: 'Euro' }, '/currency must be an ISO 4217 code, such as USD, is Euro'],
    [{ number: null }, '/number is missing'],
    [{ number: 17 }, '/number must be text, is 17'],
    [{ tags: 'gift' }, '/tags must be a list, is gift'],
    [{ shippingMethod: 'x'.repeat(201) }, '/shippingMethod must have 200 characters or less, has 201'],
  ])('is refused in words that name the value: %j', async (change, fault) => {
    const answer = await owner.post('/v1/orders', { ...anOrder(channelId, ['MUG']), ...change });

    expect(answer.statusCode).toBe(422);
    expect(faultsOf(answer.json())).toEqual([fault]);
  });

  it('that is a secret is not repeated in the refusal', async () => {
    const settings = { callbackUrl: 'https://shop.example', callbackSecret: 'canary-of-a-secret' };

    const answer = await owner.post('/v1/channels', { kind: 'api', name: 'Own', settings });

    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain('must be whsec_');
    expect(answer.body).not.toContain('canary');
  });

  it('that is optional counts as absent when it is null or empty', async () => {
    const blank = { shippingMethod: '', notes: null, billTo: null, customer: { name: 'Ada', email: '', phone: null } };

    const answer = await owner.post('/v1/orders', { ...anOrder(channelId, ['MUG']), ...blank });

    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({ shippingMethod: null, customer: { name: 'Ada' } });
    expect(answer.body).not.toContain('email');
  });
});

describe('the country of an address', () => {
  const address = { name: 'Ada Field', address1: '1 Harbour St' };

  it.each([
    [{ city: 'London', postalCode: 'N1 9GU', country: 'UK' }, 'GB'],
    [{ city: 'Berlin', postalCode: '10115', country: 'de' }, 'DE'],
    [{ city: 'Hong Kong', country: 'HK' }, 'HK'],
    [{ postalCode: '018956', country: 'SG' }, 'SG'],
    [{ city: 'Dubai', postalCode: '', country: 'AE' }, 'AE'],
    [{ city: 'Dublin', postalCode: null, country: 'IE' }, 'IE'],
  ])('takes %j', async (place, country) => {
    const answer = await owner.post('/v1/orders', { ...anOrder(channelId, ['MUG']), shipTo: { ...address, ...place } });

    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({ shipTo: { country } });
  });

  it.each([
    [
      { city: 'X', postalCode: '1', country: 'ZZ' },
      '/shipTo/country must be an ISO 3166-1 alpha-2 code, such as US, is ZZ',
    ],
    [
      { city: 'X', postalCode: '1', country: 'Germany' },
      '/shipTo/country must be an ISO 3166-1 alpha-2 code, such as US, is Germany',
    ],
    [{ city: 'Berlin', country: 'DE' }, '/shipTo/postalCode is missing; addresses in DE have it'],
    [{ postalCode: '10115', country: 'DE' }, '/shipTo/city is missing; addresses in DE have it'],
  ])('refuses %j', async (place, fault) => {
    const answer = await owner.post('/v1/orders', { ...anOrder(channelId, ['MUG']), shipTo: { ...address, ...place } });

    expect(answer.statusCode).toBe(422);
    expect(faultsOf(answer.json())).toEqual([fault]);
  });
});
