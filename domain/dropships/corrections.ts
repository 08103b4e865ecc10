import { DomainError } from '../errors.ts';
import { isUndecided, recordedParcels, reopen, type DropshipState, type StateShipment } from './state.ts';
import {
  assertRenumbered,
  voidedAlready,
  voidReasons,
  type TrackingChange,
  type VoidReason,
} from '../shipments/corrections.ts';

/** `revision`: of a parcel from further down, whose rows say it already; the supplier's own gets its next one. */
type Told = { shipmentId: string; revision?: number; by: string };
export type ToldCorrection = Told & TrackingChange;
export type ToldVoid = Told & { reason: VoidReason };

/**
 * Whether a shipment may be corrected. What is known as it is told already passes: telling it again is harmless.
 * @throws DomainError `dropship_not_open`, `shipment_not_found`, `shipment_voided`, `tracking_already_recorded`,
 *   `invalid_request`
 */
export function assertCorrectable(state: DropshipState, told: ToldCorrection): void {
  assertTold(told, [...changeFaults(told)]);
  if (isUndecided(state)) return;
  const parcel = requireParcel(state, told.shipmentId);
  if (isKnownRevision(parcel, told)) return;
  if (parcel.voided) throw voidedAlready();
  const others = recordedParcels(state).filter((other) => other !== parcel);
  assertRenumbered(others, parcel, told.trackingNumber ?? parcel.trackingNumber);
}

/** @throws DomainError `dropship_not_open`, `shipment_not_found`, `shipment_voided`, `invalid_request` */
export function assertVoidable(state: DropshipState, told: ToldVoid): void {
  const isReason = voidReasons.some((known) => known === told.reason);
  assertTold(told, isReason ? [] : [{ pointer: '/reason', detail: `is none of ${voidReasons.join(', ')}` }]);
  if (isUndecided(state)) return;
  // One from further down that never came here has nothing to void.
  if (told.revision !== undefined && !findParcel(state, told)) return;
  const parcel = requireParcel(state, told.shipmentId);
  if (parcel.voided && !isKnownRevision(parcel, told)) throw voidedAlready();
}

/** Follows what the rows say of a parcel now. A void gives its units back, once. @returns whether anything was new */
export function followParcel(
  state: DropshipState,
  now: { shipmentId: string; revision: number; trackingNumber: string; voided: boolean },
): boolean {
  const parcel = findParcel(state, now);
  if (!parcel || now.revision <= parcel.revision) return false;
  parcel.revision = now.revision;
  parcel.trackingNumber = now.trackingNumber;
  if (now.voided && !parcel.voided) {
    parcel.voided = true;
    reopen(state, parcel);
  }
  return true;
}

const isKnownRevision = (parcel: StateShipment, { revision }: Told): boolean =>
  revision !== undefined && revision <= parcel.revision;

const findParcel = (state: DropshipState, { shipmentId }: { shipmentId: string }): StateShipment | undefined =>
  state.shipments.find((known) => known.shipmentId === shipmentId);

function requireParcel(state: DropshipState, shipmentId: string): StateShipment {
  if (state.lines === null) throw new DomainError('dropship_not_open', 'The supplier does not have the order.');
  const parcel = findParcel(state, { shipmentId });
  if (!parcel) throw new DomainError('shipment_not_found', 'The dropship has no shipment with this id.');
  return parcel;
}

type Fault = { pointer: string; detail: string };

const changeTexts = ['carrier', 'carrierName', 'trackingNumber', 'trackingUrl', 'service'] as const;

/** Support types messages by hand: what would break a handler must be refused here. */
function* changeFaults(told: ToldCorrection): Generator<Fault> {
  const given = changeTexts.filter((field) => told[field] !== undefined);
  if (given.length === 0) yield { pointer: '', detail: 'must change something' };
  for (const field of given) if (!isText(told[field])) yield { pointer: `/${field}`, detail: 'must be a text' };
}

function assertTold({ shipmentId, revision, by }: Told, more: readonly Fault[]): void {
  const faults: Fault[] = [
    ...(isText(shipmentId) ? [] : [{ pointer: '/shipmentId', detail: 'is missing' }]),
    ...(isText(by) ? [] : [{ pointer: '/by', detail: 'is missing' }]),
    ...(revision === undefined || Number.isInteger(revision)
      ? []
      : [{ pointer: '/revision', detail: 'must be a whole number' }]),
    ...more,
  ];
  if (faults.length > 0) throw new DomainError('invalid_request', 'It says which shipment, what and who.', faults);
}

const isText = (text: unknown) => typeof text === 'string' && text.trim() !== '';
