import type { ParkedStep } from '../attention.ts';
import { nothingLeft, type AskedUnits, type CancelReason, type Remaining } from '../orders/cancel.ts';
import type { RejectReason } from '../orders/supplier-response.ts';
import { DomainError } from '../errors.ts';
import { unitsLeft } from '../orders/order.ts';
import { assertNotRecorded, linesToShip, type KnownShipment } from '../shipments/shipment.ts';

/** Units of a dropship, by the merchant's line ids: the ids that both sides know. */
export type StateLine = AskedUnits & { lineId: string };

/** A shipment as the state knows it. A voided shipment keeps its id; its units are open again. */
export type StateShipment = KnownShipment & { revision: number; voided: boolean };

/**
 * A shipment that is recorded, corrected or voided. `orderId`: the merchant's leaf, once it is there as it is now; from
 * there it is pushed to the shop. `by`: who changed it; a push of it that is parked gives way to them.
 */
export type ShipmentCommand = { shipmentId: string; orderId: string | null; by?: string };
/** What was cancelled at the supplier and is to be cancelled at the merchant. */
export type SupplierCancel = { lines: Remaining[]; reason: CancelReason };

/**
 * What the supplier sent back and is to be the merchant's again: all of it, or what a split divided from the rest.
 * `cancelReason`: why the merchant asked to cancel units, if it did.
 */
export type SupplierReject = { reason: RejectReason; cancelReason: CancelReason | null; isPart: boolean };

/** Work of the main loop, done one after the other: what may park. `split`: the merchant's half of one. */
export type Command =
  | ({ kind: 'shipment' } & ShipmentCommand)
  | ({ kind: 'cancel' } & SupplierCancel)
  | ({ kind: 'reject' } & SupplierReject)
  | { kind: 'split' };

/** What a dropship's workflow knows, as plain JSON: it travels over continue-as-new. */
export type DropshipState = {
  opened: boolean;
  released: boolean;
  /** Taken back before the supplier had it. */
  cancelled: boolean;
  /** There once the supplier has the order. */
  lines: StateLine[] | null;
  /** Why the merchant asks to cancel units, once it did. */
  cancelReason: CancelReason | null;
  shipments: StateShipment[];
  backlog: Command[];
  /** Its units have gone to other hands: to the dropships that its split made, or back to the merchant. */
  ended: 'split' | 'rejected' | null;
  /** The step that the run before left parked. */
  parked: ParkedStep | null;
};

export const newState = (): DropshipState => ({
  opened: false,
  released: false,
  cancelled: false,
  lines: null,
  cancelReason: null,
  shipments: [],
  backlog: [],
  ended: null,
  parked: null,
});

export type ShipmentUnits = KnownShipment & { lines: readonly { lineId: string; quantity: number }[] };

/** What a shipment must say besides its lines. */
const shipmentTexts = ['shipmentId', 'trackingNumber', 'carrier', 'carrierName', 'shippedAt', 'by'] as const;
export type ShipmentToRecord = ShipmentUnits & Record<(typeof shipmentTexts)[number], string>;

/**
 * Whether a shipment may come in: at once, or while the import is still under way, then it waits for the end of that.
 * @throws DomainError as `assertShippable`
 */
export function assertReceivable(state: DropshipState, shipment: ShipmentToRecord): void {
  if (isUndecided(state)) assertMessage(shipment);
  else assertShippable(state, shipment);
}

/**
 * Whether the dropship takes this shipment now. One that is known already passes: telling it again is harmless.
 * Support types messages by hand: what could not be recorded must be refused here, since it would be tried for ever.
 * @throws DomainError `dropship_not_open`, `order_is_split`, `order_cancelled`, `line_not_found`,
 *   `quantity_exceeds_open`, `tracking_already_recorded`, `invalid_request` naming what is missing
 */
export function assertShippable(state: DropshipState, shipment: ShipmentToRecord): void {
  if (isKnown(state, shipment.shipmentId)) return;
  assertMessage(shipment);
  assertNotEnded(state);
  if (state.lines === null) throw new DomainError('dropship_not_open', 'The supplier does not have the order yet.');
  if (isCancelled(state.lines)) throw nothingLeft(state.lines);
  // First, since the units of a parcel told twice are gone already: that would be the wrong reason.
  assertNotRecorded(recordedShipments(state), shipment.trackingNumber, shipment.lines);
  linesToShip(state.lines, shipment.lines);
}

function assertMessage(shipment: ShipmentToRecord): void {
  const sent: Partial<Record<string, unknown>> = shipment;
  const isMissing = (field: string) => typeof sent[field] !== 'string' || sent[field].trim() === '';
  const faults = shipmentTexts.filter(isMissing).map((field) => ({ pointer: `/${field}`, detail: 'is missing' }));
  if (!Array.isArray(sent['lines'])) faults.push({ pointer: '/lines', detail: 'is missing' });
  if (Number.isNaN(Date.parse(shipment.shippedAt))) faults.push({ pointer: '/shippedAt', detail: 'is no time' });
  if (faults.length > 0) throw new DomainError('invalid_request', 'A shipment is told whole.', faults);
}

/** Nobody can say yet what the supplier has: messages that need to know wait. */
export const isUndecided = (state: DropshipState): boolean => !state.opened || isImporting(state);

/** Released, and the supplier may see its order already; over a paused connection it goes back to waiting. */
export const isImporting = (state: DropshipState): boolean =>
  state.lines === null && state.released && !state.cancelled;

export const recordedShipments = ({ shipments }: DropshipState): StateShipment[] =>
  shipments.filter(({ voided }) => !voided);

/** Who changed a parcel again while an earlier word about it waits to be told. */
export function changedBy({ backlog }: DropshipState, current: Command): string | undefined {
  if (current.kind !== 'shipment') return undefined;
  const isLater = (command: Command): command is Command & ShipmentCommand =>
    command !== current && command.kind === 'shipment' && command.shipmentId === current.shipmentId;
  return backlog.find(isLater)?.by;
}

export const isKnown = (state: DropshipState, shipmentId: string): boolean =>
  state.shipments.some((shipment) => shipment.shipmentId === shipmentId);

/** Takes the units out of what is open, before anything is awaited: the next message sees them gone. */
export function reserve(state: DropshipState, shipment: ShipmentUnits): void {
  move(state, shipment, 1);
  state.shipments.push({ ...shipment, revision: 1, voided: false });
}

/** Gives the units back when recording failed for good. */
export function unreserve(state: DropshipState, shipment: ShipmentUnits): void {
  reopen(state, shipment);
  state.shipments = state.shipments.filter((known) => known.shipmentId !== shipment.shipmentId);
}

/** Units of a shipment that is none are open again. */
export const reopen = (state: DropshipState, shipment: ShipmentUnits): void => move(state, shipment, -1);

function move(state: DropshipState, { lines }: ShipmentUnits, sign: 1 | -1): void {
  for (const { lineId, quantity } of lines) {
    const line = state.lines?.find((candidate) => candidate.lineId === lineId);
    if (line) line.shipped += sign * quantity;
  }
}

/** Units that went to other hands are no longer this dropship's. @throws DomainError `order_is_split`, `dropship_not_open` */
export function assertNotEnded({ ended }: DropshipState): void {
  if (ended === 'split') throw new DomainError('order_is_split', 'The order is split; act on its leaves.');
  if (ended !== null) throw new DomainError('dropship_not_open', 'The dropship has ended.');
}

const isCancelled = (lines: readonly StateLine[]): boolean =>
  lines.length > 0 && lines.every((line) => line.cancelled === line.quantity);

/** Every unit has shipped or is cancelled, or they are in other hands. */
export const isSettled = ({ lines, ended }: DropshipState): boolean =>
  ended !== null || (lines !== null && lines.every((line) => unitsLeft(line) === 0));
