import type { FastifyReply, FastifyRequest } from 'fastify';
import { readDocument } from '../../db/documents/reading.ts';
import { requireOrder } from '../../db/orders/view.ts';
import type { Paper } from '../../domain/paper/paper.ts';
import type { App } from '../deps.ts';
import { forAccount } from '../plugins/auth.ts';
import { readOne } from '../request/reading.ts';
import { idParams, pdfAnswers } from '../schemas/common.ts';
import { slipQuery } from '../schemas/print-jobs.ts';

export function packingSlipRoutes(app: App): void {
  app.get(
    '/orders/:id/packing-slip',
    {
      config: { access: forAccount('read') },
      schema: {
        tags: ['paper'],
        operationId: 'getPackingSlip',
        summary: 'Makes the packing slip of an order',
        description:
          'Of an order that a supplier ships for you: as that supplier prints it. It is not noted as printed; a print job is.',
        params: idParams,
        querystring: slipQuery,
        response: pdfAnswers('The packing slip.'),
        errors: [
          'order_not_found',
          'order_is_split',
          'nothing_to_print',
          'temporal_unavailable',
          'document_store_unavailable',
        ],
      },
    },
    (request, reply) => sendSlip(request, reply, { orderId: request.params.id, paper: request.query.paper }),
  );
}

async function sendSlip(
  request: FastifyRequest,
  reply: FastifyReply,
  { orderId, paper }: { orderId: string; paper: Paper },
): Promise<Buffer> {
  const { pool, documents: store, workflows } = request.server.deps;
  const { id } = await readOne(request, (db) => requireOrder(db, orderId));
  const { documentId } = await workflows.makePackingSlip(id, paper);
  const { bytes } = await readDocument({ pool, store, accountId: request.actor.accountId }, documentId);
  void reply.type('application/pdf').header('content-disposition', `inline; filename="packing-slip-${id}.pdf"`);
  return bytes;
}
