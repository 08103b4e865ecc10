import {
  assertAsked,
  cancelReasons,
  declineReasons,
  notAsked,
  nothingLeft,
  unitsAsked,
  type CancelReason,
  type DeclineReason,
  type Remaining,
} from '../orders/cancel.ts';
import { assertNotEnded, type DropshipState, type StateLine, type SupplierCancel } from './state.ts';
import { DomainError, type Fault } from '../errors.ts';
import type { ShipmentLine } from '../shipments/shipment.ts';

/** Who says so and why; what a cancel must say besides its lines. */
export type CancelMessage = { reason: CancelReason; actor: { kind: string; id: string } };
export type CancelRequest = CancelMessage & { lines: readonly Remaining[] | null };
export type CancelDecline = { reason: DeclineReason; actor: { kind: string; id: string } };
export type CancelAcceptance = CancelMessage & { lines: readonly ShipmentLine[] | null };

/**
 * Whether the merchant may ask to cancel units: before the supplier has the order, and as long as some can be kept from
 * leaving. Asking again for what is asked for already is harmless. Typed by hand like shipments.
 * @throws DomainError `dropship_not_open`, `order_is_split`, `line_not_found`, `already_shipped`, `order_cancelled`,
 *   `invalid_request`
 */
export function assertRequestable(state: DropshipState, request: CancelRequest): void {
  assertMessage(request, 'remaining');
  assertNotEnded(state);
  if (state.cancelled) throw new DomainError('dropship_not_open', 'The dropship has ended.');
  if (state.lines === null) return;
  for (const [index, { lineId }] of (request.lines ?? []).entries())
    if (!state.lines.some((line) => line.lineId === lineId)) throw lineNotFound(lineId, index);
  const wanted = requestedLines(state.lines, request.lines);
  if (wanted.every((line) => unitsAsked(line) === 0)) throw nothingLeft(wanted);
}

/** Notes what the merchant asks for. @returns whether it asks for anything that it had not asked for before */
export function request(state: DropshipState, { lines, reason }: CancelRequest): boolean {
  const wanted = requestedLines(state.lines!, lines);
  const isNew = wanted.some((line) => line.cancelRequested !== find(state.lines!, line.lineId).cancelRequested);
  state.lines = state.lines!.map((line) => wanted.find(({ lineId }) => lineId === line.lineId) ?? line);
  if (isNew) state.cancelReason = reason;
  return isNew;
}

/** What the lines of a request become by it, without changing them. */
export function requestedLines(lines: readonly StateLine[], wanted: readonly Remaining[] | null): StateLine[] {
  const remainingOf = ({ lineId }: StateLine) =>
    wanted ? wanted.find((line) => line.lineId === lineId)?.remaining : 0;
  return lines.flatMap((line) => {
    const remaining = remainingOf(line);
    if (remaining === undefined) return [];
    return { ...line, cancelRequested: Math.max(line.cancelRequested ?? 0, line.quantity - remaining) };
  });
}

/** The shape alone, while a request is still being noted. @throws DomainError `invalid_request` */
export const assertAcceptanceMessage = (acceptance: CancelAcceptance): void => assertMessage(acceptance, 'quantity');

/**
 * Whether the supplier may give up units now.
 * @throws DomainError `no_cancel_requested`, `order_is_split`, `dropship_not_open`, `invalid_request`
 */
export function assertAcceptable(state: DropshipState, acceptance: CancelAcceptance): void {
  assertMessage(acceptance, 'quantity');
  assertNotEnded(state);
  if (toGiveUp(state, acceptance.lines).length === 0) throw notAsked();
}

/** The shape alone, while a request is still being noted. @throws DomainError `invalid_request` */
export function assertDeclineMessage({ reason, actor }: CancelDecline): void {
  const faults = [...reasonFaults(reason, declineReasons), ...actorFaults(actor)];
  if (faults.length > 0) throw new DomainError('invalid_request', 'A decline says why and who.', faults);
}

/**
 * Whether the supplier may decline now.
 * @throws DomainError `no_cancel_requested`, `order_is_split`, `dropship_not_open`, `invalid_request`
 */
export function assertDeclinable(state: DropshipState, message: CancelDecline): void {
  assertDeclineMessage(message);
  assertNotEnded(state);
  assertAsked(state.lines ?? []);
}

/** Closes the request. Also of units that have shipped: a void does not ask for them again. */
export function decline(state: DropshipState): void {
  state.lines = state.lines!.map((line) => ({ ...line, cancelRequested: line.cancelled }));
  state.cancelReason = null;
}

/** Units that were asked for and are cancelled now; `remaining`: what is left of the line then. */
export type GivenUp = Remaining & { quantity: number };

/**
 * Takes units that are asked for out of what is open, before anything is awaited: no shipment gets them any more.
 * @param accepted of each line at most so many; without, all that is asked for
 */
export function giveUp(state: DropshipState, accepted: readonly ShipmentLine[] | null): GivenUp[] {
  return toGiveUp(state, accepted).map(({ lineId, quantity }) => {
    const line = find(state.lines!, lineId);
    line.cancelled += quantity;
    return { lineId, quantity, remaining: line.quantity - line.cancelled };
  });
}

/**
 * Makes units open again which the supplier keeps after all: it has handed them on, or it could not write them.
 * @param nowAtSupplier units that the supplier has now; without it, everything that was given up is open again
 * @returns whether anything stays given up
 */
export function takeBack(
  state: DropshipState,
  givenUp: readonly GivenUp[],
  nowAtSupplier?: readonly Remaining[],
): boolean {
  const returned = givenUp.map(({ lineId, quantity, remaining }) => {
    const has = nowAtSupplier
      ? (nowAtSupplier.find((line) => line.lineId === lineId)?.remaining ?? remaining)
      : remaining + quantity;
    const units = Math.max(0, Math.min(quantity, has - remaining));
    find(state.lines!, lineId).cancelled -= units;
    return units === quantity;
  });
  return !returned.every(Boolean);
}

/** Signals are never refused: one that does not fit is left alone. */
export const isSupplierCancel = (message: Partial<SupplierCancel> | undefined): message is SupplierCancel =>
  cancelReasons.some((known) => known === message?.reason) && areLines(message?.lines, 'remaining');

/** Follows what was cancelled further down a chain. @returns the lines of which more is cancelled than was known */
export function follow(state: DropshipState, remaining: readonly Remaining[]): Remaining[] {
  return remaining.filter(({ lineId, remaining }) => {
    const line = state.lines?.find((candidate) => candidate.lineId === lineId);
    const cancelled = line && Math.min(line.quantity - remaining, line.quantity - line.shipped);
    if (!line || cancelled === undefined || cancelled <= line.cancelled) return false;
    line.cancelled = cancelled;
    return true;
  });
}

function toGiveUp({ lines }: DropshipState, accepted: readonly ShipmentLine[] | null): ShipmentLine[] {
  const most = ({ lineId }: StateLine) =>
    accepted ? (accepted.find((line) => line.lineId === lineId)?.quantity ?? 0) : Infinity;
  return (lines ?? [])
    .map((line) => ({ lineId: line.lineId, quantity: Math.min(unitsAsked(line), most(line)) }))
    .filter(({ quantity }) => quantity > 0);
}

const find = (lines: readonly StateLine[], lineId: string): StateLine => lines.find((line) => line.lineId === lineId)!;

function lineNotFound(lineId: string, index: number): DomainError {
  const detail = `Line ${lineId} is not a line of this order.`;
  return new DomainError('line_not_found', detail, [{ pointer: `/lines/${index}/lineId`, detail }]);
}

/** Support types messages by hand: what would break a handler must be refused here. */
function assertMessage(
  { reason, actor, lines }: CancelMessage & { lines: unknown },
  units: 'remaining' | 'quantity',
): void {
  const faults = [
    ...reasonFaults(reason, cancelReasons),
    ...actorFaults(actor),
    ...(lines === null || areLines(lines, units)
      ? []
      : [{ pointer: '/lines', detail: `must be null, or a list of lines, each with lineId and ${units}` }]),
  ];
  if (faults.length > 0) throw new DomainError('invalid_request', 'A cancel says what, why and who.', faults);
}

const reasonFaults = (reason: string, known: readonly string[]): Fault[] =>
  known.includes(reason) ? [] : [{ pointer: '/reason', detail: `is none of ${known.join(', ')}` }];

const actorFaults = (actor: Partial<CancelMessage['actor']> | undefined): Fault[] =>
  isText(actor?.kind) && isText(actor?.id) ? [] : [{ pointer: '/actor', detail: 'must have a kind and an id' }];

const isText = (text: unknown) => typeof text === 'string' && text !== '';

function areLines(lines: unknown, units: 'remaining' | 'quantity'): boolean {
  const isUnits = (count: unknown) => Number.isInteger(count) && (count as number) >= 0;
  const isLine = (line: Partial<Record<string, unknown>> | null) => isText(line?.['lineId']) && isUnits(line?.[units]);
  return Array.isArray(lines) && lines.every(isLine);
}
