import { z } from 'zod';
import { targetAt, url, writeOnly, type ShopDescription } from './kind.ts';

/** In the row the secret is one of the credentials. */
export const apiSettings = z.strictObject({
  callbackUrl: url
    .optional()
    .describe(
      'Shipments and stock are posted here; without it, read them by this API. A message may come again under the same ' +
        '`webhook-id`, late, or after a newer message: of a shipment the highest `revision` counts. See docs/callbacks.md.',
    ),
  callbackSecret: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,172}={0,2}$/, 'must be whsec_ and at least 24 bytes in base64')
    .meta(writeOnly)
    .optional()
    .describe('Signs the posted messages (Standard Webhooks). Write-only.'),
});

export const apiKind: ShopDescription = {
  texts: {
    kind: 'Your own code: it posts orders, and reads or receives shipments.',
    settings: 'Where your code listens, if it does.',
    credentials: 'None: an `api` channel has a callbackSecret instead.',
    limits: 'Nothing is read from your code: it posts orders, changes and cancels. A callback is sent, not looked up.',
  },
  permissions: [],
  fixOf: () => 'Your code answers a signed message with a 2xx.',
  settings: apiSettings.refine(
    ({ callbackUrl, callbackSecret }) => (callbackUrl === undefined) === (callbackSecret === undefined),
    { path: ['callbackSecret'], error: 'goes with callbackUrl: give both or none' },
  ),
  credentials: z.strictObject({}),
  publicSettings: apiSettings.omit({ callbackSecret: true }),
  target: targetAt('callbackUrl'),
  webhooks: null,
};
