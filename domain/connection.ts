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

/** Nothing new crosses unless the connection is active (domain rules §2). */
export function assertConnectionCarries(status: ConnectionStatus): void {
  if (status === 'paused')
    throw new DomainError('connection_paused', 'The connection is paused: nothing new crosses it.');
  if (status !== 'active') throw new DomainError('connection_not_active', `The connection is ${status}.`);
}

/** What a merchant may share with a supplier beyond what always crosses. */
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
