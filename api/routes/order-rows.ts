import type { App } from '../deps.ts';
import { DomainError } from '../../domain/errors.ts';
import { asBuilt } from '../plugins/as-built.ts';
import { forAccount } from '../plugins/auth.ts';
import { answers, pageOf } from '../schemas/common.ts';
import { orderQuery } from '../schemas/order-query.ts';
import { orderRow } from '../schemas/order-rows.ts';

export function orderRowRoutes(app: App): void {
  app.get(
    '/order-rows',
    {
      config: { access: forAccount('read') },
      serializerCompiler: asBuilt(app),
      schema: {
        tags: ['orders'],
        operationId: 'listOrderRows',
        summary: 'Lists the orders in short: what a list shows of each',
        querystring: orderQuery,
        response: answers({ 200: pageOf(orderRow) }, 'A page of orders in short.'),
      },
    },
    () => {
      throw new DomainError('unexpected', 'Not there yet.');
    },
  );
}
