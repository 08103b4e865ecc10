import { carrierMeant, carrierName, trackingUrl } from './carriers.ts';
import { DomainError } from '../errors.ts';
import { fieldsOfMethod, methodFaults, type ShipmentMethod } from './method.ts';
import {
  assertNotRecorded,
  isSameNumber,
  type KnownShipment,
  type ShipmentLine,
  type ShipmentStatus,
} from './shipment.ts';
import { readTrackingNumber } from './tracking-cell.ts';

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

type Known = ShipmentTracking & { id: string; status: ShipmentStatus; lines: readonly ShipmentLine[] };
type Sister = { id: string; status: ShipmentStatus; trackingNumber: string | null; lines: readonly ShipmentLine[] };

/**
 * A correction as a person enters it: the carrier in any spelling, perhaps with its service behind it; the number as it
 * stands in a spreadsheet.
 * @throws DomainError `carrier_name_missing`, `tracking_not_acceptable`
 */
export function changeMeant(entered: TrackingChange): TrackingChange {
  const { carrier, carrierName: givenName, trackingNumber: cell } = entered;
  const isSameName = carrier === undefined || (carrier === 'other' && givenName === undefined);
  const meant = isSameName ? undefined : carrierMeant({ ...entered, carrier });
  return {
    ...entered,
    ...meant,
    // The name of a carrier of the table follows from its code.
    ...(meant && meant.carrier !== 'other' && { carrierName: undefined }),
    ...(cell !== undefined && { trackingNumber: readTrackingNumber(cell) }),
  };
}

/**
 * A shipment's tracking after a correction. With a new carrier or number, and no URL given, the tracking page is that of
 * the new number.
 * @throws DomainError `carrier_name_missing`, `invalid_request` for a field that its method needs or refuses
 */
export function corrected(current: ShipmentTracking, change: TrackingChange): ShipmentTracking {
  const method = change.method ?? (change.trackingNumber === undefined ? current.method : 'tracked');
  const stays = fieldsOfMethod(method, current);
  const faults = methodFaults(method, { ...stays, ...given(change) });
  if (faults.length > 0) throw new DomainError('invalid_request', 'The correction does not fit the method.', faults);
  const code = change.carrier ?? stays.carrier;
  const trackingNumber = change.trackingNumber ?? stays.trackingNumber;
  const givenName = change.carrierName ?? (code === stays.carrier ? stays.carrierName : undefined);
  const isMoved = code !== current.carrier || trackingNumber !== current.trackingNumber;
  return {
    method,
    carrier: code,
    carrierName: code === null ? null : carrierName(code, givenName ?? undefined),
    trackingNumber,
    trackingUrl: change.trackingUrl ?? (isMoved ? pageOf(code, trackingNumber) : stays.trackingUrl),
    // Another carrier has other services.
    service: change.service ?? (code === current.carrier ? current.service : null),
  };
}

const given = (change: TrackingChange): TrackingChange =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

const pageOf = (code: string | null, number: string | null): string | null =>
  code === null || number === null ? null : (trackingUrl(code, number) ?? null);

export const isSameTracking = (one: ShipmentTracking, other: ShipmentTracking): boolean =>
  one.method === other.method &&
  one.carrier === other.carrier &&
  one.carrierName === other.carrierName &&
  one.trackingNumber === other.trackingNumber &&
  one.trackingUrl === other.trackingUrl &&
  one.service === other.service;

/**
 * @param sisters all shipments of its order
 * @returns the tracking as it will be
 * @throws DomainError `shipment_voided`, `tracking_already_recorded`, and as `corrected`
 */
export function correctionOf(shipment: Known, change: TrackingChange, sisters: readonly Sister[]): ShipmentTracking {
  assertNotVoided(shipment);
  const next = corrected(shipment, change);
  const others = sisters
    .filter(({ id, status }) => id !== shipment.id && status === 'recorded')
    .map((sister): KnownShipment => ({ ...sister, shipmentId: sister.id }));
  assertRenumbered(others, { trackingNumber: shipment.trackingNumber, lines: shipment.lines }, next.trackingNumber);
  return next;
}

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
