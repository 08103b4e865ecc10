import { DomainError } from '../errors.ts';
import { isUndecided, recordedShipments, reopen, type DropshipState, type StateShipment } from './state.ts';
import {
  assertRenumbered,
  voidedAlready,
  voidReasons,
  type TrackingChange,
  type VoidReason,
} from '../shipments/corrections.ts';

/**
 * `revision`: of a shipment that came from further down a chain and whose row has the change already. Without it, the
 * supplier's own shipment gets its next revision. `by`: the actor.
 */
type ShipmentMessage = { shipmentId: string; revision?: number; by: string };
/** `textsId`: of the row that has the other changed fields. */
type CorrectionMessage = ShipmentMessage &
  Pick<TrackingChange, 'method' | 'carrier' | 'trackingNumber'> & { textsId?: string };
type VoidMessage = ShipmentMessage & { reason: VoidReason };

/**
 * Whether a shipment may be corrected. A revision that is known already is accepted again.
 * @throws DomainError `dropship_not_open`, `shipment_not_found`, `shipment_voided`, `tracking_already_recorded`,
 *   `invalid_request`
 */
export function assertCorrectable(state: DropshipState, message: CorrectionMessage): void {
  assertMessage(message, [...changeFaults(message)]);
  if (isUndecided(state)) return;
  const shipment = requireShipment(state, message.shipmentId);
  if (isKnownRevision(shipment, message)) return;
  if (shipment.voided) throw voidedAlready();
  const others = recordedShipments(state).filter((other) => other !== shipment);
  const isNumbered = message.method === undefined || message.method === 'tracked';
  assertRenumbered(others, shipment, isNumbered ? (message.trackingNumber ?? shipment.trackingNumber) : null);
}

/** @throws DomainError `dropship_not_open`, `shipment_not_found`, `shipment_voided`, `invalid_request` */
export function assertVoidable(state: DropshipState, message: VoidMessage): void {
  const isReason = voidReasons.some((known) => known === message.reason);
  assertMessage(message, isReason ? [] : [{ pointer: '/reason', detail: `is none of ${voidReasons.join(', ')}` }]);
  if (isUndecided(state)) return;
  // A shipment from further down that never arrived here has nothing to void.
  if (message.revision !== undefined && !findShipment(state, message)) return;
  const shipment = requireShipment(state, message.shipmentId);
  if (shipment.voided && !isKnownRevision(shipment, message)) throw voidedAlready();
}

/** Takes over a shipment's newer revision from its row. A void opens its units again, once. @returns whether it was newer */
export function followShipment(
  state: DropshipState,
  now: { shipmentId: string; revision: number; trackingNumber: string | null; voided: boolean },
): boolean {
  const shipment = findShipment(state, now);
  if (!shipment || now.revision <= shipment.revision) return false;
  shipment.revision = now.revision;
  shipment.trackingNumber = now.trackingNumber;
  if (now.voided && !shipment.voided) {
    shipment.voided = true;
    reopen(state, shipment);
  }
  return true;
}

const isKnownRevision = (shipment: StateShipment, { revision }: ShipmentMessage): boolean =>
  revision !== undefined && revision <= shipment.revision;

const findShipment = (state: DropshipState, { shipmentId }: { shipmentId: string }): StateShipment | undefined =>
  state.shipments.find((known) => known.shipmentId === shipmentId);

function requireShipment(state: DropshipState, shipmentId: string): StateShipment {
  if (state.lines === null) throw new DomainError('dropship_not_open', 'The supplier does not have the order.');
  const shipment = findShipment(state, { shipmentId });
  if (!shipment) throw new DomainError('shipment_not_found', 'The dropship has no shipment with this id.');
  return shipment;
}

type Fault = { pointer: string; detail: string };

const changeTexts = ['method', 'carrier', 'trackingNumber', 'textsId'] as const;

/** Support types messages by hand. A malformed message would break the handler, so it is refused here. */
function* changeFaults(message: CorrectionMessage): Generator<Fault> {
  const given = changeTexts.filter((field) => message[field] !== undefined);
  if (given.length === 0) yield { pointer: '', detail: 'must change something' };
  for (const field of given) if (!isText(message[field])) yield { pointer: `/${field}`, detail: 'must be a text' };
}

function assertMessage({ shipmentId, revision, by }: ShipmentMessage, more: readonly Fault[]): void {
  const faults: Fault[] = [
    ...(isText(shipmentId) ? [] : [{ pointer: '/shipmentId', detail: 'is missing' }]),
    ...(isText(by) ? [] : [{ pointer: '/by', detail: 'is missing' }]),
    ...(revision === undefined || Number.isInteger(revision)
      ? []
      : [{ pointer: '/revision', detail: 'must be a whole number' }]),
    ...more,
  ];
  if (faults.length > 0)
    throw new DomainError(
      'invalid_request',
      'A correction or void needs the shipment, its change or reason, and the actor.',
      faults,
    );
}

const isText = (text: unknown) => typeof text === 'string' && text.trim() !== '';
