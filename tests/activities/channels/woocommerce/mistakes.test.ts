import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { some, walk } from '../harness.ts';
import { startWooCommerceHarness } from './harness.ts';

let harness: Awaited<ReturnType<typeof startWooCommerceHarness>>;
beforeAll(async () => {
  harness = await startWooCommerceHarness();
});
afterAll(async () => {
  await harness?.stop();
});
afterEach(() => {
  harness.shop.hooks.hooks.clear();
});

/** An address that messages are sent to; it answers with `status`. */
async function listen(given = { status: 204 }) {
  const bodies: { body: string; headers: Headers }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = new Headers(request.headers as Record<string, string>);
      bodies.push({ body: Buffer.concat(chunks).toString(), headers });
      response.writeHead(given.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise((resolve) => server.close(resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, bodies, given, close };
}

const read = ({ body, headers }: { body: string; headers: Headers }) =>
  harness.webhooks.read({ body: Buffer.from(body), headers });

describe('what went wrong for people with WooCommerce', () => {
  it('pages repeated some orders of one second and missed others', async () => {
    const connectedAt = await harness.tick();
    const orders = Array.from({ length: 121 }, () => harness.shop.buy({ skus: [['GIFT-CARD-25', 1]] }));
    for (const order of orders) order.created = order.modified = connectedAt.getTime();

    const { items } = await walk((after) => harness.open({ connectedAt }).importOrders(after));

    expect(items.map(({ remoteId }) => Number(remoteId)).sort()).toEqual(orders.map(({ id }) => id).sort());
  });

  it('a shop sent no webhooks at all, and nobody saw its orders', async () => {
    const connectedAt = await harness.tick();
    harness.shop.hooks.state.isMute = true;
    const { remoteId } = await harness.place();
    harness.shop.hooks.state.isMute = false;

    const { items } = await harness.open({ connectedAt }).importOrders(null);

    expect(items.map((order) => order.remoteId)).toEqual([remoteId]);
  });

  it('a webhook that had failed some times was never sent again', async () => {
    const { hooks } = harness.shop;
    const receiver = await listen({ status: 500 });
    await harness.open().ensureWebhooks(receiver.url);
    for (let order = 0; order < 7; order += 1) await harness.place();
    await hooks.idle();
    const before = [...hooks.hooks.values()].filter(({ status }) => status === 'disabled');
    receiver.given.status = 204;

    await harness.open().ensureWebhooks(receiver.url);
    const sent = receiver.bodies.length;
    const { remoteId } = await harness.place();
    await hooks.idle();
    await receiver.close();

    expect(before.map(({ topic }) => topic)).toEqual(['order.created', 'order.updated']);
    expect([...hooks.hooks.values()].map(({ status }) => status)).toEqual(['active', 'active', 'active', 'active']);
    expect(receiver.bodies.slice(sent).map(read)).toMatchObject([{ remoteOrderIds: [remoteId] }, { remoteOrderIds: [remoteId] }]); // prettier-ignore
  });

  it('the stock of a variation landed on its product', async () => {
    const { catalogue } = harness.shop;
    const [product, variation] = [catalogue.bySku('TEE'), catalogue.bySku('TEE-BLACK-L')];
    Object.assign(product, { manages: true, stock: 5 });
    const remoteProductId = await harness.productId('TEE-BLACK-L');

    const write = { listingId: 'lst_1', remoteProductId, sku: 'TEE-BLACK-L', available: 23, version: 1 };
    const outcomes = await harness.open().writeInventory([write]);

    expect(outcomes).toEqual([{ listingId: 'lst_1', outcome: 'written' }]);
    expect([product.stock, variation.stock]).toEqual([5, 23]);
  });

  it('`after` is the time of creation, so that changes of older orders were missed', async () => {
    const connectedAt = await harness.tick();
    const placed = await harness.place({ skus: [['MUG-BLUE', 3]] });
    for (let second = 0; second < 600; second += 1) await harness.tick();
    const later = await harness.place();
    const { next } = await walk((after) => harness.open({ connectedAt }).importOrders(after));

    await harness.cancel(placed.remoteId, some(placed, 1));
    const { items } = await walk((after) => harness.open({ connectedAt }).importOrders(after), next);

    const changed = items.filter(({ remoteId }) => remoteId !== later.remoteId);
    expect(changed).toMatchObject([{ remoteId: placed.remoteId, lines: [{ ordered: 3, cancelled: 1 }] }]);
  });

  it('two messages of one second had the same delivery id, and one was thrown away', async () => {
    const receiver = await listen();
    await harness.open().ensureWebhooks(receiver.url);
    await harness.tick();
    const { remoteId } = await harness.place();
    await harness.refund(remoteId, 100);
    await harness.shop.hooks.idle();
    await receiver.close();

    const updates = receiver.bodies.filter(({ headers }) => headers.get('x-wc-webhook-topic') === 'order.updated');
    const given = updates.map(({ headers }) => headers.get('x-wc-webhook-delivery-id'));
    const events = updates.map(read);

    expect(new Set(given).size).toBe(1);
    expect(events.map((event) => event?.remoteOrderIds)).toEqual([[remoteId], [remoteId]]);
    expect(new Set(events.map((event) => event?.deliveryId)).size).toBe(2);
  });
});

describe('the messages of a WooCommerce shop', () => {
  it('are made once for each topic, however often that is asked, and removed without those of others', async () => {
    const { hooks, add } = harness.shop.hooks;
    const receiver = await listen();
    const own = { name: 'Accounting', topic: 'order.created', delivery_url: receiver.url, secret: 'theirs' };
    const other = add({ ...own, delivery_url: `${receiver.url}/other` });
    const twice = add(own);
    add(own);

    await harness.open().ensureWebhooks(receiver.url);
    await harness.open().ensureWebhooks(receiver.url);
    const made = [...hooks.values()].filter((hook) => hook.delivery_url === receiver.url);
    await harness.open().disconnect();
    await harness.shop.hooks.idle();
    await receiver.close();

    expect(made.map(({ topic, id }) => [topic, id === twice.id])).toEqual([
      ['order.created', true],
      ['order.updated', false],
      ['order.deleted', false],
      ['order.restored', false],
    ]);
    expect([...hooks.keys()]).toEqual([other.id]);
  });

  it('begin with a form that nobody signs, and that changes nothing', async () => {
    const receiver = await listen();
    await harness.open().ensureWebhooks(receiver.url);
    await harness.shop.hooks.idle();
    await receiver.close();

    const [ping] = receiver.bodies;

    expect(ping!.body).toMatch(/^webhook_id=\d+$/);
    expect(read(ping!)).toMatchObject({ tasks: [], remoteOrderIds: [], event: 'ping' });
    expect(read({ ...ping!, body: 'webhook_id=1&order=2' })).toBeNull();
  });

  it('are signed by the secret of the key where no other is given', async () => {
    const { revoke: _, ...key } = harness.server.makeKey();
    const receiver = await listen();
    await harness.open({ credentials: key }).ensureWebhooks(receiver.url);
    await receiver.close();

    const secrets = [...harness.shop.hooks.hooks.values()].map(({ secret }) => secret);

    expect(new Set(secrets)).toEqual(new Set([key.consumerSecret]));
  });
});
