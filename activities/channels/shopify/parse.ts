import type { z } from 'zod';
import { ChannelError } from '../channel.ts';

/** @throws ChannelError `invalid` naming the field */
export function parse<Data>(schema: z.ZodType<Data>, given: unknown, field: string): Data {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new ChannelError({ kind: 'invalid', field: path === '' ? field : path, code: 'malformed' });
}

export const refused = (field: string, code: string): ChannelError =>
  new ChannelError({ kind: 'invalid', field, code });
