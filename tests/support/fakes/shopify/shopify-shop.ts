import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiVersion } from './admin-schema.ts';
import { clerkOf } from './clerk.ts';
import { customerOf } from './customer.ts';
import { createExecutor, type Body } from './execute.ts';
import { fulfillmentsOf } from './fulfillments.ts';
import { createShopState } from './model.ts';
import { createMutations } from './mutations.ts';
import { createBucket, type Plan } from './points.ts';
import { createQueries } from './queries.ts';
import { createTokens, type Grant } from './tokens.ts';
import { createWebhooks } from './webhooks.ts';

export type ShopifyShop = Awaited<ReturnType<typeof startShopifyShop>>;

/** As a shop with a plan for large merchants has it, so that a suite does not wait for points. */
const largePlan: Plan = { maximumAvailable: 20_000, restoreRate: 1000, singleQueryMax: 1000 };

/**
 * Simulates a Shopify shop on loopback: the Admin GraphQL API over Shopify's own schema, and its endpoint of tokens. The
 * semantics are those of Shopify's documentation; no live shop was reached.
 */
export async function startShopifyShop(options: { plan?: Partial<Plan>; domain?: string } = {}) {
  const shop = createShopState(options);
  let aheadMs = 0;
  shop.now = () => Date.now() + aheadMs;
  const tokens = createTokens(shop);
  const webhooks = createWebhooks(shop);
  const bucket = createBucket({ plan: { ...largePlan, ...options.plan }, now: () => shop.now() });
  const execute = createExecutor({ queries: createQueries(shop), mutations: createMutations(shop), bucket });
  const server = http.createServer((request, response) => {
    const send = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    void answer(request).then(
      ({ status, body }) => send(status, body),
      () => send(500, { errors: 'Internal Server Error' }),
    );
  });

  async function answer(request: http.IncomingMessage): Promise<{ status: number; body: object }> {
    const raw = await textOf(request);
    if (request.url === '/admin/oauth/access_token') {
      const granted = tokens.grant(JSON.parse(raw) as Grant);
      return { status: 'error' in granted ? 400 : 200, body: granted };
    }
    if (request.url !== `/admin/api/${apiVersion}/graphql.json`) return { status: 404, body: { errors: 'Not Found' } };
    const token = tokens.find(String(request.headers['x-shopify-access-token']));
    if (!token) return { status: 401, body: { errors: '[API] Invalid API key or access token' } };
    return { status: 200, body: await execute(JSON.parse(raw) as Body, token) };
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    state: shop,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    customer: customerOf(shop),
    clerk: clerkOf(shop),
    fulfillments: fulfillmentsOf(shop),
    tokens,
    bucket,
    /** The shop's clock goes on to its next second: its times have whole seconds. */
    nextSecond: () => {
      aheadMs += 1001 - (shop.now() % 1000);
      return shop.now();
    },
    stop: async () => {
      webhooks.stop();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
