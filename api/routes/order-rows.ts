import type { App } from '../deps.ts';
import { listOrderRows } from '../../db/orders/rows.ts';
import { asBuilt } from '../plugins/as-built.ts';
import { forAccount } from '../plugins/auth.ts';
import { readOrders } from '../request/reading.ts';
import { answers, pageOf } from '../schemas/common.ts';
import { orderQuery, toOrderFilter } from '../schemas/order-query.ts';
import { orderRow, toOrderRow } from '../schemas/order-rows.ts';

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
    async (request) => {
      const { limit, cursor } = request.query;
      const filter = toOrderFilter(request.query);
      const page = await readOrders(request, filter, (db) => listOrderRows(db, filter, { limit, cursor }));
      return { data: page.data.map(toOrderRow), nextCursor: page.nextCursor };
    },
  );
}
