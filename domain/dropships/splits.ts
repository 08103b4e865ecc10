import { unitsAsked, type AskedUnits } from '../orders/cancel.ts';
import { assertNotEnded, isUndecided, type DropshipState } from './state.ts';
import { isLive, type DropshipStatus } from './dropship.ts';
import { DomainError } from '../errors.ts';
import { assertSplittable, statusOf, type OrderStatus, type SplitGroup } from '../orders/order.ts';

/** What decides how a split of an order is done. */
export type SplitPlace = {
  /** The dropship that a supplier's order came by. */
  originDropshipId: string | null;
  /** The order is the whole order that came by that dropship, not a leaf that the supplier made of it by itself. */
  isWholeOrigin: boolean;
  /** The dropship by which the order is dropshipped. */
  dropship: { id: string; status: DropshipStatus } | null;
};

/**
 * `own`: only this account is concerned, so one transaction splits the order. `message`: the order is one side of a
 * dropship, whose workflow alone writes it (law 3). The merchant splits before the supplier has the order, the supplier
 * afterwards.
 */
export type SplitRoute = { via: 'own' } | { via: 'message'; side: SplitSide; dropshipId: string };
export type SplitSide = 'merchant' | 'supplier';

/** How a split of this order is done. `assertDivisible` says whether it is possible. */
export function splitRoute({ originDropshipId, isWholeOrigin, dropship }: SplitPlace): SplitRoute {
  const dropshippedBy = dropship !== null && isLive(dropship.status) ? dropship.id : null;
  if (originDropshipId === null)
    return dropshippedBy === null ? { via: 'own' } : { via: 'message', side: 'merchant', dropshipId: dropshippedBy };
  if (dropshippedBy !== null || !isWholeOrigin) return { via: 'own' };
  return { via: 'message', side: 'supplier', dropshipId: originDropshipId };
}

/** Only the supplier splits an order that is dropshipped. @throws DomainError `order_dropshipped` */
export function assertInHouse({ dropship }: Pick<SplitPlace, 'dropship'>): void {
  if (dropship === null || !isLive(dropship.status)) return;
  throw new DomainError('order_dropshipped', 'The order is dropshipped: only its supplier can split it.');
}

/** A merchant splits before its supplier has the order. @throws DomainError `order_already_imported` */
export function assertNotImported(isImported: boolean): void {
  if (isImported)
    throw new DomainError('order_already_imported', 'The supplier has the order already, or is getting it.');
}

/**
 * Whether these groups may become the leaves of an order.
 * @throws DomainError as `assertSplittable`; `cancel_pending`: nothing says which leaf the requested units belong to
 */
export function assertDivisible(
  order: { status: OrderStatus; lines: readonly (AskedUnits & { lineId: string })[] },
  groups: readonly SplitGroup[],
): void {
  assertSplittable(order.status, order.lines, groups);
  if (order.lines.some((line) => unitsAsked(line) > 0))
    throw new DomainError('cancel_pending', 'Units of the order are asked to be cancelled.');
}

/** The input of a split; its groups have the merchant's line ids. */
export type SplitMessage = { side: SplitSide; groups: readonly SplitGroup[]; actor: { kind: string; id: string } };

/**
 * Whether a dropship may be split now. While the import is undecided only the message's shape is checked; the handler
 * waits and checks again.
 * @throws DomainError `dropship_not_open`, `order_already_imported`, `invalid_request`, and as `assertDivisible`
 */
export function assertSplit(state: DropshipState, split: SplitMessage): void {
  assertMessage(split);
  assertNotEnded(state);
  if (state.cancelled) throw new DomainError('dropship_not_open', 'The dropship has ended.');
  if (isUndecided(state)) return;
  const { lines } = state;
  if (split.side === 'merchant') {
    if (lines !== null) throw new DomainError('order_already_imported', 'The supplier has the order already.');
    return;
  }
  if (lines === null) throw new DomainError('dropship_not_open', 'The supplier does not have the order yet.');
  assertDivisible({ status: statusOf(lines, true), lines }, split.groups);
}

/** Support types messages by hand. A malformed message would break the handler, so it is refused here. */
function assertMessage({ side, groups, actor }: SplitMessage): void {
  const sent = actor as Partial<SplitMessage['actor']> | undefined;
  const faults = [
    ...(side === 'merchant' || side === 'supplier' ? [] : [{ pointer: '/side', detail: 'is merchant or supplier' }]),
    ...(isText(sent?.kind) && isText(sent?.id) ? [] : [{ pointer: '/actor', detail: 'must have a kind and an id' }]),
    ...(Array.isArray(groups) && groups.every(isGroup)
      ? []
      : [{ pointer: '/groups', detail: 'must be a list of lists of lines, each with lineId and quantity' }]),
  ];
  if (faults.length > 0) throw new DomainError('invalid_request', 'A split needs its side, groups and actor.', faults);
}

const isText = (text: unknown) => typeof text === 'string' && text !== '';

function isGroup(group: unknown): boolean {
  const isPart = (part: Partial<Record<string, unknown>> | null) =>
    isText(part?.['lineId']) && typeof part?.['quantity'] === 'number';
  return Array.isArray(group) && group.every(isPart);
}
