import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWooCommerceServer, type WooCommerceServer } from './woocommerce/server.ts';

let server: WooCommerceServer;
let key: { consumerKey: string; consumerSecret: string };
beforeAll(async () => {
  server = await startWooCommerceServer();
  key = server.makeKey();
});
afterAll(async () => {
  await server?.stop();
});

type Given = { method?: string; body?: object; https?: boolean };

async function call(path: string, { method = 'GET', body, https = true }: Given = {}) {
  const authorization = `Basic ${Buffer.from(`${key.consumerKey}:${key.consumerSecret}`).toString('base64')}`;
  const answer = await fetch(`${server.url}/wp-json/wc/v3/${path}`, {
    method,
    headers: { authorization, ...(https && { 'x-forwarded-proto': 'https' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return {
    status: answer.status,
    body: (await answer.json()) as never as Record<string, unknown>,
    headers: answer.headers,
  };
}

const refusal = (code: string | number, status: number) => ({ status, body: { code, data: { status } } });

// Each of these was measured on WooCommerce 11.0.1.
describe('the simulated WooCommerce shop', () => {
  it('refuses a good key by http, with the answer to a bad one', async () => {
    expect(await call('system_status', { https: false })).toMatchObject(refusal('woocommerce_rest_cannot_view', 401));
  });

  it('compares times strictly and by whole seconds', async () => {
    const order = server.shop.buy({ skus: [['MUG-BLUE', 1]] });
    const second = new Date(order.modified).toISOString().slice(0, 19);
    const before = new Date(order.modified - 1_000).toISOString().slice(0, 19);
    const listed = async (after: string) =>
      (await call(`orders?modified_after=${after}&dates_are_gmt=true&include=${order.id}`)).headers.get('x-wp-total');

    expect([await listed(before), await listed(second)]).toEqual(['1', '0']);
  });

  it('takes any fulfillment: too many units, again, of a cancelled order', async () => {
    const order = server.shop.buy({ skus: [['MUG-BLUE', 3]] });
    server.shop.setStatus(order, 'cancelled');
    const body = { status: 'fulfilled', meta_data: [{ key: '_items', value: [{ item_id: 1, qty: 9 }] }] };
    const path = `orders/${order.id}/fulfillments`;

    const [first, again] = [await call(path, { method: 'POST', body }), await call(path, { method: 'POST', body })];
    const listed = await call(path);
    const bare = await call(`${path}/${String(first.body['id'])}`, { method: 'PUT', body: { meta_data: [] } });

    expect([first.status, again.status]).toEqual([201, 201]);
    expect(first.body).toMatchObject({ is_fulfilled: true, entity_id: String(order.id) });
    expect(listed.body).toMatchObject([{ is_fulfilled: '1' }, { is_fulfilled: '1' }]);
    expect(bare).toMatchObject(refusal(0, 400));
  });

  it('has no fulfillments where the feature is off', async () => {
    server.shop.switches.fulfillments = false;
    const answer = await call('orders/1/fulfillments');
    server.shop.switches.fulfillments = true;

    expect(answer).toMatchObject(refusal('rest_no_route', 404));
  });

  it('fails an entry of a batch in its place, and a batch of 101 as a whole', async () => {
    const { catalogue } = server.shop;
    const [tee, card] = [catalogue.bySku('TEE-BLACK-M'), catalogue.bySku('GIFT-CARD-25')];
    const update = [tee, card].map(({ id }) => ({ id, stock_quantity: 7 }));
    const batch = (body: object) => call('products/batch', { method: 'POST', body });

    const mixed = await batch({ update });
    const many = await batch({ update: Array.from({ length: 101 }, () => update[0]) });

    expect(mixed.status).toBe(200);
    expect(mixed.body).toMatchObject({
      update: [
        { id: tee.id, error: { code: 'woocommerce_rest_invalid_product_id' } },
        { id: card.id, manage_stock: false, stock_quantity: null },
      ],
    });
    expect(many).toMatchObject(refusal('woocommerce_rest_request_entity_too_large', 413));
  });

  it('moves the time of an order for each change, or in the older storage for a status only', async () => {
    const order = server.shop.buy({ skus: [['MUG-BLUE', 3]] });
    const id = String(order.id);
    const modifiedBy = (act: () => unknown) => {
      const before = order.modified;
      server.shop.tick();
      act();
      return order.modified > before;
    };
    const changes = () => [
      modifiedBy(() => server.shop.refund(id, [])),
      modifiedBy(() => server.shop.setStatus(order, order.status === 'on-hold' ? 'processing' : 'on-hold')),
    ];

    const inTables = changes();
    server.shop.switches.storage = 'posts';
    const inPosts = changes();
    server.shop.switches.storage = 'tables';

    expect([inTables, inPosts]).toEqual([
      [true, true],
      [false, true],
    ]);
  });

  it('notes each request in its ledger', async () => {
    const before = server.ledger.length;

    await call('orders/999999');

    expect(server.ledger.slice(before)).toEqual([{ method: 'GET', path: 'orders/999999', query: '', body: '', status: 404 }]); // prettier-ignore
  });
});
