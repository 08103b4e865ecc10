import { z } from 'zod';
import { cancelReasons } from '../../domain/cancel.ts';
import { idOf, longText, quantity } from './common.ts';

export const newCancel = z.strictObject({
  reason: z.enum(cancelReasons),
  note: longText(5_000).optional().describe('Kept on your own timeline; nobody else sees it.'),
  lines: z
    .array(z.strictObject({ lineId: idOf('line'), quantity }))
    .min(1)
    .max(500)
    .optional()
    .describe('Units that are still open. Left out: all of them; for a supplier, all that it is asked for.'),
});
export type NewCancel = z.output<typeof newCancel>;
