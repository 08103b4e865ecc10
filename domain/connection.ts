import { DomainError } from './errors.ts';

export const connectionStatuses = ['pending', 'active', 'paused', 'declined', 'ended'] as const;
export type ConnectionStatus = (typeof connectionStatuses)[number];

/** A declined or ended connection may be proposed anew: the row goes back to `pending`. */
const nextStatuses: Record<ConnectionStatus, readonly ConnectionStatus[]> = {
  pending: ['active', 'declined', 'ended'],
  active: ['paused', 'ended'],
  paused: ['active', 'ended'],
  declined: [],
  ended: [],
};

export function assertConnectionMayBecome(next: ConnectionStatus, current: ConnectionStatus): void {
  if (nextStatuses[current].includes(next)) return;
  throw new DomainError('connection_transition_refused', `A connection that is ${current} cannot become ${next}.`);
}

/** Nothing new crosses unless the connection is active (rules §2). */
export function assertConnectionCarries(status: ConnectionStatus): void {
  if (status === 'paused')
    throw new DomainError('connection_paused', 'The connection is paused: nothing new crosses it.');
  if (status !== 'active') throw new DomainError('connection_not_active', `The connection is ${status}.`);
}

/** The fields that a merchant may share with a supplier in addition to those that always cross (rules §3). */
export const sharedFields = [
  'phone',
  'email',
  'billTo',
  'customerNote',
  'internalNote',
  'prices',
  'costs',
  'tags',
] as const;
export type SharedField = (typeof sharedFields)[number];

export type Parties = { merchantAccountId: string; supplierAccountId: string };

/**
 * The two sides of a new connection. An account is one of them and may leave itself out.
 * @param callerAccountId null for the operator, who names both
 * @throws DomainError `connection_with_itself`, `invalid_request` naming the side that is missing or not the caller's
 */
export function proposedParties(
  callerAccountId: string | null,
  named: { [Side in keyof Parties]?: string | undefined },
): Parties {
  const merchantAccountId = named.merchantAccountId ?? callerAccountId;
  const supplierAccountId = named.supplierAccountId ?? callerAccountId;
  if (merchantAccountId === null || supplierAccountId === null) {
    const pointer = merchantAccountId === null ? '/merchantAccountId' : '/supplierAccountId';
    throw new DomainError('invalid_request', 'A connection has two sides.', [{ pointer, detail: 'is missing' }]);
  }
  if (merchantAccountId === supplierAccountId) {
    throw new DomainError('connection_with_itself', 'Name the other side of the connection.');
  }
  if (callerAccountId !== null && ![merchantAccountId, supplierAccountId].includes(callerAccountId)) {
    throw new DomainError('invalid_request', 'One side of the connection is your own account.', [
      { pointer: '', detail: 'merchantAccountId or supplierAccountId must be your account, or be left out' },
    ]);
  }
  return { merchantAccountId, supplierAccountId };
}

/**
 * A proposal becomes a connection, or is declined, by the side that did not make it, or by the operator in its name.
 * @throws DomainError `not_the_other_side`
 */
export function assertMayDecide(
  current: { status: ConnectionStatus; proposedBy: string },
  next: ConnectionStatus,
  accountId: string,
): void {
  const isDecision = current.status === 'pending' && (next === 'active' || next === 'declined');
  if (!isDecision || current.proposedBy !== accountId) return;
  throw new DomainError('not_the_other_side', 'The other side accepts or declines what you proposed.');
}

/** The side that may accept or decline. The operator changes a connection in its name. */
export const decidingSide = (connection: Parties & { proposedBy: string }): string =>
  connection.proposedBy === connection.merchantAccountId ? connection.supplierAccountId : connection.merchantAccountId;
