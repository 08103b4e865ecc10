import type { FastifyRequest } from 'fastify';
import { noteReason, requireDecidable, closeWithEvent } from '../../db/attentions.ts';
import { listDropshipStarts, type DropshipStart } from '../../db/dropships/dropships.ts';
import { dismissPending } from '../../db/orders/edits.ts';
import { decideRoute } from '../../db/orders/reroute.ts';
import { assertPossible, isDecided, type ResolutionAction } from '../../domain/attention.ts';
import { actIn } from '../request/acting.ts';
import { authorOf } from '../plugins/auth.ts';
import type { Resolved, ResolutionBody } from '../schemas/attentions.ts';

type Parked = { id: string; accountId: string };
/** Either a workflow waits for the decision, or the transaction has carried it out and there is something to start. */
type Noted = { workflowId: string | null; starts: DropshipStart[] };

/**
 * Decides about one parked step. The reason is noted first and stays here, since a note may not travel (law 8); both
 * that and the decision change nothing when they are repeated, whatever happens in between.
 * @throws DomainError `attention_not_found`, `resolution_not_possible`, `nothing_parked`, `temporal_unavailable`
 */
export async function resolveOne(request: FastifyRequest, parked: Parked, body: ResolutionBody): Promise<Resolved> {
  const { workflows } = request.server.deps;
  const { action, reason } = body;
  const by = request.actor.keyId;
  const { workflowId, starts } = await noteDecision(request, parked, body);
  if (workflowId !== null) {
    const outcome = await workflows.resolveAttention(workflowId, { action, by }, `${parked.id}/${action}/${by}`);
    if (outcome === 'over') await closeLeftOver(request, parked, { workflowId, action });
  }
  await workflows.startDropships(starts);
  return { id: parked.id, action, reason };
}

/** A run that was reset has gone past the step that the run before it had parked with, and has ended since. */
const closeLeftOver = (
  request: FastifyRequest,
  { accountId }: Parked,
  closing: { workflowId: string; action: ResolutionAction },
): Promise<void> =>
  actIn(request, accountId, (db) => closeWithEvent(db, { ...closing, actor: authorOf(request).actor }));

async function noteDecision(
  request: FastifyRequest,
  { id, accountId }: Parked,
  { action, reason, note }: ResolutionBody,
): Promise<Noted> {
  return actIn(request, accountId, async (db) => {
    const { attention, decision } = await requireDecidable(db, id);
    if (isDecided(decision, { action, by: request.actor.keyId })) return { workflowId: null, starts: [] };
    assertPossible(attention.step, action);
    await noteReason(db, id, { reason, note });
    if (attention.workflowId !== null) return { workflowId: attention.workflowId, starts: [] };
    const { actor } = authorOf(request);
    if (attention.step === 'edit') await dismissPending(db, { orderId: attention.orderId, reason, actor });
    const dropshipIds = attention.step === 'edit' ? [] : await decideRoute(db, attention, { action, actor });
    return { workflowId: null, starts: await listDropshipStarts(db, dropshipIds) };
  });
}
