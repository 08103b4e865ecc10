import { listCandidates } from '../../db/orders/go-live.ts';
import { requireSupplier } from '../../db/accounts/suppliers.ts';
import { resultsOf } from '../request/batch-results.ts';
import type { App } from '../deps.ts';
import { dropshipEach } from '../commands/dropship-each.ts';
import { forAccount } from '../plugins/auth.ts';
import { read, readOne } from '../request/reading.ts';
import { answers, batchResults, idParams, pageOf } from '../schemas/common.ts';
import { candidate, candidateQuery, goLive } from '../schemas/go-live.ts';

const tags = ['suppliers'];

/** Assigned products send no older order. To go live, a merchant lists the orders that would cross, then names some. */
export function goLiveRoutes(app: App): void {
  app.get(
    '/suppliers/:id/go-live',
    {
      config: { access: forAccount('read') },
      schema: {
        tags,
        operationId: 'listGoLiveOrders',
        summary: 'Lists the existing orders that would cross to the supplier if you named them (a dry run)',
        params: idParams,
        querystring: candidateQuery,
        response: answers({ 200: pageOf(candidate) }, 'A page of orders that would cross.'),
        errors: ['supplier_not_found'],
      },
    },
    (request) =>
      read(request, async (db) => {
        const { id: supplierId } = await requireSupplier(db, request.params.id);
        const { placedFrom, ...page } = request.query;
        return listCandidates(db, { supplierId, placedFrom }, page);
      }),
  );
  dropshippingRoute(app);
}

function dropshippingRoute(app: App): void {
  app.post(
    '/suppliers/:id/go-live',
    {
      config: { access: forAccount('write') },
      schema: {
        tags,
        operationId: 'goLive',
        summary: 'Dropships up to 200 existing orders to the supplier: only the named ones',
        params: idParams,
        body: goLive,
        response: answers({ 200: batchResults }, 'The outcome of each order, in the order of the request.'),
        errors: ['supplier_not_found'],
      },
    },
    async (request) => {
      const { id: supplierId } = await readOne(request, (db) => requireSupplier(db, request.params.id));
      return resultsOf(await dropshipEach(request, { supplierId, ...request.body }), request);
    },
  );
}
