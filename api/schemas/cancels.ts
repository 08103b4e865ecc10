import { z } from 'zod';
import { cancelReasons, declineReasons } from '../../domain/orders/cancel.ts';
import { openUnits, ownNote } from './common.ts';

export const newCancel = z
  .strictObject({
    reason: z.enum(cancelReasons).describe('Why. The supplier sees it.'),
    note: ownNote,
    lines: openUnits('all of them.'),
  })
  .meta({ id: 'NewCancel' });
export type NewCancel = z.output<typeof newCancel>;

export const cancelAcceptance = z
  .strictObject({
    reason: z.enum(cancelReasons).describe('Why the units will not ship. The merchant sees it.'),
    note: ownNote,
    lines: openUnits('all that the merchant asks to cancel.'),
  })
  .meta({ id: 'CancelAcceptance' });
export type CancelAcceptance = z.output<typeof cancelAcceptance>;

export const cancelDecline = z
  .strictObject({
    reason: z.enum(declineReasons).describe('Why the units ship all the same. The merchant sees it.'),
    note: ownNote,
  })
  .meta({ id: 'CancelDecline' });
export type CancelDecline = z.output<typeof cancelDecline>;
