import type { NewShipment, NewVoid, ShipmentCorrection } from '../../../../clients/typescript/src/index.ts';
import { api, sent } from '../client.ts';
import type { Shipment } from '../queries/orders.ts';

interface Keyed<B> {
  readonly id: string;
  /** One for one intent. */
  readonly key: string;
  readonly body: B;
}

const headerOf = (key: string) => ({ 'idempotency-key': key });

/** Records a shipment of the order `id`. @throws ApiError */
export const createShipment = (account: string, { id, key, body }: Keyed<NewShipment>): Promise<Shipment> =>
  sent(() => api(account).POST('/v1/orders/{id}/shipments', { params: { path: { id }, header: headerOf(key) }, body }));

/** @throws ApiError */
export const correctShipment = (account: string, { id, key, body }: Keyed<ShipmentCorrection>): Promise<Shipment> =>
  sent(() => api(account).PATCH('/v1/shipments/{id}', { params: { path: { id }, header: headerOf(key) }, body }));

/** @throws ApiError */
export const voidShipment = (account: string, { id, key, body }: Keyed<NewVoid>): Promise<Shipment> =>
  sent(() => api(account).POST('/v1/shipments/{id}/void', { params: { path: { id }, header: headerOf(key) }, body }));
