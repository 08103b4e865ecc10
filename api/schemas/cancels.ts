import { z } from 'zod';
import { cancelReasons } from '../../domain/orders/cancel.ts';
import { openUnits, ownNote } from './common.ts';

export const newCancel = z
  .strictObject({
    reason: z.enum(cancelReasons),
    note: ownNote,
    lines: openUnits('all of them; for a supplier, all that it is asked for.'),
  })
  .meta({ id: 'NewCancel' });
export type NewCancel = z.output<typeof newCancel>;
