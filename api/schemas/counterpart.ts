import { z } from 'zod';

/** The other side of a connection, by the name that the account has for it. */
const counterpart = z.object({ accountId: z.string(), name: z.string() });

/** @param whose says whom it names, and when it is null */
export const counterpartOf = (whose: string) => counterpart.nullable().describe(whose);
