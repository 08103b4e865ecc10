import type { App } from '../deps.ts';
import type { Access } from '../plugins/auth.ts';
import { answers } from '../schemas/common.ts';
import { foundOrders, supportQuery } from '../schemas/support.ts';

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
        response: answers({ 200: foundOrders }, 'The orders of this number or id.'),
      },
    },
    async () => ({ data: [] }),
  );
}
