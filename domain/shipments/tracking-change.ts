import { DomainError } from '../errors.ts';
import { carrierMeant, carrierName, trackingUrl } from './carriers.ts';
import { assertNotVoided, assertRenumbered, type ShipmentTracking, type TrackingChange } from './corrections.ts';
import { fieldsOfMethod, methodFaults } from './method.ts';
import type { KnownShipment, ShipmentLine, ShipmentStatus } from './shipment.ts';
import { readTrackingNumber } from './tracking-cell.ts';

/** Corrections of a tracking that need the table of carriers. Workflows need none: each would evaluate the table anew. */

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
