import { z } from 'zod';
import type { ChannelRecord } from '../../db/channels/channels.ts';
import { channelHealthStatuses, channelKinds, tasksOn, type ShopKind } from '../../domain/channel.ts';
import { errorCodes } from '../../domain/errors.ts';
import { taskTypes } from '../../domain/task.ts';
import { isStrongSecret } from '../../domain/webhook.ts';
import { parseFields } from '../plugins/validation.ts';
import { text, timeOut } from './common.ts';
import { counterpartOf } from './counterpart.ts';

const url = z.url().max(500);
const secret = text(4_000);
const signingSecret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,172}={0,2}$/, 'must be whsec_ and at least 24 bytes in base64');

const webhookSecret = text(200).refine(
  isStrongSecret,
  'must be whsec_ and at least 24 bytes in base64, or at least 24 characters',
);
const webhookSecrets = {
  webhookSecret: webhookSecret
    .optional()
    .describe('Signs the messages of the shop: `whsec_…`, or at least 24 characters.'),
  previousWebhookSecret: webhookSecret.optional().describe('Still accepted while the shop changes over.'),
};
const vendureSettings = z.strictObject({
  url: url.describe('Of the shop; its Admin API is at /admin-api.'),
  stockLocationId: text(100).optional().describe('The stock location that we write. Left out: the first one.'),
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
const vendureCredentials = z.union(
  [
    z.strictObject({
      username: text(200).describe('Of an administrator.'),
      password: secret.describe('Write-only.'),
      ...webhookSecrets,
    }),
    z.strictObject({ apiKey: secret.describe('Write-only.'), ...webhookSecrets }),
  ],
  'must be { username, password } or { apiKey }, each with an optional webhookSecret',
);
const apiSettings = z
  .strictObject({
    callbackUrl: url
      .optional()
      .describe(
        'Shipments and stock are posted here; without it, read them by this API. A message may come again under the same ' +
          '`webhook-id`, late, or after a newer message: of a shipment the highest `revision` counts. See docs/callbacks.md.',
      ),
    callbackSecret: signingSecret.optional().describe('Signs the posted messages (Standard Webhooks). Write-only.'),
  })
  .refine((settings) => (settings.callbackUrl === undefined) === (settings.callbackSecret === undefined), {
    path: ['callbackSecret'],
    error: 'goes with callbackUrl: give both or none',
  });
const noCredentials = z.strictObject({});

const name = text(200).describe('Your name for the channel.');

export const newChannel = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('vendure').describe('A Vendure shop.'),
      name,
      settings: vendureSettings.describe('Where the shop is.'),
      credentials: vendureCredentials.describe('How we sign in.'),
    }),
    z.strictObject({
      kind: z.literal('api').describe('Your own code: it posts orders, and reads or receives shipments.'),
      name,
      settings: apiSettings.default({}).describe('Where your code listens, if it does.'),
      credentials: noCredentials.optional().describe('None: an `api` channel has a callbackSecret instead.'),
    }),
  ])
  .meta({ id: 'NewChannel' });
export type NewChannel = z.output<typeof newChannel>;

/** `changeOf` checks the fields by the stored kind of the channel. */
export const channelChange = z
  .strictObject({
    name: name.optional(),
    settings: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('All settings of the kind. They replace the old settings.'),
    credentials: z.record(z.string(), z.unknown()).optional().describe('All credentials of the kind. Write-only.'),
    sharesLabelCost: z
      .boolean()
      .optional()
      .describe('Of a portal: whether its merchant gets the costs of your labels, with each shipment from now on.'),
  })
  .meta({ id: 'ChannelChange' });

const changes = {
  vendure: z.object({ settings: vendureSettings.optional(), credentials: vendureCredentials.optional() }),
  api: z.object({ settings: apiSettings.optional(), credentials: noCredentials.optional() }),
} as const satisfies Record<ShopKind, z.ZodType>;

export type ShopParts = { settings?: ShopSettings | undefined; credentials?: object | undefined };
type ShopSettings = {
  url?: string | undefined;
  stockLocationId?: string | undefined;
  digitalField?: string | undefined;
  callbackUrl?: string | undefined;
  callbackSecret?: string | undefined;
};

/** The settings and credentials of a change, by the rules of the channel's kind. @throws RequestFault with each fault */
export function changeOf(kind: ShopKind, body: z.output<typeof channelChange>): ShopParts {
  const parsed = parseFields(changes[kind], { settings: body.settings, credentials: body.credentials });
  if ('fault' in parsed) throw parsed.fault;
  return parsed.data;
}

/**
 * Divides a body into the plain and the sealed part of the row. On the wire a callback's secret is one of the settings; in
 * the database it is one of the credentials, which are sealed.
 */
export function partedOf({ settings, credentials }: ShopParts): { settings?: object; credentials?: object } {
  const { callbackSecret, ...open } = settings ?? {};
  const sealed = callbackSecret === undefined ? credentials : { ...credentials, callbackSecret };
  return {
    ...(settings && { settings: open }),
    ...(sealed && Object.keys(sealed).length > 0 && { credentials: sealed }),
  };
}

/** The URL that we would call, and its place in the body. */
export function urlOf({ settings }: ShopParts): { url: string; pointer: string } | undefined {
  if (settings?.url !== undefined) return { url: settings.url, pointer: '/settings/url' };
  return settings?.callbackUrl === undefined
    ? undefined
    : { url: settings.callbackUrl, pointer: '/settings/callbackUrl' };
}

export const channel = z
  .object({
    id: z.string(),
    kind: z.enum(channelKinds),
    name: z.string(),
    settings: z
      .object({
        url: z.string().optional(),
        stockLocationId: z.string().optional(),
        digitalField: z.string().optional(),
        callbackUrl: z.string().optional(),
      })
      .describe('Without secrets.'),
    connectionId: z.string().nullable().describe('Set on portals.'),
    isPortal: z.boolean().describe('Whether its orders come from a merchant who is connected with you.'),
    counterpart: counterpartOf('The merchant of a portal; null for a shop.'),
    sharesLabelCost: z.boolean().describe('Of a portal: whether its merchant gets the costs of your labels.'),
    tasks: z.array(z.enum(taskTypes)).describe('The kinds of tasks that have something to do on it.'),
    health: z
      .object({
        status: z.enum(channelHealthStatuses),
        code: z.enum(errorCodes).nullable(),
        since: timeOut,
      })
      .describe(
        'By its last calls. After three time-outs in a row it is `channel_unreachable`: calls are held back, and tried again by themselves.',
      ),
    createdAt: timeOut,
  })
  .meta({ id: 'Channel' });

export const toChannel = (row: ChannelRecord): z.input<typeof channel> => ({
  ...row,
  isPortal: row.connectionId !== null,
  tasks: [...tasksOn(row)],
});

export const channelCheck = z
  .object({
    missing: z.array(z.string()).describe("Permissions that the credentials lack, by the shop's own names."),
    unproven: z.array(z.string()).describe('Permissions that only a write would prove.'),
    locations: z.array(z.object({ id: z.string(), name: z.string() })),
  })
  .meta({ id: 'ChannelCheck' });
