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

/** Who cancels and why: each message about a cancel has it. */
type CancelMessage = { reason: CancelReason; actor: { kind: string; id: string } };
export type CancelRequest = CancelMessage & { lines: readonly Remaining[] | null };
type CancelDecline = { reason: DeclineReason; actor: { kind: string; id: string } };
type CancelAcceptance = CancelMessage & { lines: readonly ShipmentLine[] | null };

/**
 * Whether the merchant may ask to cancel units: before the supplier has the order, and after it while a named line has a
 * unit that is neither shipped nor cancelled. The same request again is accepted.
 * @throws DomainError `dropship_not_open`, `order_is_split`, `line_not_found`, `order_shipped`, `order_cancelled`,
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

/** Records the units that the merchant asks to cancel. @returns whether it asks for more than before */
export function request(state: DropshipState, { lines, reason }: CancelRequest): boolean {
  const wanted = requestedLines(state.lines!, lines);
  const isNew = wanted.some((line) => line.cancelRequested !== find(state.lines!, line.lineId).cancelRequested);
  state.lines = state.lines!.map((line) => wanted.find(({ lineId }) => lineId === line.lineId) ?? line);
  if (isNew) state.cancelReason = reason;
  return isNew;
}

/** The lines that a request names, with their raised `cancelRequested`. The state does not change. */
export function requestedLines(lines: readonly StateLine[], wanted: readonly Remaining[] | null): StateLine[] {
  const remainingOf = ({ lineId }: StateLine) =>
    wanted ? wanted.find((line) => line.lineId === lineId)?.remaining : 0;
  return lines.flatMap((line) => {
    const remaining = remainingOf(line);
    if (remaining === undefined) return [];
    return { ...line, cancelRequested: Math.max(line.cancelRequested ?? 0, line.quantity - remaining) };
  });
}

/** Checks the shape only: a request that is still being recorded may allow it. @throws DomainError `invalid_request` */
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
type GivenUp = Remaining & { quantity: number };

/**
 * Cancels requested units in the state, before the handler awaits anything, so that no shipment can get them.
 * @param accepted the most units of each line; null: all that are requested
 */
export function giveUp(state: DropshipState, accepted: readonly ShipmentLine[] | null): GivenUp[] {
  return toGiveUp(state, accepted).map(({ lineId, quantity }) => {
    const line = find(state.lines!, lineId);
    line.cancelled += quantity;
    return { lineId, quantity, remaining: line.quantity - line.cancelled };
  });
}

/**
 * Opens units again that the supplier did not cancel: it has dropshipped them, or its write failed.
 * @param nowAtSupplier the remaining units at the supplier; without it, all that was given up is open again
 * @returns whether any unit stays given up
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

/** A Signal cannot be refused, so a malformed one is ignored. */
export const isSupplierCancel = (message: Partial<SupplierCancel> | undefined): message is SupplierCancel =>
  cancelReasons.some((known) => known === message?.reason) && areLines(message?.lines, 'remaining');

/** Takes over what a supplier further down a chain has cancelled. @returns the lines with newly cancelled units */
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

/** Support types messages by hand. A malformed message would break the handler, so it is refused here. */
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
  if (faults.length > 0)
    throw new DomainError('invalid_request', 'A cancel needs a reason, an actor and its lines.', faults);
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
