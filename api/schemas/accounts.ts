import { z } from 'zod';
import { text, timeOut } from './common.ts';

export const account = z.object({ id: z.string(), name: z.string(), createdAt: timeOut }).meta({ id: 'Account' });
export const newAccount = z
  .strictObject({ name: text(200).describe('The company. Connected accounts see it.') })
  .meta({ id: 'NewAccount' });
