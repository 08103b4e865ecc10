import type { FastifyRequest } from 'fastify';
import { storeAnswer } from '../../db/engine/idempotency.ts';
import { requireLabel, requireLabelStart, type Label } from '../../db/labels/labels.ts';
import { voidOfLabel } from '../../domain/labels/void.ts';
import type { VoidReason } from '../../domain/shipments/corrections.ts';
import { message } from '../plugins/idempotency.ts';
import { inAccount, read, readOne } from '../request/reading.ts';
import { storeNote } from './store-note.ts';

type Voiding = { labelId: string; reason: VoidReason; note?: string | undefined };

/**
 * Voids a label: its shipment is void, and its money is asked for. The money may come weeks later.
 * @returns the label as it is by then
 * @throws DomainError `label_not_found`, `label_not_bought`, `label_scanned`, `order_is_split`, `order_dropshipped`,
 *   `temporal_unavailable`
 */
export const voidLabel = (request: FastifyRequest, voiding: Voiding): Promise<Label> =>
  message(request, { status: 200 }, async ({ updateId, idempotency }) => {
    const find = () => readOne(request, (db) => requireLabel(db, voiding.labelId));
    const label = await find();
    // The message of an earlier request may be lost.
    if (voidOfLabel(label) === 'new' || label.status === 'void_requested')
      await send(request, voiding, { label, updateId });
    const answer = await find();
    if (idempotency) await inAccount(request, (db) => storeAnswer(db, { ...idempotency, status: 200, answer }));
    return async () => answer;
  });

async function send(
  request: FastifyRequest,
  { labelId, reason, note }: Voiding,
  { label, updateId }: { label: Label; updateId: string },
): Promise<void> {
  const start = await read(request, (db) => requireLabelStart(db, labelId));
  const noteId = await inAccount(request, (db) => storeNote(db, request, { orderId: label.orderId, note }));
  const input = { by: request.actor.keyId, reason, ...(noteId !== undefined && { noteId }) };
  await request.server.deps.workflows.voidLabel(start, input, updateId);
}
