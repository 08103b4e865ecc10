import { z } from 'zod';
import { shops } from '../../activities/channels/kinds.ts';
import type { ChannelRecord } from '../../db/channels/channels.ts';
import {
  channelHealthStatuses,
  channelKinds,
  channelProblems,
  isShopKind,
  tasksOn,
  type ShopKind,
} from '../../domain/channel.ts';
import { errorCodes } from '../../domain/errors.ts';
import { taskTypes } from '../../domain/task.ts';
import { parseFields } from '../plugins/validation.ts';
import { text, timeOut } from './common.ts';
import { counterpartOf } from './counterpart.ts';

const name = text(200).describe('Your name for the channel.');
const shopKinds = channelKinds.filter(isShopKind);

/** What may be empty may be left out. */
const isForced = (schema: z.ZodType): boolean => !schema.safeParse({}).success;

function newShopOf(kind: ShopKind) {
  const { texts, settings, credentials } = shops[kind];
  const givenSettings = isForced(settings) ? settings : settings.default({});
  const givenCredentials = isForced(credentials) ? credentials : credentials.optional();
  return z.strictObject({
    kind: z.literal(kind).describe(texts.kind),
    name,
    settings: givenSettings.describe(texts.settings),
    credentials: givenCredentials.describe(texts.credentials),
  });
}
type NewShop = ReturnType<typeof newShopOf>;

export const newChannel = z
  .discriminatedUnion('kind', shopKinds.map(newShopOf) as [NewShop, ...NewShop[]])
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

type Fields = Readonly<Record<string, unknown>>;
type ShopParts = { settings?: Fields | undefined; credentials?: Fields | undefined };

/** The settings and credentials of a change, by the rules of the channel's kind. @throws RequestFault with each fault */
export function changeOf(kind: ShopKind, body: z.output<typeof channelChange>): ShopParts {
  const { settings, credentials } = shops[kind];
  const schema = z.object({ settings: settings.optional(), credentials: credentials.optional() });
  const parsed = parseFields(schema, { settings: body.settings, credentials: body.credentials });
  if ('fault' in parsed) throw parsed.fault;
  return parsed.data;
}

/** Divides a body into the plain and the sealed part of the row. Secret settings are sealed with the credentials. */
export function partedOf(
  kind: ShopKind,
  { settings = {}, credentials = {} }: ShopParts,
): { settings: Fields; credentials: Fields | null } {
  const isPublic = (setting: string) => setting in shops[kind].publicSettings.shape;
  const all = Object.entries(settings);
  const sealed = { ...credentials, ...Object.fromEntries(all.filter(([setting]) => !isPublic(setting))) };
  return {
    settings: Object.fromEntries(all.filter(([setting]) => isPublic(setting))),
    credentials: Object.keys(sealed).length > 0 ? sealed : null,
  };
}

/** The URL that we would call, and its place in the body. */
export function urlOf(kind: ShopKind, { settings = {} }: ShopParts): { url: string; pointer: string } | undefined {
  const target = shops[kind].target(settings);
  return target && { url: target.url, pointer: `/settings/${target.setting}` };
}

const publicSettings = shopKinds.map((kind) => shops[kind].publicSettings.partial().shape);

export const channel = z
  .object({
    id: z.string(),
    kind: z.enum(channelKinds),
    name: z.string(),
    settings: z.object(Object.assign({}, ...publicSettings) as z.ZodRawShape).describe('Without secrets.'),
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
    fixes: z
      .array(z.object({ permission: z.string(), fix: z.string() }))
      .describe('What to do in the shop for each missing permission.'),
    problems: z
      .array(z.enum(channelProblems))
      .describe(
        'What stops a task, by its code. `location_not_chosen`: no stock is written until a location is chosen.',
      ),
  })
  .meta({ id: 'ChannelCheck' });
