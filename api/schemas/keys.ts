import { z } from 'zod';
import { operatorAccount } from '../../db/accounts/operator.ts';
import { scopes } from '../../domain/account.ts';
import { idOf, text, time, timeOut } from './common.ts';

const expiry = time.optional().describe('When the key ends by itself. Left out: never.');
const scopeList = z.array(z.enum(scopes)).min(1).max(scopes.length);

export const key = z
  .object({
    id: z.string(),
    accountId: z.string(),
    name: z.string(),
    hint: z.string().describe('The first characters, to recognize the key by.'),
    scopes: z.array(z.enum(scopes)),
    createdAt: timeOut,
    lastUsedAt: timeOut.nullable(),
    revokedAt: timeOut.nullable(),
    expiresAt: timeOut.nullable().describe('It opens nothing from then on. Null: it does not end by itself.'),
    replacedBy: z.string().nullable().describe('The id of its successor.'),
  })
  .meta({ id: 'Key' });

export const issuedKey = key
  .extend({ key: z.string().optional().describe('The key itself, shown only once; absent in a replay.') })
  .meta({ id: 'IssuedKey' });

export const newKey = z
  .strictObject({
    accountId: z
      .union([idOf('acct'), z.literal(operatorAccount)], 'must be an id that begins with acct_, or operator')
      .optional()
      .describe(
        'Only for the operator; an account makes keys for itself. `operator`: a key of one of several operators.',
      ),
    name: text(100).describe('For people, such as the program that uses the key.'),
    scopes: scopeList
      .default(['read', 'write'])
      .describe('`admin` contains `write`, `write` contains `ship`, and `ship` contains `read`.'),
    expiresAt: expiry,
  })
  .meta({ id: 'NewKey' });

export const keyRotation = z
  .strictObject({
    name: text(100).optional().describe('Of the new key. Left out: that of the old one.'),
    endsAt: time.optional().describe('When the old key ends. Left out: in 24 hours. Both open until then.'),
    expiresAt: expiry,
  })
  .meta({ id: 'KeyRotation' });
