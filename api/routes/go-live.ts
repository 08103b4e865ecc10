import type { FastifyRequest } from 'fastify';
import { recordAudit } from '../../db/audit-events.ts';
import { listDropshipStarts } from '../../db/dropships.ts';
import { handOnEach, listCandidates } from '../../db/go-live.ts';
import { requireSupplier } from '../../db/suppliers.ts';
import { resultsOf } from '../batch-results.ts';
import type { App } from '../deps.ts';
import { intake } from '../intake.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { read } from '../reading.ts';
import { answers, batchResults, idParams, pageOf } from '../schemas/common.ts';
import { candidate, candidateQuery, goLive, type GoLive } from '../schemas/go-live.ts';

const tags = ['suppliers'];

/** Assigning products sends nothing that was there before: going live is asking what would cross, and naming it. */
export function goLiveRoutes(app: App): void {
  app.get(
    '/suppliers/:id/go-live',
    {
      config: { access: forAccount('read') },
      schema: {
        tags,
        summary: 'Existing orders that would cross to the supplier if you named them: a dry run',
        params: idParams,
        querystring: candidateQuery,
        response: answers({ 200: pageOf(candidate) }),
      },
    },
    (request) =>
      read(request, async (db) => {
        const { id: supplierId } = await requireSupplier(db, request.params.id);
        const { placedFrom, ...page } = request.query;
        return listCandidates(db, { supplierId, placedFrom }, page);
      }),
  );
  app.post(
    '/suppliers/:id/go-live',
    {
      config: { access: forAccount('write') },
      schema: {
        tags,
        summary: 'Hands up to 200 existing orders on to the supplier, those that are named and no others',
        params: idParams,
        body: goLive,
        response: answers({ 200: batchResults }),
      },
    },
    (request) => handOn(request, request.params.id, request.body),
  );
}

async function handOn(request: FastifyRequest, id: string, { orderIds }: GoLive) {
  return intake(request, { status: 200 }, async (db) => {
    const { id: supplierId } = await requireSupplier(db, id);
    const author = authorOf(request);
    const outcomes = await handOnEach(db, { orderIds, supplierId, actor: author.actor });
    const dropshipIds = outcomes.flatMap((outcome) => ('id' in outcome ? outcome.id : []));
    const data = { orders: orderIds.length, failed: orderIds.length - dropshipIds.length };
    await recordAudit(db, author, { action: 'supplier.went_live', subjectId: supplierId, data });
    return { answer: resultsOf(outcomes, request), starts: await listDropshipStarts(db, dropshipIds) };
  });
}
