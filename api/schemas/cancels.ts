import { z } from 'zod';
import { cancelReasons, declineReasons } from '../../domain/orders/cancel.ts';
import { openUnits, ownNote } from './common.ts';

export const newCancel = z
  .strictObject({
    reason: z.enum(cancelReasons),
    note: ownNote,
    lines: openUnits('all of them.'),
  })
  .meta({ id: 'NewCancel' });
export type NewCancel = z.output<typeof newCancel>;

export const cancelAcceptance = z
  .strictObject({
    reason: z.enum(cancelReasons),
    note: ownNote,
    lines: openUnits('all that the merchant asks to cancel.'),
  })
  .meta({ id: 'CancelAcceptance' });
export type CancelAcceptance = z.output<typeof cancelAcceptance>;

export const cancelDecline = z
  .strictObject({ reason: z.enum(declineReasons), note: ownNote })
  .meta({ id: 'CancelDecline' });
export type CancelDecline = z.output<typeof cancelDecline>;
