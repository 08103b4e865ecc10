import { z } from 'zod';
import { scopes } from '../../domain/account.ts';

export const me = z
  .object({
    account: z.object({ id: z.string(), name: z.string() }),
    key: z.object({ id: z.string(), name: z.string(), hint: z.string() }),
    scopes: z.array(z.enum(scopes)),
  })
  .meta({ id: 'Me' });
