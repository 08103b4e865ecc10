import type { Fetch } from '../../../../activities/channels/channel.ts';

/** Where the shop is for its channel: WooCommerce is called by https alone. */
export const shopUrl = 'https://shop.example';
/** An address where nobody listens. */
export const nowhereUrl = 'https://nowhere.example';

/** Like a proxy that ends TLS: calls to the shop arrive at `target` by http, and say that they came by https. */
export const overHttps =
  (fetch: Fetch, target: string): Fetch =>
  (url, init = {}) =>
    fetch(url.replace(shopUrl, target).replace(nowhereUrl, 'http://127.0.0.1:1'), {
      ...init,
      headers: { ...(init.headers as Record<string, string>), 'x-forwarded-proto': 'https' },
    });
