import { z } from 'zod';
import { readsCompanion } from '../companion-webhook.ts';
import {
  importFrom,
  importWhen,
  stockLocationId,
  targetAt,
  text,
  url,
  writeOnly,
  type ShopDescription,
} from '../kind.ts';
import { fitsSigned, webhookSecrets, webhookSecretsOf } from '../signed-webhook.ts';

export const medusaSettings = z.strictObject({
  url: url.describe('Of the shop’s server; its Admin API is at /admin.'),
  stockLocationId,
  importFrom,
  importWhen,
});

export const medusaCredentials = z.strictObject({
  apiKey: text(200).meta(writeOnly).describe('A secret API key, which has all rights in the shop. Write-only.'),
  ...webhookSecrets,
});

export const medusaKind: ShopDescription = {
  texts: {
    kind: 'A Medusa 2 shop.',
    settings: 'Where the shop is.',
    credentials: 'How we sign in.',
    limits:
      'What is shipped is not voided in the shop: a person does it there. Without our companion the shop sends no messages, and a ' +
      'tracking that it has is not corrected. Kits get no stock.',
  },
  // A secret key has all rights.
  permissions: [],
  fixOf: () => 'In Medusa: Settings, Secret API Keys. Make another key.',
  settings: medusaSettings,
  credentials: medusaCredentials,
  publicSettings: medusaSettings,
  target: targetAt('url'),
  locationSetting: 'stockLocationId',
  webhooks: {
    text:
      'The companion of a Medusa shop calls it when an order is placed, paid, edited, refunded or cancelled. The body is ' +
      '`{ type, orderIds }`, signed by Standard Webhooks with the `webhookSecret` of the channel. A message that ' +
      'comes again under its `webhook-id` changes nothing.',
    made: 'by_us',
    signs: 'time',
    fits: fitsSigned,
    secretsOf: webhookSecretsOf,
    read: readsCompanion(['order.placed', 'order.paid', 'order.edited', 'order.cancelled', 'order.refunded']),
  },
};
