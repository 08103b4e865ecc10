import type { ParkedStep } from '../attention.ts';
import { nothingLeft, type AskedUnits, type CancelReason, type Remaining } from '../orders/cancel.ts';
import type { RejectReason } from '../orders/supplier-response.ts';
import { DomainError } from '../errors.ts';
import { unitsLeft } from '../orders/order.ts';
import { methodFaults, shipmentMethods, type ShipmentMethod } from '../shipments/method.ts';
import { assertNotRecorded, linesToShip, type KnownShipment } from '../shipments/shipment.ts';

/** Units of a line of a dropship. `lineId` is the merchant's: both sides know it. */
export type StateLine = AskedUnits & { lineId: string };

/** A shipment in the state. A voided shipment stays, so that its id is not recorded again; its units are open. */
export type StateShipment = KnownShipment & { revision: number; voided: boolean };

/**
 * A shipment that was recorded, corrected or voided. `orderId`: the merchant's leaf, once this revision is relayed to it;
 * it is pushed to that leaf's channel. `by`: who changed it; a parked push of the shipment ends for the change.
 */
export type ShipmentCommand = { shipmentId: string; orderId: string | null; by?: string };
/** Units that are cancelled at the supplier and are now cancelled at the merchant. */
export type SupplierCancel = { lines: Remaining[]; reason: CancelReason };

/**
 * Units that the supplier rejected and that go back to the merchant. `isPart`: a split divided them from the rest.
 * `cancelReason`: why the merchant asked to cancel units, if it did.
 */
export type SupplierReject = { reason: RejectReason; cancelReason: CancelReason | null; isPart: boolean };

/** Work of the main loop, in order: steps that may park. `split`: the merchant's half of a split. */
export type Command =
  | ({ kind: 'shipment' } & ShipmentCommand)
  | ({ kind: 'cancel' } & SupplierCancel)
  | ({ kind: 'reject' } & SupplierReject)
  | { kind: 'split' };

/** What a dropship's workflow knows. Plain JSON, because it is carried over continue-as-new. */
export type DropshipState = {
  opened: boolean;
  released: boolean;
  /** Cancelled before the supplier had the order. */
  cancelled: boolean;
  /** Null until the supplier has the order. */
  lines: StateLine[] | null;
  /** Why the merchant asks to cancel units, once it did. */
  cancelReason: CancelReason | null;
  shipments: StateShipment[];
  backlog: Command[];
  /** Its units left this dropship: to the dropships that a split made, or back to the merchant. */
  ended: 'split' | 'rejected' | null;
  /** The step that was parked when the previous run continued as new. */
  parked: ParkedStep | null;
};

/** @param fresh given for a dropship that was made just now: its rows say no more than this */
export const newState = (fresh?: { released: boolean }): DropshipState => ({
  opened: fresh !== undefined,
  released: fresh?.released ?? false,
  cancelled: false,
  lines: null,
  cancelReason: null,
  shipments: [],
  backlog: [],
  ended: null,
  parked: null,
});

type ShipmentUnits = KnownShipment & { lines: readonly { lineId: string; quantity: number }[] };

/** The texts that a shipment needs besides its lines. */
const shipmentTexts = ['shipmentId', 'shippedAt', 'by'] as const;
/** `method` left out: tracked. */
export type ShipmentToRecord = ShipmentUnits &
  Record<(typeof shipmentTexts)[number], string> & {
    method?: ShipmentMethod;
    carrier: string | null;
  };

/**
 * Whether a shipment may be recorded. While the import is undecided only the message's shape is checked; the handler
 * waits and checks again.
 * @throws DomainError as `assertShippable`
 */
export function assertReceivable(state: DropshipState, shipment: ShipmentToRecord): void {
  if (isUndecided(state)) assertMessage(shipment);
  else assertShippable(state, shipment);
}

/**
 * Whether the dropship accepts this shipment now. A shipment that is known already is accepted again. Support types
 * messages by hand: a shipment that cannot be recorded is refused here, since the workflow would try it for ever.
 * @throws DomainError `dropship_not_open`, `order_is_split`, `order_cancelled`, `line_not_found`,
 *   `quantity_exceeds_open`, `tracking_already_recorded`, `invalid_request` naming what is missing
 */
export function assertShippable(state: DropshipState, shipment: ShipmentToRecord): void {
  if (isKnown(state, shipment.shipmentId)) return;
  assertMessage(shipment);
  assertWithSupplier(state);
  if (state.lines === null) throw new DomainError('dropship_not_open', 'The supplier does not have the order yet.');
  if (isCancelled(state.lines)) throw nothingLeft(state.lines);
  // Before the units: those of a shipment sent twice are not open any more, which would give the wrong code.
  assertNotRecorded(recordedShipments(state), shipment.trackingNumber, shipment.lines);
  linesToShip(state.lines, shipment.lines);
}

function assertMessage(shipment: ShipmentToRecord): void {
  const sent: Partial<Record<string, unknown>> = shipment;
  const isMissing = (field: string) => typeof sent[field] !== 'string' || sent[field].trim() === '';
  const method = shipment.method ?? 'tracked';
  const isMethod = shipmentMethods.some((known) => known === method);
  const needed = method === 'tracked' ? [...shipmentTexts, 'trackingNumber', 'carrier'] : shipmentTexts;
  const faults = needed.filter(isMissing).map((field) => ({ pointer: `/${field}`, detail: 'is missing' }));
  if (!isMethod) faults.push({ pointer: '/method', detail: `is none of ${shipmentMethods.join(', ')}` });
  else if (method !== 'tracked') faults.push(...methodFaults(method, shipment));
  if (!Array.isArray(sent['lines'])) faults.push({ pointer: '/lines', detail: 'is missing' });
  if (Number.isNaN(Date.parse(shipment.shippedAt))) faults.push({ pointer: '/shippedAt', detail: 'is no time' });
  if (faults.length > 0) throw new DomainError('invalid_request', 'A shipment needs each of its fields.', faults);
}

/** Whether the import is undecided: the supplier may or may not have the order, so messages that depend on it wait. */
export const isUndecided = (state: DropshipState): boolean => !state.opened || isImporting(state);

/** Not released yet, as far as the dropship knows. */
export const isWaiting = ({ opened, released, cancelled, lines }: DropshipState): boolean =>
  opened && !released && !cancelled && lines === null;

/**
 * How a message of the supplier finds the dropship. The supplier sees an order that Import Orders has imported a moment
 * before the dropship knows, so a dropship that waits is as one that is importing: its handler finds out.
 */
export const asSupplierSees = (state: DropshipState): DropshipState =>
  isWaiting(state) ? { ...state, released: true } : state;

/** Released, so the supplier may see its order already. Over a paused connection the dropship waits for release again. */
export const isImporting = (state: DropshipState): boolean =>
  state.lines === null && state.released && !state.cancelled;

/**
 * Import Orders has reached the dropship. @param lines given when the supplier has the order by now. A dropship that is
 * importing it finds that out by itself, as does one that has not read its rows yet
 */
export function release(state: DropshipState, lines?: StateLine[]): void {
  const isOpen = state.opened && state.lines === null && !state.cancelled;
  if (lines && isOpen && !isImporting(state)) state.lines = lines;
  state.released = true;
}

export const recordedShipments = ({ shipments }: DropshipState): StateShipment[] =>
  shipments.filter(({ voided }) => !voided);

/** Who changed a shipment again while an earlier command about it is worked on. */
export function changedBy({ backlog }: DropshipState, current: Command): string | undefined {
  if (current.kind !== 'shipment') return undefined;
  const isLater = (command: Command): command is Command & ShipmentCommand =>
    command !== current && command.kind === 'shipment' && command.shipmentId === current.shipmentId;
  return backlog.find(isLater)?.by;
}

/** A shipment, or its void, waits in the main loop for its way to the merchant. */
export const isRelayAwaited = ({ backlog }: DropshipState): boolean =>
  backlog.some((command) => command.kind === 'shipment' && command.orderId === null);

export const isKnown = (state: DropshipState, shipmentId: string): boolean =>
  state.shipments.some((shipment) => shipment.shipmentId === shipmentId);

/** Takes the units in the state, before the handler awaits anything, so that the next message cannot get them. */
export function reserve(state: DropshipState, shipment: ShipmentUnits): void {
  move(state, shipment, 1);
  state.shipments.push({ ...shipment, revision: 1, voided: false });
}

/** Opens the units again when recording failed for good. */
export function unreserve(state: DropshipState, shipment: ShipmentUnits): void {
  reopen(state, shipment);
  state.shipments = state.shipments.filter((known) => known.shipmentId !== shipment.shipmentId);
}

/** Opens the units of a voided shipment again. */
export const reopen = (state: DropshipState, shipment: ShipmentUnits): void => move(state, shipment, -1);

function move(state: DropshipState, { lines }: ShipmentUnits, sign: 1 | -1): void {
  for (const { lineId, quantity } of lines) {
    const line = state.lines?.find((candidate) => candidate.lineId === lineId);
    if (line) line.shipped += sign * quantity;
  }
}

/**
 * The supplier still has the order. It sees a rejected order as cancelled, whichever message comes first.
 * @throws DomainError `order_is_split`, `order_cancelled`
 */
export function assertWithSupplier(state: DropshipState): void {
  if (state.ended === 'rejected') throw new DomainError('order_cancelled', 'The order is rejected.');
  assertNotEnded(state);
}

/** The units have not left this dropship. @throws DomainError `order_is_split`, `dropship_not_open` */
export function assertNotEnded({ ended }: DropshipState): void {
  if (ended === 'split') throw new DomainError('order_is_split', 'The order is split; act on its leaves.');
  if (ended !== null) throw new DomainError('dropship_not_open', 'The dropship has ended.');
}

const isCancelled = (lines: readonly StateLine[]): boolean =>
  lines.length > 0 && lines.every((line) => line.cancelled === line.quantity);

/** Every unit has shipped, is cancelled, or has left this dropship. */
export const isComplete = ({ lines, ended }: DropshipState): boolean =>
  ended !== null || (lines !== null && lines.every((line) => unitsLeft(line) === 0));
