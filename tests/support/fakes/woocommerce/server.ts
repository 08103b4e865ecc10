import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { orderRoutes } from './order-routes.ts';
import { productRoutes } from './product-routes.ts';
import { RestError } from './records.ts';
import { error, errorJson, type Answer, type Route } from './rest.ts';
import { createShop, type ShopOptions } from './shop.ts';
import { shopRoutes } from './shop-routes.ts';

/** One entry for each request, in order. Nothing is ever removed. */
type LedgerEntry = { method: string; path: string; query: string; body: string; status: number };
type Key = { secret: string; permissions: 'read' | 'read_write' };
export type WooCommerceServer = Awaited<ReturnType<typeof startWooCommerceServer>>;

/**
 * The REST API v3 of a WooCommerce shop, as far as it was measured on 11.0.1. Like behind a proxy that ends TLS, a request
 * counts as https by its `x-forwarded-proto`.
 */
export async function startWooCommerceServer(options: ShopOptions = {}) {
  const shop = createShop(options);
  const keys = new Map<string, Key>();
  const ledger: LedgerEntry[] = [];
  const routes = [...orderRoutes(shop), ...productRoutes(shop), ...shopRoutes(shop)];
  const server = createServer(
    (request, response) => void serve({ routes, keys, ledger, now: shop.now }, request, response),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const hex = () => randomBytes(20).toString('hex');
  return {
    host,
    url: `http://${host}`,
    shop,
    ledger: ledger as readonly LedgerEntry[],
    /** A key of the REST API; `revoke` deletes it, as a person does on the shop's page. */
    makeKey: (permissions: Key['permissions'] = 'read_write') => {
      const key = { consumerKey: `ck_${hex()}`, consumerSecret: `cs_${hex()}` };
      keys.set(key.consumerKey, { secret: key.consumerSecret, permissions });
      return { ...key, revoke: async () => void keys.delete(key.consumerKey) };
    },
    stop: async () => {
      shop.hooks.state.isMute = true;
      await shop.hooks.idle();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Serving = { routes: Route[]; keys: Map<string, Key>; ledger: LedgerEntry[]; now: () => number };

async function serve(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await textOf(request);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://shop');
  const method = request.method ?? 'GET';
  const path = pathname.replace(/^\/wp-json\/wc\/v3\//, '');
  const { status = 200, body, headers } = answerTo(serving, request, { method, path, query: searchParams, text });
  serving.ledger.push({ method, path, query: searchParams.toString(), body: text, status });
  const date = new Date(serving.now()).toUTCString();
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', date, ...headers });
  response.end(JSON.stringify(body));
}

type Request = { method: string; path: string; query: URLSearchParams; text: string };

function answerTo({ routes, keys }: Serving, { headers }: IncomingMessage, request: Request): Answer {
  const { method, path, query, text } = request;
  try {
    const key = keyOf(keys, headers);
    if (key.permissions === 'read' && method !== 'GET') throw error(401, 'woocommerce_rest_authentication_error');
    for (const [verb, form, handle] of routes) {
      const found = verb === method ? form.exec(path) : null;
      const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      if (found) return handle({ method, path, params: found.slice(1), query, body });
    }
    throw error(404, 'rest_no_route');
  } catch (thrown) {
    return errorAnswer(thrown);
  }
}

/** A wrong key and plain http have the same answer. */
function keyOf(keys: Map<string, Key>, headers: IncomingMessage['headers']): Key {
  const [, encoded = ''] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
  const [name = '', secret] = Buffer.from(encoded, 'base64').toString().split(':');
  const key = keys.get(name);
  const isSecure = headers['x-forwarded-proto'] === 'https';
  if (!isSecure || key === undefined || key.secret !== secret) throw error(401, 'woocommerce_rest_cannot_view');
  return key;
}

function errorAnswer(thrown: unknown): Answer {
  const refused = thrown instanceof RestError ? thrown : error(500, 'internal_server_error');
  return { status: refused.status, body: errorJson(refused) };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
