import { z } from 'zod';
import { rejectReasons } from '../../domain/orders/supplier-response.ts';
import { openUnits, ownNote, time } from './common.ts';

export const acceptance = z
  .strictObject({
    expectedShipAt: time.optional().describe('Left out: the earlier time stays.'),
  })
  .meta({ id: 'Acceptance' });
export type Acceptance = z.output<typeof acceptance>;

export const rejection = z
  .strictObject({
    reason: z.enum(rejectReasons).describe('Why. The merchant sees it.'),
    note: ownNote,
    lines: openUnits('all of them.'),
  })
  .meta({ id: 'Rejection' });
export type Rejection = z.output<typeof rejection>;
