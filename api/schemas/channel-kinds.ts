import { z } from 'zod';
import { shops } from '../../activities/channels/kinds.ts';
import { abilitiesOf, channelKinds, installations, isShopKind, type ShopKind } from '../../domain/channel.ts';
import { text } from './common.ts';

const schemaOf = z.record(z.string(), z.unknown());
const shopKinds = channelKinds.filter(isShopKind);

const channelKind = z
  .object({
    kind: z.enum(shopKinds),
    text: text(1_000).describe('What it is.'),
    limits: text(1_000).describe('What its shops cannot do.'),
    installs: z
      .enum(installations)
      .describe("How it is connected: by keys that a person enters, or on the shop's own page of consent."),
    settings: schemaOf.describe('JSON Schema of the settings.'),
    credentials: schemaOf.describe('JSON Schema of the credentials.'),
    permissions: z
      .array(z.object({ name: z.string(), why: z.string() }))
      .describe("What the credentials must allow, by the shop's own names."),
    takesPosts: z.boolean().describe('Whether your code posts its orders. Else they are read from the shop.'),
    hasLocations: z
      .boolean()
      .describe('Whether its shops may have several locations of stock, of which you choose one.'),
    webhooks: z
      .object({
        text: z.string(),
        made: z.enum(['by_us', 'in_shop']).describe('Who has the shop send its messages: we, or a plugin in the shop.'),
        signs: z.enum(['time', 'body']).describe('`time`: a message that is sent late is refused.'),
      })
      .nullable()
      .describe('null: its shops send no messages.'),
  })
  .meta({ id: 'ChannelKind' });

export const channelKindList = z.object({ data: z.array(channelKind) }).meta({ id: 'ChannelKindList' });

const jsonSchemaOf = (schema: z.ZodType): Record<string, unknown> => ({ ...z.toJSONSchema(schema, { io: 'input' }) });

function describe(kind: ShopKind): z.input<typeof channelKind> {
  const { texts, settings, credentials, permissions, locationSetting, webhooks } = shops[kind];
  const { installs, takesPosts } = abilitiesOf(kind);
  return {
    kind,
    text: texts.kind,
    limits: texts.limits,
    // Each kind that an account adds is connected somehow.
    installs: installs!,
    settings: jsonSchemaOf(settings),
    credentials: jsonSchemaOf(credentials),
    permissions: [...permissions],
    takesPosts,
    hasLocations: locationSetting !== undefined,
    webhooks: webhooks && { text: webhooks.text, made: webhooks.made, signs: webhooks.signs },
  };
}

/** The kinds of shops that an account may add. */
export const channelKindsThere: z.input<typeof channelKindList> = { data: shopKinds.map(describe) };
