import type { NewShipment, NewVoid, Shipment } from '../../../../clients/typescript/src/index.ts';
import { api, sent } from '../client.ts';

export interface Box {
  readonly order: string;
  /** Of the scan: a repeat records nothing twice. */
  readonly key: string;
  readonly carrier: string;
  readonly carrierName?: string | undefined;
  readonly trackingNumber: string;
  readonly lines: NonNullable<NewShipment['lines']>;
}

/** @throws ApiError where the order changed meanwhile: `order_cancelled`, `quantity_exceeds_open`, `tracking_already_recorded` */
export function shipBox(account: string, { order, key, carrierName, ...box }: Box): Promise<Shipment> {
  const params = { path: { id: order }, header: { 'idempotency-key': key } };
  const body = { ...box, ...(carrierName !== undefined && { carrierName }) };
  return sent(() => api(account).POST('/v1/orders/{id}/shipments', { params, body }));
}

export interface VoidOfBox {
  readonly shipment: string;
  readonly key: string;
  readonly reason: NewVoid['reason'];
}

/** Its units are open again. @throws ApiError `shipment_voided`, `void_not_possible` */
export const voidBox = (account: string, { shipment, key, reason }: VoidOfBox): Promise<Shipment> =>
  sent(() =>
    api(account).POST('/v1/shipments/{id}/void', {
      params: { path: { id: shipment }, header: { 'idempotency-key': key } },
      body: { reason },
    }),
  );
