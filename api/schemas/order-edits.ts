import { z } from 'zod';
import { resolutionReasons } from '../../domain/attention.ts';
import { addressOut, longText, text, timeOut } from './common.ts';

const ofLine = { lineId: z.string(), remoteLineId: z.string(), sku: z.string(), from: z.int(), to: z.int() };

const change = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('quantity_changed'), ...ofLine }),
  z.object({
    kind: z.literal('line_added'),
    remoteLineId: z.string(),
    sku: z.string(),
    name: z.string(),
    from: z.literal(0),
    to: z.int(),
  }),
  z.object({ kind: z.literal('line_removed'), ...ofLine, to: z.literal(0) }),
  z.object({ kind: z.literal('ship_to_changed'), from: addressOut, to: addressOut }),
  z.object({ kind: z.literal('shipping_method_changed'), from: z.string().nullable(), to: z.string().nullable() }),
]);

export const pendingEdit = z
  .object({ id: z.string(), seenAt: timeOut, changes: z.array(change) })
  .meta({ id: 'PendingEdit' });

const editId = text(64).describe('`pendingEdit.id` of the order, as it was shown to you: another edit has another id.');

export const editAcceptance = z.strictObject({ editId }).meta({ id: 'EditAcceptance' });
export const editDismissal = z
  .strictObject({
    editId,
    reason: z.enum(resolutionReasons).describe('Why the edit is left out.'),
    note: longText(1_000).optional().describe('Stored on your own timeline.'),
  })
  .meta({ id: 'EditDismissal' });
