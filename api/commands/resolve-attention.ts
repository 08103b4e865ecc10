import { startDropships } from './start-dropships.ts';
import type { FastifyRequest } from 'fastify';
import { noteReason, requireDecidable, closeWithEvent } from '../../db/attentions.ts';
import { recordAudit } from '../../db/accounts/audit-events.ts';
import { decideSku } from '../../db/catalogue/decide-sku.ts';
import { listDropshipStarts, type DropshipStart } from '../../db/dropships/dropships.ts';
import type { AccountDb } from '../../db/engine/with-account.ts';
import { dismissPending } from '../../db/orders/edits.ts';
import { lockOrder } from '../../db/orders/orders.ts';
import { decideRoute } from '../../db/orders/reroute.ts';
import { letShip } from '../../db/orders/shop-cancel-attention.ts';
import { assertPossible, isDecided, type ResolutionAction } from '../../domain/attention.ts';
import { actIn } from '../request/acting.ts';
import { authorOf } from '../plugins/auth.ts';
import type { Resolved, ResolutionBody } from '../schemas/attentions.ts';
import { triggerWriteBack } from './trigger-write-back.ts';

type Parked = { id: string; accountId: string };
/** Either a workflow waits for the decision, or the transaction has carried it out and made dropships to start. */
type Noted = { workflowId: string | null; starts: DropshipStart[]; isAboutListing?: true };

/**
 * Decides about a parked step. The reason is stored first, in the account: a message must not contain a note (law 8). The
 * note and the decision are idempotent, whatever happens between them.
 * @throws DomainError `attention_not_found`, `resolution_not_possible`, `nothing_parked`, `temporal_unavailable`, `sku_taken`,
 *   `sku_missing`, `product_not_found`
 */
export async function resolveOne(request: FastifyRequest, parked: Parked, body: ResolutionBody): Promise<Resolved> {
  const { workflows } = request.server.deps;
  const { action, reason } = body;
  const by = request.actor.keyId;
  const { workflowId, starts, isAboutListing } = await noteDecision(request, parked, body);
  if (workflowId !== null) {
    const outcome = await workflows.resolveAttention(workflowId, { action, by }, `${parked.id}/${action}/${by}`);
    if (outcome === 'over') await closeLeftOver(request, parked, { workflowId, action });
  }
  await startDropships(request, starts);
  if (isAboutListing) triggerWriteBack(request, parked.accountId);
  return { id: parked.id, action, reason };
}

/** After a reset by support: the new run did not park at this step, and has ended. The attention is still open. */
const closeLeftOver = (
  request: FastifyRequest,
  { accountId }: Parked,
  closing: { workflowId: string; action: ResolutionAction },
): Promise<void> =>
  actIn(request, accountId, (db) => closeWithEvent(db, { ...closing, actor: authorOf(request).actor }));

async function noteDecision(
  request: FastifyRequest,
  { id, accountId }: Parked,
  { action, reason, note, productId }: ResolutionBody,
): Promise<Noted> {
  return actIn(request, accountId, async (db) => {
    const { attention, decision } = await readUnderLock(db, id);
    if (isDecided(decision, { action, by: request.actor.keyId })) return { workflowId: null, starts: [] };
    assertPossible(attention.step, action);
    if (attention.listingId !== null) {
      // The reason comes last: an attention is locked after all that a decision about a SKU locks.
      await decideSku(db, attention, { action, productId, by: request.actor.keyId });
      await noteReason(db, id, { reason, note });
      const details = { decision: action, ...(productId !== undefined && { productId }) };
      const event = { action: 'listing.sku_decided', subjectId: attention.listingId, details } as const;
      await recordAudit(db, authorOf(request), event);
      return { workflowId: null, starts: [], isAboutListing: true };
    }
    await noteReason(db, id, { reason, note });
    const details = { step: attention.step, code: attention.code, decision: action };
    await recordAudit(db, authorOf(request), { action: 'attention.resolved', subjectId: id, details });
    if (attention.workflowId !== null) return { workflowId: attention.workflowId, starts: [] };
    const { actor } = authorOf(request);
    const { orderId, step } = attention;
    if (step === 'edit') await dismissPending(db, { orderId, reason, actor });
    if (step === 'cancel') await letShip(db, { orderId, actor });
    const dropshipIds = step === 'route' ? await decideRoute(db, attention, { action, actor }) : [];
    return { workflowId: null, starts: await listDropshipStarts(db, dropshipIds) };
  });
}

/**
 * An order that waits without a workflow is locked before its attention, as by all others that decide about it. Another
 * person may have decided before that lock.
 */
async function readUnderLock(db: AccountDb, id: string): ReturnType<typeof requireDecidable> {
  const read = await requireDecidable(db, id);
  const { orderId, workflowId } = read.attention;
  if (orderId === null || workflowId !== null) return read;
  await lockOrder(db, orderId);
  return requireDecidable(db, id);
}
