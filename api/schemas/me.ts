import { z } from 'zod';
import { scopes } from '../../domain/account.ts';
import { roles } from '../../domain/people.ts';

export const me = z
  .object({
    account: z.object({ id: z.string(), name: z.string() }),
    key: z
      .object({ id: z.string(), name: z.string(), hint: z.string() })
      .nullable()
      .describe('Null where a person asks.'),
    user: z
      .object({ id: z.string(), name: z.string(), email: z.string(), role: z.enum(roles) })
      .nullable()
      .describe('Null where a key asks.'),
    scopes: z.array(z.enum(scopes)),
  })
  .meta({ id: 'Me' });
