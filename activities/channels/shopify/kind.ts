import { z } from 'zod';
import { importFrom, importWhen, stockLocationId, text, writeOnly, type ShopDescription } from '../kind.ts';
import { fitsShopify, readWebhook, secretsOf } from './webhook.ts';

export const shopifySettings = z.strictObject({
  shop: z
    .string()
    .max(100)
    .regex(/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/, 'must be like my-shop.myshopify.com')
    .describe('The name that Shopify gave the shop, such as `my-shop.myshopify.com`, not its own domain.'),
  stockLocationId,
  importFrom,
  importWhen,
});
export type ShopifySettings = z.infer<typeof shopifySettings>;

const secret = text(500).meta(writeOnly);
// Whoever guesses it may sign messages.
const strong = secret.min(24);
const previousClientSecret = strong.optional().describe('Still accepted while the secret of the app is changed.');
const clientSecret = strong.describe('The secret of the app. It also signs the messages of the shop. Write-only.');

/** As a person enters them, and as a renewal stores them. */
export const shopifyCredentials = z.union(
  [
    z.strictObject({
      accessToken: secret.describe('A token that does not end. Write-only.'),
      clientSecret: clientSecret.optional(),
      previousClientSecret,
    }),
    z.strictObject({
      clientId: text(200).describe('Of the app. Without tokens we get one of a day by client credentials.'),
      clientSecret,
      previousClientSecret,
      accessToken: secret.optional().describe('A token that ends.'),
      refreshToken: secret.optional().describe('Gets the next token, and the next refresh token.'),
      expiresAt: z.iso.datetime({ offset: true }).max(40).optional().describe('When `accessToken` ends.'),
    }),
  ],
  'must be { clientId, clientSecret } or { accessToken }, each with optional secrets',
);
export type ShopifyCredentials = z.infer<typeof shopifyCredentials>;

/** The rights that our documents need. A test compares them with Shopify's own list. */
export const shopifyPermissions = [
  { name: 'read_orders', why: 'imports orders and cancels' },
  { name: 'read_merchant_managed_fulfillment_orders', why: 'shows which units may be shipped from where' },
  { name: 'write_merchant_managed_fulfillment_orders', why: 'brings trackings to the shop' },
  { name: 'read_inventory', why: 'reads what the shop has on sale' },
  { name: 'write_inventory', why: 'writes stock' },
  { name: 'read_locations', why: 'lists the locations of stock' },
  { name: 'read_products', why: 'imports products' },
] as const;

export const shopifyKind: ShopDescription = {
  texts: {
    kind: 'A Shopify shop.',
    settings: 'Which shop.',
    credentials: 'Of an app that is installed in the shop.',
    limits:
      'Simulated: no live store was reached. Shopify stores no id of ours, so a shipment is found by its number and units. An app ' +
      'without `read_all_orders` sees the orders of the last 60 days alone.',
  },
  permissions: shopifyPermissions,
  fixOf: (permission) =>
    `In Shopify: the settings of the app, Admin API scopes. Choose ${permission}, then install the app anew.`,
  settings: shopifySettings,
  credentials: shopifyCredentials,
  publicSettings: shopifySettings,
  target: ({ shop }) => (typeof shop === 'string' ? { url: `https://${shop}`, setting: 'shop' } : undefined),
  locationSetting: 'stockLocationId',
  webhooks: {
    text:
      'A Shopify shop calls it when an order is made, paid, changed or cancelled, and when our app is removed. The body is ' +
      'signed in `x-shopify-hmac-sha256` with the `clientSecret` of the channel. We subscribe to the messages ourselves, to ' +
      'the id of the order alone.',
    made: 'by_us',
    signs: 'body',
    fits: fitsShopify,
    secretsOf,
    read: readWebhook,
  },
};
