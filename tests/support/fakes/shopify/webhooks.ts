import { createHmac, randomUUID } from 'node:crypto';
import { isoOf, numberOf, ShopRefusal, type Order, type ShopState, type Subscription } from './model.ts';

type Message = { subscription: Subscription; topic: string; body: string; id: string };

const maximumTries = 8;
/** Shopify waits minutes to hours. */
const pauseMs = 50;

export const signatureOf = (secret: string, body: string): string =>
  createHmac('sha256', secret).update(body).digest('base64');

/** Subscriptions and their messages, sent at once; a subscription that fails too often is deleted. */
export function createWebhooks(shop: ShopState) {
  const timers = new Set<NodeJS.Timeout>();
  let isStopped = false;
  const deliver = async (message: Message): Promise<void> => {
    const { subscription, topic, body, id } = message;
    const isAccepted = await fetch(subscription.uri, {
      method: 'POST',
      headers: {
        ...headersOf(shop, topic),
        'x-shopify-webhook-id': id,
        'x-shopify-hmac-sha256': signatureOf(shop.clientSecret, body),
      },
      body,
      signal: AbortSignal.timeout(5000),
    }).then(
      ({ ok }) => ok,
      () => false,
    );
    subscription.failures = isAccepted ? 0 : subscription.failures + 1;
    if (isAccepted || isStopped) return;
    if (subscription.failures > maximumTries) {
      shop.subscriptions = shop.subscriptions.filter((one) => one !== subscription);
      return;
    }
    const timer = setTimeout(() => timers.delete(timer) && void deliver(message), pauseMs);
    timers.add(timer);
  };
  shop.emit = (topic, order) => {
    for (const subscription of shop.subscriptions.filter((one) => one.topic === topic)) {
      void deliver({ subscription, topic, body: bodyOf(shop, subscription, order), id: randomUUID() });
    }
  };
  return {
    stop: () => {
      isStopped = true;
      for (const timer of timers) clearTimeout(timer);
      shop.subscriptions = [];
    },
  };
}

const headersOf = (shop: ShopState, topic: string) => ({
  'content-type': 'application/json',
  'x-shopify-topic': topic.toLowerCase().replace('_', '/'),
  'x-shopify-shop-domain': shop.domain,
  'x-shopify-api-version': '2026-10',
  'x-shopify-event-id': randomUUID(),
  'x-shopify-triggered-at': new Date(shop.now()).toISOString(),
});

/** Numbers stand in the body as they are, also above what JSON.parse can hold. */
function bodyOf(shop: ShopState, { includeFields }: Subscription, order: Order | undefined): string {
  const fields: [string, string][] = order
    ? [
        ['id', numberOf(order.id)],
        ['admin_graphql_api_id', JSON.stringify(order.id)],
        ['name', JSON.stringify(order.name)],
        ['updated_at', JSON.stringify(isoOf(order.updatedAt))],
        ['shipping_address', JSON.stringify({ name: order.buyer })],
      ]
    : [['myshopify_domain', JSON.stringify(shop.domain)]];
  const wanted = fields.filter(([name]) => includeFields.length === 0 || includeFields.includes(name));
  return `{${wanted.map(([name, value]) => `"${name}":${value}`).join(',')}}`;
}

type SubscribeInput = { topic: string; webhookSubscription: { uri?: string; includeFields?: string[] } };

export const subscriptionsOf = (shop: ShopState) => ({
  create({ topic, webhookSubscription: { uri = '', includeFields = [] } }: SubscribeInput): Subscription {
    if (shop.subscriptions.some((one) => one.topic === topic && one.uri === uri))
      throw new ShopRefusal('Address for this topic has already been taken', ['webhookSubscription', 'uri']);
    const subscription = { id: shop.newId('WebhookSubscription'), topic, uri, includeFields, failures: 0 };
    shop.subscriptions.push(subscription);
    return subscription;
  },
  delete(id: string): string {
    const before = shop.subscriptions.length;
    shop.subscriptions = shop.subscriptions.filter((one) => one.id !== id);
    if (shop.subscriptions.length === before) throw new ShopRefusal('Webhook subscription does not exist', ['id']);
    return id;
  },
});
