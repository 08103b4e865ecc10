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

export const vendureSettings = z.strictObject({
  url: url.describe('Of the shop; its Admin API is at /admin-api.'),
  stockLocationId,
  importFrom,
  importWhen,
  digitalField: z
    .string()
    .max(100)
    .regex(/^[_A-Za-z][_0-9A-Za-z]*$/, 'must be the name of a custom field')
    .optional()
    .describe(
      'The boolean custom field of ProductVariant by which the shop marks what needs no shipping, `isDigital` in the guide ' +
        'of Vendure. Without it each line is shipped, since a Vendure shop has no field of its own for this.',
    ),
});

const password = text(4_000).meta(writeOnly).describe('Write-only.');
export const vendureCredentials = z.union(
  [
    z.strictObject({ username: text(200).describe('Of an administrator.'), password, ...webhookSecrets }),
    z.strictObject({ apiKey: password, ...webhookSecrets }),
  ],
  'must be { username, password } or { apiKey }, each with an optional webhookSecret',
);

export const vendureKind: ShopDescription = {
  texts: {
    kind: 'A Vendure shop.',
    settings: 'Where the shop is.',
    credentials: 'How we sign in.',
    limits:
      'Without our companion plugin the shop sends no messages, and a corrected tracking becomes a new fulfillment. An order that ' +
      'is authorized, but not paid, takes a fulfillment, and stays authorized there until it is paid.',
  },
  permissions: [
    { name: 'ReadOrder', why: 'imports orders and cancels' },
    { name: 'ReadCatalog', why: 'imports products' },
    { name: 'ReadStockLocation', why: 'lists the locations of stock' },
    { name: 'UpdateOrder', why: 'brings trackings to the shop' },
    { name: 'UpdateCatalog', why: 'writes stock' },
  ],
  fixOf: (permission) => `In Vendure: Settings, Roles, the role of this user or key. Switch on ${permission}.`,
  settings: vendureSettings,
  credentials: vendureCredentials,
  publicSettings: vendureSettings,
  target: targetAt('url'),
  locationSetting: 'stockLocationId',
  webhooks: {
    text:
      'The companion plugin of a Vendure shop calls it when an order is paid, changed or cancelled. The body is ' +
      '`{ type, orderIds }`, signed by Standard Webhooks with the `webhookSecret` of the channel. A message that ' +
      'comes again under its `webhook-id` changes nothing.',
    made: 'in_shop',
    signs: 'time',
    fits: fitsSigned,
    secretsOf: webhookSecretsOf,
    read: readsCompanion(['order.placed', 'order.paid', 'order.cancelled', 'order.refunded']),
  },
};
