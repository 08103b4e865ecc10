import { correct, voidOf } from '../commands/change-shipment.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { forAccount } from '../plugins/auth.ts';
import { answers, idParams } from '../schemas/common.ts';
import { correction, newVoid, shipment, toShipment } from '../schemas/shipments.ts';

const tags = ['shipments'];
const correctionErrors: readonly ErrorCode[] = [
  'shipment_not_found',
  'shipment_voided',
  'order_dropshipped',
  'tracking_already_recorded',
  'carrier_name_missing',
  'tracking_not_acceptable',
  'dropship_not_open',
  'temporal_unavailable',
];
const voidErrors: readonly ErrorCode[] = [
  'shipment_not_found',
  'shipment_voided',
  'order_is_split',
  'order_dropshipped',
  'dropship_not_open',
  'temporal_unavailable',
];

export function shipmentChangeRoutes(app: App): void {
  app.patch(
    '/shipments/:id',
    {
      config: { access: forAccount('ship'), takesKey: true },
      schema: {
        tags,
        operationId: 'correctShipment',
        summary: 'Corrects the tracking; the fulfillment at the shop is updated, never created again',
        params: idParams,
        body: correction,
        response: answers({ 200: shipment }, 'The shipment as it is now.'),
        errors: correctionErrors,
      },
    },
    async (request) => toShipment(await correct(request, request.params.id, { entered: request.body })),
  );
  app.post(
    '/shipments/:id/void',
    {
      config: { access: forAccount('ship') },
      schema: {
        tags,
        operationId: 'voidShipment',
        summary: 'Voids a shipment: its units are open again, and the fulfillment at the shop is cancelled',
        params: idParams,
        body: newVoid,
        response: answers({ 200: shipment }, 'The voided shipment.'),
        errors: voidErrors,
      },
    },
    async (request) => toShipment(await voidOf(request, request.params.id, request.body)),
  );
}
