import { DomainError } from '../errors.ts';
import { statusOf, type LineUnits } from '../orders/order.ts';

export const dropshipStatuses = [
  'requested',
  'imported',
  'accepted',
  'partially_shipped',
  'shipped',
  'cancelled',
  'rejected',
  'split',
] as const;
export type DropshipStatus = (typeof dropshipStatuses)[number];

const nextStatuses: Record<DropshipStatus, readonly DropshipStatus[]> = {
  requested: ['imported', 'cancelled', 'split'],
  imported: ['accepted', 'partially_shipped', 'shipped', 'cancelled', 'rejected', 'split'],
  accepted: ['partially_shipped', 'shipped', 'cancelled', 'rejected', 'split'],
  // A void of the only shipment makes it `imported` or `accepted` again.
  partially_shipped: ['shipped', 'imported', 'accepted'],
  shipped: ['partially_shipped', 'imported', 'accepted'],
  cancelled: [],
  rejected: [],
  split: [],
};

export function assertDropshipMayBecome(next: DropshipStatus, current: DropshipStatus): void {
  if (next === current || nextStatuses[current].includes(next)) return;
  throw new DomainError('dropship_transition_refused', `A dropship that is ${current} cannot become ${next}.`);
}

/** Statuses in which the dropship has ended and its units have not shipped: the leaf may get another dropship. */
export const endedStatuses = ['cancelled', 'rejected', 'split'] as const satisfies readonly DropshipStatus[];

export const isLive = (status: DropshipStatus): boolean => !(endedStatuses as readonly string[]).includes(status);

/** Whether another account works from the order: its supplier has it, or it is a supplier's own copy. */
export const isImported = (order: {
  originDropshipId: string | null;
  dropship: { status: DropshipStatus; isImporting: boolean } | null;
}): boolean =>
  order.originDropshipId !== null ||
  (order.dropship !== null &&
    isLive(order.dropship.status) &&
    (order.dropship.status !== 'requested' || order.dropship.isImporting));

/**
 * @param lines of the leaf, `shipped` by this dropship
 * The status after units were shipped, cancelled or voided: it follows from the lines, like an order's (rules §4).
 * @param isAccepted whether the supplier has said that it will ship
 */
export function dropshipStatusOf(
  lines: readonly LineUnits[],
  current: DropshipStatus,
  isAccepted: boolean,
): DropshipStatus {
  const status = statusOf(lines, true);
  if (status === 'shipped' || status === 'partially_shipped' || status === 'cancelled') return status;
  if (current !== 'shipped' && current !== 'partially_shipped') return current;
  return isAccepted ? 'accepted' : 'imported';
}

/** The most dropships in a chain. */
export const maximumHops = 5;

/**
 * A supplier may dropship an order that it got through a portal, but not to an account that the order came through.
 * @param via opaque ids of the accounts the order came through, first merchant first
 * @throws DomainError `dropship_loop`
 */
export function assertNoLoop(via: readonly string[], supplierAccountId: string): void {
  if (via.includes(supplierAccountId)) {
    throw new DomainError('dropship_loop', 'The order came through this supplier already.');
  }
  if (via.length > maximumHops) {
    throw new DomainError('dropship_loop', `The order was dropshipped ${maximumHops} times already.`);
  }
}

/** What a dropship's workflow waits for or does. Support reads it as the search attribute `Stage`. */
export type Stage = 'awaiting_release' | 'import' | 'awaiting_shipment' | 'relay' | 'push';
