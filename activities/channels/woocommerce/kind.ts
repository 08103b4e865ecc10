import { z } from 'zod';
import { isStrongSecret } from '../../../domain/webhook.ts';
import { importFrom, importWhen, targetAt, text, url, writeOnly, type ShopDescription } from '../kind.ts';
import { couldBeMessage, readWebhook } from './webhook.ts';

const publicSettings = z.strictObject({
  url: url.describe('Of the shop, by https.'),
  statuses: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,19}$/, 'must be a status as the REST API has it'))
    .min(1)
    .max(20)
    .optional()
    .describe('The statuses of orders that are to be shipped. Left out: `processing`.'),
  importFrom,
  importWhen,
});
/** A shop takes its keys by https alone. By http it refuses each, as if it were wrong. */
export const woocommerceSettings = publicSettings.refine(({ url: given }) => given.startsWith('https://'), {
  path: ['url'],
  error: 'must be an https URL',
});

const webhookSecret = text(200).meta(writeOnly).refine(isStrongSecret, 'must be at least 24 characters');
export const woocommerceCredentials = z.strictObject({
  consumerKey: z
    .string()
    .regex(/^ck_[0-9a-f]{40}$/, 'must be ck_ and 40 characters')
    .describe('Of the REST API, with the permission Read/Write. Write-only.'),
  consumerSecret: z
    .string()
    .regex(/^cs_[0-9a-f]{40}$/, 'must be cs_ and 40 characters')
    .meta(writeOnly)
    .describe('Write-only.'),
  webhookSecret: webhookSecret
    .optional()
    .describe('Signs the messages of the shop, at least 24 characters. Left out: the consumerSecret signs them.'),
  previousWebhookSecret: webhookSecret.optional().describe('Still accepted while the shop changes over.'),
});

/** The shop signs by the secret that we give each webhook. */
export const webhookSecretOf = ({
  webhookSecret: own,
  consumerSecret,
}: z.infer<typeof woocommerceCredentials>): string => own ?? consumerSecret;

function webhookSecretsOf(given: unknown): string[] {
  const credentials = woocommerceCredentials.safeParse(given).data;
  if (!credentials) return [];
  return [webhookSecretOf(credentials), credentials.previousWebhookSecret].filter((secret) => secret !== undefined);
}

export const woocommerceKind: ShopDescription = {
  texts: {
    kind: 'A WooCommerce shop.',
    settings: 'Where the shop is, and which of its orders are imported.',
    credentials: 'A key of its REST API.',
    limits:
      'A shop without the feature of fulfillments gets each shipment as a note on its order, which can neither be corrected nor ' +
      'voided. Variations that share the stock of their product get no stock.',
  },
  permissions: [{ name: 'Read/Write', why: 'imports orders and products, brings trackings to the shop, writes stock' }],
  fixOf: () => 'In the shop: WooCommerce, Settings, Advanced, REST API. Give the key the permission Read/Write.',
  settings: woocommerceSettings,
  credentials: woocommerceCredentials,
  publicSettings,
  target: targetAt('url'),
  webhooks: {
    text:
      'A WooCommerce shop calls it when an order is created, changed, deleted or restored. The body is signed in ' +
      '`x-wc-webhook-signature` with the `webhookSecret` of the channel, or with its consumerSecret. The form that the shop sends first to try the ' +
      'address is accepted and changes nothing.',
    made: 'by_us',
    signs: 'body',
    fits: couldBeMessage,
    secretsOf: webhookSecretsOf,
    read: readWebhook,
  },
};
