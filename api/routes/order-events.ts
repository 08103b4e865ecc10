import { readActorNames } from '../../db/accounts/actor-names.ts';
import { listOrderEvents } from '../../db/orders/events.ts';
import { requireOrder } from '../../db/orders/view.ts';
import type { App } from '../deps.ts';
import { forAccount } from '../plugins/auth.ts';
import { read } from '../request/reading.ts';
import { answers, idParams, pageOf, pageQuery } from '../schemas/common.ts';
import { orderEvent, toOrderEvent } from '../schemas/order-events.ts';

export function orderEventRoutes(app: App): void {
  app.get(
    '/orders/:id/events',
    {
      config: { access: forAccount('read') },
      schema: {
        tags: ['orders'],
        operationId: 'listOrderEvents',
        summary: 'Lists the timeline of an order, with those of its parent and leaves',
        params: idParams,
        querystring: pageQuery,
        response: answers({ 200: pageOf(orderEvent) }, 'A page of events.'),
        errors: ['order_not_found'],
      },
    },
    (request) =>
      read(request, async (db) => {
        const { merchantName } = await requireOrder(db, request.params.id);
        const { data, nextCursor } = await listOrderEvents(db, request.params.id, request.query);
        const actors = data.map((event) => event.actor);
        const nameOf = await readActorNames(db, { actors, merchantName });
        return { data: data.map((event) => toOrderEvent(event, nameOf(event.actor))), nextCursor };
      }),
  );
}
