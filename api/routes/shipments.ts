import { attentionOfShipment, listAttentionsOfOrders } from '../../db/attentions.ts';
import { requireShipment } from '../../db/shipments/shipments.ts';
import type { App } from '../deps.ts';
import { forAccount } from '../plugins/auth.ts';
import { read } from '../request/reading.ts';
import { shipmentContent, recordShipment } from '../commands/record-shipment.ts';
import { answers, idParams } from '../schemas/common.ts';
import { newShipment, shipment, toShipment } from '../schemas/shipments.ts';

const tags = ['shipments'];

export function shipmentRoutes(app: App): void {
  app.post(
    '/orders/:id/shipments',
    {
      config: { access: forAccount('write') },
      schema: {
        tags,
        operationId: 'createShipment',
        summary: 'Records a shipment; its tracking travels to the merchant and its shop',
        params: idParams,
        body: newShipment,
        response: answers({ 201: shipment }),
      },
    },
    async (request) => {
      const content = shipmentContent(request.body, app.deps.now());
      return toShipment(await recordShipment(request, { orderId: request.params.id, content }));
    },
  );
  app.get(
    '/shipments/:id',
    {
      config: { access: forAccount('read') },
      schema: {
        tags,
        operationId: 'getShipment',
        summary: 'How far it travelled',
        params: idParams,
        response: answers({ 200: shipment }),
      },
    },
    (request) =>
      read(request, async (db) => {
        const found = await requireShipment(db, request.params.id);
        const parked = await listAttentionsOfOrders(db, [found.orderId]);
        return toShipment(found, attentionOfShipment(parked, found));
      }),
  );
}
