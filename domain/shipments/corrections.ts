import { DomainError } from '../errors.ts';
import type { OrderStatus } from '../orders/order.ts';
import type { ShipmentMethod } from './method.ts';
import { isDropshipped } from './route.ts';
import {
  assertNotRecorded,
  isSameNumber,
  type KnownShipment,
  type ShipmentLine,
  type ShipmentStatus,
} from './shipment.ts';

export const voidReasons = ['not_sent', 'wrong_order', 'duplicate', 'other'] as const;
export type VoidReason = (typeof voidReasons)[number];

/**
 * The fields of a shipment that may be corrected. A field that is left out stays as it is. A number alone makes an
 * untracked shipment a tracked one.
 */
export type TrackingChange = {
  method?: ShipmentMethod | undefined;
  carrier?: string | undefined;
  carrierName?: string | undefined;
  trackingNumber?: string | undefined;
  trackingUrl?: string | undefined;
  service?: string | undefined;
};

/** A shipment's tracking, as its row stores it. */
export type ShipmentTracking = {
  method: ShipmentMethod;
  carrier: string | null;
  carrierName: string | null;
  trackingNumber: string | null;
  trackingUrl: string | null;
  service: string | null;
};

export const isSameTracking = (one: ShipmentTracking, other: ShipmentTracking): boolean =>
  one.method === other.method &&
  one.carrier === other.carrier &&
  one.carrierName === other.carrierName &&
  one.trackingNumber === other.trackingNumber &&
  one.trackingUrl === other.trackingUrl &&
  one.service === other.service;

/**
 * With its new number a shipment must not be the same as another shipment: same tracking number and units (rules §5).
 * @param others recorded shipments of the same order
 * @throws DomainError `tracking_already_recorded`
 */
export function assertRenumbered(
  others: readonly KnownShipment[],
  itself: { trackingNumber: string | null; lines: readonly ShipmentLine[] },
  trackingNumber: string | null,
): void {
  if (isSameNumber(trackingNumber, itself.trackingNumber)) return;
  assertNotRecorded(others, trackingNumber, itself.lines);
}

/** A voided shipment stays as it was. @throws DomainError `shipment_voided` */
export function assertNotVoided({ status }: { status: ShipmentStatus }): void {
  if (status === 'voided') throw voidedAlready();
}

export const voidedAlready = () => new DomainError('shipment_voided', 'The shipment is voided; record a new one.');

/** What decides who changes a shipment. */
type ChangePlace = { originDropshipId: string | null };

/** `message`: its units belong to a dropship, whose workflow writes them (law 3). `own`: only this account is concerned. */
type ChangeRoute = { via: 'message'; dropshipId: string } | { via: 'own' };

/**
 * The account that recorded a shipment corrects and voids it.
 * @throws DomainError `order_dropshipped` for one that came from a supplier
 */
export function changeRoute(shipment: { dropshipId: string | null }, order: ChangePlace): ChangeRoute {
  const { dropshipId } = shipment;
  if (dropshipId === null) return { via: 'own' };
  if (dropshipId === order.originDropshipId) return { via: 'message', dropshipId };
  throw new DomainError(
    'order_dropshipped',
    'The shipment is the supplier’s: only the supplier can correct or void it.',
  );
}

/**
 * An order whose account ships it takes the units of a void shipment back.
 * @throws DomainError `order_is_split`, `order_dropshipped`: nobody would ship them
 */
export function assertTakesVoids({
  status,
  dropship,
}: { status: OrderStatus } & Parameters<typeof isDropshipped>[0]): void {
  if (status === 'split')
    throw new DomainError('order_is_split', 'The order is split: its leaves would not have these units.');
  if (isDropshipped({ dropship }))
    throw new DomainError('order_dropshipped', 'The order is dropshipped: its supplier would not have these units.');
}
