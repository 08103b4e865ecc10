import { z } from 'zod';
import type { LabelAccount } from '../../db/labels/accounts.ts';
import { channelHealthStatuses } from '../../domain/channel.ts';
import { errorCodes } from '../../domain/errors.ts';
import { labelProviders, type LabelProviderKind } from '../../domain/labels/account.ts';
import { carriers as knownCarriers } from '../../domain/shipments/carriers.ts';
import { parseFields } from '../plugins/validation.ts';
import { text, timeOut } from './common.ts';

const secret = text(200).describe('Write-only.');
const withApiKey = z.strictObject({ apiKey: secret });
const noCredentials = z.strictObject({});
const credentialsOf = {
  test: noCredentials,
  easypost: withApiKey,
  shippo: withApiKey,
} as const satisfies Record<LabelProviderKind, z.ZodType>;

const codes = new Set(knownCarriers.map(({ code }) => code));
const carriers = z
  .array(
    z
      .string()
      .max(50)
      .refine((code) => code === 'other' || codes.has(code), 'must be a code of /docs/carriers, or other'),
  )
  .max(100)
  .describe('Codes of the carriers that may be bought (see /docs/carriers). None: all.');
const name = text(200).describe('Your name for the label account.');
const shared = { name, carriers: carriers.default([]) };

export const newLabelAccount = z
  .discriminatedUnion('provider', [
    z.strictObject({
      provider: z.literal('test').describe('Built in: its labels are free, marked SAMPLE, and no carrier takes them.'),
      ...shared,
      credentials: noCredentials.default({}).describe('None.'),
    }),
    z.strictObject({
      provider: z.literal('easypost').describe('EasyPost.'),
      ...shared,
      credentials: withApiKey.describe('An API key of EasyPost, for test or production.'),
    }),
    z.strictObject({
      provider: z.literal('shippo').describe('Shippo.'),
      ...shared,
      credentials: withApiKey.describe('An API token of Shippo, for test or live.'),
    }),
  ])
  .meta({ id: 'NewLabelAccount' });

/** `credentialsFor` checks the credentials by the stored provider. */
export const labelAccountChange = z
  .strictObject({
    name: name.optional(),
    carriers: carriers.optional(),
    credentials: z.record(z.string(), z.unknown()).optional().describe('All credentials of the provider. Write-only.'),
  })
  .meta({ id: 'LabelAccountChange' });

/** The credentials of a change, by the rules of the provider. @throws RequestFault with each fault */
export function credentialsFor(
  provider: LabelProviderKind,
  { credentials }: z.output<typeof labelAccountChange>,
): object | undefined {
  if (credentials === undefined) return undefined;
  const parsed = parseFields(z.object({ credentials: credentialsOf[provider] }), { credentials });
  if ('fault' in parsed) throw parsed.fault;
  return parsed.data.credentials;
}

export const labelAccount = z
  .object({
    id: z.string(),
    provider: z.enum(labelProviders),
    name: z.string(),
    carriers: z.array(z.string()).describe('Codes of the carriers that may be bought. None: all.'),
    health: z.object({
      status: z.enum(channelHealthStatuses),
      code: z.enum(errorCodes).nullable(),
      since: timeOut,
    }),
    createdAt: timeOut,
  })
  .meta({ id: 'LabelAccount' });

/** Field by field, without the version of the credentials. */
export const toLabelAccount = (row: LabelAccount): z.input<typeof labelAccount> => ({
  id: row.id,
  provider: row.provider,
  name: row.name,
  carriers: row.carriers,
  health: row.health,
  createdAt: row.createdAt,
});

export const labelAccountCheck = z
  .object({
    isTest: z.boolean().describe('Whether its labels are samples that no carrier takes.'),
    carriers: z.array(z.string()).describe('Codes of the carriers that the account can buy at the provider.'),
  })
  .meta({ id: 'LabelAccountCheck' });
