import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ShopEvent } from '../../../activities/channels/kind.ts';
import { shops } from '../../../activities/channels/kinds.ts';
import { insertChannel, readCredentials, replaceCredentials, requireChannel } from '../../../db/channels/channels.ts';
import { listOpenWebhooks } from '../../../db/channels/inbound-webhooks.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { sendRaw } from '../../support/engine/raw-http.ts';
import { anApiChannel } from '../../support/trade/api-orders.ts';
import { aProblem, openApi, withoutRequestId, type Caller, type TestApi } from '../../support/engine/test-api.ts';

const secret = `whsec_${Buffer.from('a secret of twenty-four bytes').toString('base64')}`;
const previous = 'a-plain-secret-of-the-companion';

let api: TestApi;
let merchant: Caller;
let channelId: string;
let url: string;
beforeAll(async () => {
  api = await openApi();
  url = await api.app.listen({ host: '127.0.0.1', port: 0 });
  merchant = await api.anAccount();
  const credentials = { apiKey: 'key', webhookSecret: secret, previousWebhookSecret: previous };
  ({ id: channelId } = await withAccount(api.pool, merchant.accountId, (db) =>
    insertChannel(db, api.sealer, { kind: 'vendure', name: 'Shop', settings: {}, credentials }),
  ));
});
afterAll(() => api.close());

type Message = { body: string; headers: Record<string, string> };

/** As the companion plugin signs it. */
function signed(content: object | string, { key = secret, at = Date.now(), id = `msg_${randomUUID()}` } = {}): Message {
  const body = typeof content === 'string' ? content : JSON.stringify(content);
  const timestamp = String(Math.floor(at / 1000));
  const bytes = key.startsWith('whsec_') ? Buffer.from(key.slice(6), 'base64') : Buffer.from(key);
  const signature = createHmac('sha256', bytes).update(`${id}.${timestamp}.${body}`).digest('base64');
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  return { body, headers: { 'content-type': 'application/json', ...headers } };
}
const send = ({ body, headers }: Message, to = channelId) =>
  api.app.inject({ method: 'POST', url: `/v1/hooks/${to}`, payload: body, headers });
const stored = () =>
  withAccount(api.pool, merchant.accountId, (db) =>
    listOpenWebhooks(db, { channelId, task: 'import_orders', limit: 200 }),
  );
const storedUnder = (deliveryId: string) =>
  withAccount(api.pool, merchant.accountId, (db) =>
    db('inbound_webhooks').where({ delivery_id: deliveryId }).select<{ task: string | null }[]>('task'),
  );
const triggers = () => api.ledger.filter(({ call }) => call === 'triggerSoon');
const placed = (orderId: string) => ({ type: 'order.placed', orderIds: [orderId], timestamp: '2026-11-22T10:00:00Z' });

describe('a signed message', () => {
  it('is stored, answered 202, then worked on', async () => {
    const answer = await send(signed(placed('17')));

    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toEqual({ status: 'accepted' });
    expect((await stored()).at(-1)).toMatchObject({ remoteOrderIds: ['17'] });
    expect(triggers().at(-1)!.args).toEqual([{ channelId, task: 'import_orders' }]);
  });

  it('counts under the secret before as well, while the shop changes over', async () => {
    expect((await send(signed(placed('18'), { key: previous }))).statusCode).toBe(202);
  });

  it('is stored once, however often and at one moment it is delivered', async () => {
    const before = (await stored()).length;
    const message = signed(placed('19'));

    const answers = await Promise.all(Array.from({ length: 20 }, () => send(message)));

    expect(new Set(answers.map((answer) => answer.statusCode))).toEqual(new Set([202]));
    expect(await stored()).toHaveLength(before + 1);
  });

  it('that names nothing to import is accepted and runs nothing', async () => {
    const before = { stored: (await stored()).length, triggers: triggers().length };

    const message = signed({ type: 'stock.updated', variantIds: ['3'] });
    const answers = [await send(message), await send(message)];

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202]);
    expect(await storedUnder(message.headers['webhook-id']!)).toEqual([{ task: null }]);
    expect({ stored: (await stored()).length, triggers: triggers().length }).toEqual(before);
  });

  it('must still be a message', async () => {
    const noJson = await send(signed('not json'));
    const noType = await send(signed({ orderIds: [1] }));

    expect(noJson.json()).toEqual(aProblem(noJson, 'malformed_request', { detail: 'The body is not JSON.' }));
    expect(noType.json()).toMatchObject({ status: 422, errors: [{ pointer: '/type' }, { pointer: '/orderIds/0' }] });
  });
});

describe('a message that is not genuine', () => {
  const minutes = 60_000;
  const withTime =
    (change: (time: string) => string) =>
    ({ body, headers }: Message) => ({
      body,
      headers: { ...headers, 'webhook-timestamp': change(headers['webhook-timestamp']!) },
    });
  const valid = () => signed(placed('20'));
  const changed = (change: (message: Message) => Message) => () => change(valid());
  const forgeries: Record<string, () => Message> = {
    'another secret': () => signed(placed('20'), { key: `whsec_${Buffer.from('other').toString('base64')}` }),
    'one byte changed': changed(({ body, headers }) => ({ headers, body: body.replace('20', '21') })),
    'the same JSON, spaced': changed(({ body, headers }) => ({ headers, body: body.replaceAll(',', ', ') })),
    'no body': changed(({ headers }) => ({ headers, body: '' })),
    'six minutes old': () => signed(placed('20'), { at: Date.now() - 6 * minutes }),
    'from the future': () => signed(placed('20'), { at: Date.now() + 6 * minutes }),
    'another delivery id': changed(({ body, headers }) => ({ body, headers: { ...headers, 'webhook-id': 'msg_2' } })),
    'an empty delivery id': () => signed(placed('20'), { id: '' }),
    'no signature': changed(({ body, headers: { 'webhook-signature': _, ...headers } }) => ({ body, headers })),
    'another version': changed(({ body, headers }) => ({
      body,
      headers: { ...headers, 'webhook-signature': headers['webhook-signature']!.replace('v1,', 'v1a,') },
    })),
    'a time that is none': changed(withTime(() => 'now')),
    'a time with more behind it': changed(withTime((time) => `${time} or so`)),
    'a time with a part of a second': changed(withTime((time) => `${time}.5`)),
  };

  it.each(Object.keys(forgeries))('is refused like an unknown channel and changes nothing: %s', async (name) => {
    const before = await stored();

    const answer = await send(forgeries[name]!());
    const unknown = await send(valid(), 'chan_none');

    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toEqual(
      aProblem(answer, 'signature_invalid', {
        detail: 'The message is not signed with the secret of this channel, or is too old.',
      }),
    );
    expect(withoutRequestId(unknown)).toEqual(withoutRequestId(answer));
    expect(await stored()).toEqual(before);
  });

  it('is every message to a channel that expects none', async () => {
    const silent = await anApiChannel(merchant);

    expect((await send(valid(), silent)).json()).toMatchObject({ status: 401, code: 'signature_invalid' });
  });

  it.each<[string, { to?: string; change?: Record<string, string>; status: number }]>([
    ['without a signature', { change: { 'webhook-signature': 'v1,none' }, status: 401 }],
    ['to no channel', { to: 'chan_none', status: 401 }],
    ['that will be too long', { change: { 'content-length': '300000' }, status: 413 }],
  ])('is refused before its body is there: %s', async (_what, { to = channelId, change = {}, status }) => {
    const { body, headers } = valid();
    const lines = Object.entries({ host: 'api.test', 'content-length': '5000', ...headers, ...change });

    const head = [`POST /v1/hooks/${to} HTTP/1.1`, ...lines.map((line) => line.join(': '))].join('\r\n');

    expect(await sendRaw(url, `${head}\r\n\r\n${body}`)).toMatchObject({ status });
  });
});

describe('a message about the shop itself', () => {
  const description = shops.vendure.webhooks!;
  const original = { ...description };
  const lastRead = { event: null as ShopEvent | null };
  beforeAll(() => {
    // No kind that is there sends one, so the description answers as another kind's would.
    description.read = (...given) => {
      const event = original.read(...given);
      return event && { ...event, tasks: [], event: lastRead.event };
    };
  });
  afterAll(() => {
    Object.assign(description, original);
  });
  const about = (event: ShopEvent, message = signed({ type: 'shop' })) => {
    lastRead.event = event;
    return send(message);
  };
  const channel = () => withAccount(api.pool, merchant.accountId, (db) => requireChannel(db, channelId));
  const credentials = () =>
    withAccount(api.pool, merchant.accountId, (db) => readCredentials(db, api.sealer, channelId));

  it('is answered and not stored when it only asks whether we answer', async () => {
    const message = signed({ type: 'shop' });

    expect((await about('ping', message)).statusCode).toBe(200);

    expect(await storedUnder(message.headers['webhook-id']!)).toEqual([]);
  });

  it('ends our access when we are uninstalled, but not again when the message comes again', async () => {
    const before = await credentials();
    const message = signed({ type: 'shop' });

    expect((await about('uninstalled', message)).statusCode).toBe(202);
    expect(await channel()).toMatchObject({ health: { status: 'unauthorized', code: 'channel_unauthorized' } });
    expect(await credentials()).toBeNull();
    expect((await about('uninstalled', message)).statusCode).toBe(401);

    await withAccount(api.pool, merchant.accountId, (db) =>
      replaceCredentials(db, { sealer: api.sealer, id: channelId, credentials: before }),
    );
    expect((await about('uninstalled', message)).statusCode).toBe(202);
    expect(await channel()).toMatchObject({ health: { status: 'ok' } });
    expect(await credentials()).toEqual(before);
  });
});

describe('the secret of a shop', () => {
  const url = 'https://shop.example';
  const shopWith = (secrets: object) =>
    merchant.post('/v1/channels', {
      kind: 'vendure',
      name: 'Shop',
      settings: { url },
      credentials: { apiKey: 'key', ...secrets },
    });
  const bytes = (count: number) => `whsec_${Buffer.alloc(count, 7).toString('base64')}`;

  it.each([bytes(23), 'whsec_', 'whsec_~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~', 'x'.repeat(23)])(
    'is refused where it can be guessed, and not shown: %s',
    async (secret) => {
      for (const name of ['webhookSecret', 'previousWebhookSecret']) {
        const answer = await shopWith({ [name]: secret });

        const detail = 'must be whsec_ and at least 24 bytes in base64, or at least 24 characters';
        expect(answer.json()).toMatchObject({ status: 422, errors: [{ pointer: `/credentials/${name}`, detail }] });
      }
    },
  );

  it('has 24 bytes or more', async () => {
    for (const secret of [bytes(24), 'x'.repeat(24)])
      expect((await shopWith({ webhookSecret: secret })).json<{ code?: string }>().code).not.toBe('invalid_request');
  });
});

describe('a WooCommerce shop', () => {
  it('has its unsigned try answered and not stored, and both of two messages with one delivery id', async () => {
    const credentials = { consumerKey: `ck_${'0'.repeat(40)}`, consumerSecret: `cs_${'0'.repeat(40)}` };
    const settings = { url: 'https://shop.example' };
    const { id } = await withAccount(api.pool, merchant.accountId, (db) =>
      insertChannel(db, api.sealer, { kind: 'woocommerce', name: 'Woo', settings, credentials }),
    );
    const post = (body: string, headers: Record<string, string>) => send({ body, headers }, id);
    const aMessage = (body: string, key = credentials.consumerSecret) =>
      post(body, {
        'content-type': 'application/json',
        'x-wc-webhook-topic': 'order.updated',
        'x-wc-webhook-delivery-id': 'one-of-this-second',
        'x-wc-webhook-signature': createHmac('sha256', key).update(body).digest('base64'),
      });

    const tried = await post('webhook_id=7', { 'content-type': 'application/x-www-form-urlencoded' });
    const both = [await aMessage('{"id":17,"status":"pending"}'), await aMessage('{"id":17,"status":"processing"}')];
    const again = await aMessage('{"id":17,"status":"processing"}');
    const forged = await aMessage('{"id":18}', 'cs_another');

    const rows = await withAccount(api.pool, merchant.accountId, (db) =>
      listOpenWebhooks(db, { channelId: id, task: 'import_orders', limit: 200 }),
    );
    expect(tried.statusCode).toBe(200);
    expect([...both, again].map(({ statusCode }) => statusCode)).toEqual([202, 202, 202]);
    expect(forged.json()).toMatchObject({ code: 'signature_invalid' });
    expect(rows.map(({ remoteOrderIds }) => remoteOrderIds)).toEqual([['17'], ['17']]);
  });
});
