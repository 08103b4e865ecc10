import { z } from 'zod';
import { rejectReasons } from '../../domain/decision.ts';
import { idOf, longText, quantity, time } from './common.ts';

export const acceptance = z.strictObject({
  expectedShipAt: time.optional().describe('Left out: what was said before stays.'),
});
export type Acceptance = z.output<typeof acceptance>;

export const rejection = z.strictObject({
  reason: z.enum(rejectReasons),
  note: longText(5_000).optional().describe('Kept on your own timeline; nobody else sees it.'),
  lines: z
    .array(z.strictObject({ lineId: idOf('line'), quantity }))
    .min(1)
    .max(500)
    .optional()
    .describe('Units that are still open. Left out: all of them.'),
});
export type Rejection = z.output<typeof rejection>;
