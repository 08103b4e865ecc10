import { hookJson } from './hooks.ts';
import { error, type Asked, type Route } from './rest.ts';
import type { Shop } from './shop.ts';

/** What is of the shop itself: its state, and its webhooks. */
export function shopRoutes(shop: Shop): Route[] {
  const { hooks, add } = shop.hooks;
  const hookOf = ({ params: [id] }: Asked) => {
    const hook = hooks.get(Number(id));
    if (!hook) throw error(404, 'woocommerce_rest_shop_webhook_invalid_id');
    return hook;
  };
  return [
    [
      'GET',
      /^system_status$/,
      () => ({
        body: {
          environment: { version: '11.0.1' },
          settings: { HPOS_enabled: shop.switches.storage === 'tables', currency: 'USD' },
        },
      }),
    ],
    ['GET', /^webhooks$/, () => ({ body: [...hooks.values()].map(hookJson) })],
    [
      'POST',
      /^webhooks$/,
      ({ body }) => {
        const { name = '', topic, delivery_url, secret = '' } = body as Record<string, string>;
        if (!topic || !delivery_url) throw error(400, 'woocommerce_rest_invalid_parameter');
        return { status: 201, body: hookJson(add({ name, topic, delivery_url, secret })) };
      },
    ],
    [
      'PUT',
      /^webhooks\/(\d+)$/,
      (asked) => {
        const hook = Object.assign(hookOf(asked), asked.body);
        if (asked.body['status'] === 'active') hook.failures = 0;
        return { body: hookJson(hook) };
      },
    ],
    [
      'DELETE',
      /^webhooks\/(\d+)$/,
      (asked) => {
        const hook = hookOf(asked);
        hooks.delete(hook.id);
        return { body: hookJson(hook) };
      },
    ],
  ];
}
