import { findOrdersForSupport, type FoundOrder } from '../../db/orders/support.ts';
import { workflowIds } from '../../workflows/names.ts';
import type { App, AppDeps } from '../deps.ts';
import type { Access } from '../plugins/auth.ts';
import { readSystem } from '../request/reading.ts';
import { workflowUrl } from '../request/workflow-url.ts';
import { answers } from '../schemas/common.ts';
import { foundAtOnce, foundOrders, supportQuery } from '../schemas/support.ts';

const access: Access = { audience: ['operator'], scope: 'read' };

export function supportRoutes(app: App): void {
  app.get(
    '/support/orders',
    {
      config: { access },
      schema: {
        tags: ['support'],
        operationId: 'findOrders',
        summary: 'Finds orders of all accounts by number or id',
        querystring: supportQuery,
        response: answers({ 200: foundOrders }, 'The orders of this number or id, each with its workflow.'),
      },
    },
    async (request) => {
      const query = { q: request.query.q.trim(), limit: foundAtOnce };
      const orders = await readSystem(request, (db) => findOrdersForSupport(db, query));
      return { data: orders.map((order) => withWorkflow(order, app.deps)) };
    },
  );
}

function withWorkflow(order: FoundOrder, deps: AppDeps) {
  const workflowId = order.dropshipId === null ? null : workflowIds.dropship(order.dropshipId);
  return { ...order, workflowId, workflowUrl: workflowId === null ? null : (workflowUrl(deps, workflowId) ?? null) };
}
