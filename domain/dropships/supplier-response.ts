import { rejectReasons, type RejectReason } from '../orders/supplier-response.ts';
import { assertWithSupplier, isUndecided, type DropshipState, type StateLine } from './state.ts';
import { DomainError, type Fault } from '../errors.ts';
import { unitsLeft } from '../orders/order.ts';
import { linesToShip, type ShipmentLine } from '../shipments/shipment.ts';

type Responder = { actor: { kind: string; id: string }; orderId: string };
type AcceptanceMessage = Responder & { expectedShipAt?: string };
/** `lines` by the merchant's line ids; null: all that is open. */
type RejectionMessage = Responder & { reason: RejectReason; lines: readonly ShipmentLine[] | null };

/**
 * Whether the supplier may say that it will ship. It may say so again, with another time. While the import is undecided
 * only the message's shape is checked.
 * @throws DomainError `dropship_not_open`, `order_is_split`, `order_cancelled`, `order_shipped`, `invalid_request`
 */
export function assertAcceptance(state: DropshipState, message: AcceptanceMessage): void {
  const time = message.expectedShipAt;
  const isTime = time === undefined || (isText(time) && !Number.isNaN(Date.parse(time)));
  assertMessage(message, isTime ? [] : [{ pointer: '/expectedShipAt', detail: 'is no time' }]);
  if (!isUndecided(state)) openLines(state);
}

/**
 * Whether the supplier may reject units: only while none has shipped.
 * @throws DomainError `line_not_found`, `quantity_exceeds_open`, and as `assertAcceptance`
 */
export function assertRejection(state: DropshipState, message: RejectionMessage): void {
  const isReason = rejectReasons.includes(message.reason);
  const isList = message.lines === null || Array.isArray(message.lines);
  assertMessage(message, [
    ...(isReason ? [] : [{ pointer: '/reason', detail: `is none of ${rejectReasons.join(', ')}` }]),
    ...(isList ? [] : [{ pointer: '/lines', detail: 'must be null, or a list of lines' }]),
  ]);
  if (isUndecided(state)) return;
  const lines = openLines(state);
  if (message.lines !== null) linesToShip(lines, message.lines);
}

/**
 * The units that remain with the supplier and those that it rejects, as the groups of a split.
 * @returns null when all open units are rejected: no split is needed
 */
export function groupsOf(
  state: DropshipState,
  rejected: readonly ShipmentLine[] | null,
): { remaining: ShipmentLine[]; rejected: ShipmentLine[] } | null {
  if (rejected === null) return null;
  const lines = openLines(state);
  const back = linesToShip(lines, rejected);
  const backOf = (lineId: string) => back.find((line) => line.lineId === lineId)?.quantity ?? 0;
  const remaining = lines
    .map((line) => ({ lineId: line.lineId, quantity: unitsLeft(line) - backOf(line.lineId) }))
    .filter(({ quantity }) => quantity > 0);
  return remaining.length === 0 ? null : { remaining, rejected: back };
}

/**
 * Takes all open units out of this dropship, so that no shipment and no cancel can get them.
 * @param ended `split` where some units stay with the supplier
 * @returns undoes it, for when the supplier's rows could not be written
 */
export function takeAway(state: DropshipState, ended: 'rejected' | 'split'): () => void {
  const taken = state.lines!.map((line) => ({ line, units: unitsLeft(line) }));
  for (const { line, units } of taken) line.cancelled += units;
  state.ended = ended;
  return () => {
    for (const { line, units } of taken) line.cancelled -= units;
    state.ended = null;
  };
}

function openLines(state: DropshipState): StateLine[] {
  assertWithSupplier(state);
  if (state.lines === null) throw new DomainError('dropship_not_open', 'The supplier does not have the order.');
  if (state.lines.some((line) => line.shipped > 0))
    throw new DomainError('order_shipped', 'Units of the order have shipped already.');
  if (state.lines.every((line) => unitsLeft(line) === 0))
    throw new DomainError('order_cancelled', 'The order is cancelled.');
  return state.lines;
}

/** Support types messages by hand. A malformed message would break the handler, so it is refused here. */
function assertMessage({ actor, orderId }: Responder, faults: readonly Fault[]): void {
  const by = actor as Partial<Responder['actor']> | undefined;
  const all = [
    ...faults,
    ...(isText(by?.kind) && isText(by?.id) ? [] : [{ pointer: '/actor', detail: 'must have a kind and an id' }]),
    ...(isText(orderId) ? [] : [{ pointer: '/orderId', detail: 'is missing' }]),
  ];
  if (all.length > 0)
    throw new DomainError('invalid_request', 'An acceptance or a rejection needs the order and the actor.', all);
}

const isText = (text: unknown): text is string => typeof text === 'string' && text !== '';
