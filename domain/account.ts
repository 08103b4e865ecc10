import { DomainError } from './errors.ts';

/**
 * `read` lists and shows; `ship` also records shipments and answers merchants; `write` also changes the rest; `admin` also
 * manages keys, people, channels and connections.
 */
export const scopes = ['read', 'ship', 'write', 'admin'] as const;
export type Scope = (typeof scopes)[number];

const implied: Record<Scope, readonly Scope[]> = {
  read: ['read'],
  ship: ['read', 'ship'],
  write: ['read', 'ship', 'write'],
  admin: ['read', 'ship', 'write', 'admin'],
};

/** The scope and all that it contains. */
export const scopesWithin = (scope: Scope): Scope[] => [...implied[scope]];

export function hasScope(granted: readonly Scope[], needed: Scope): boolean {
  return granted.some((scope) => implied[scope].includes(needed));
}

/** Who did something, as timelines and audit rows store it. `id` is a key, account or channel id. */
export const actorKinds = ['account', 'supplier', 'merchant', 'channel', 'system', 'operator'] as const;
export type ActorKind = (typeof actorKinds)[number];
export type Actor = { kind: ActorKind; id: string };

/**
 * The account that a command acts in: the caller's own, or the account that the operator names.
 * @throws DomainError `invalid_request` when the operator names none; `account_not_found` when an account names another
 */
export function accountFor(actor: { kind: ActorKind; accountId: string }, named: string | undefined): string {
  if (actor.kind === 'operator' && named === undefined) {
    const detail = 'is missing';
    throw new DomainError('invalid_request', 'The operator names the account.', [{ pointer: '/accountId', detail }]);
  }
  if (actor.kind === 'operator' || named === undefined || named === actor.accountId) return named ?? actor.accountId;
  throw new DomainError('account_not_found', `There is no account ${named}.`);
}
