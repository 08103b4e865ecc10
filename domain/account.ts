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

/** Of a key: whether it opens nothing any more. Times are ISO. */
export const hasEnded = (
  { revokedAt, expiresAt }: { revokedAt: string | null; expiresAt: string | null },
  now: Date,
): boolean => revokedAt !== null || (expiresAt !== null && Date.parse(expiresAt) <= now.getTime());

/** @throws DomainError `invalid_request` where the time is over */
export function assertAhead(at: Date | null, now: Date, pointer: string): void {
  if (at === null || at > now) return;
  throw new DomainError('invalid_request', 'The time is over.', [{ pointer, detail: 'must be a time to come' }]);
}

/** How long a key goes on beside its successor, unless said otherwise. */
const overlapMs = 24 * 60 * 60_000;

/**
 * When a key ends that gets a successor.
 * @throws DomainError `key_ended` where it has ended or has a successor; `invalid_request` where the time is over
 */
export function endOfReplaced(
  key: { revokedAt: string | null; expiresAt: string | null; replacedBy: string | null },
  wish: Date | null,
  now: Date,
): Date {
  if (hasEnded(key, now)) throw new DomainError('key_ended', 'The key has ended. Make a new one.');
  if (key.replacedBy !== null) throw new DomainError('key_ended', `The key is replaced by ${key.replacedBy} already.`);
  assertAhead(wish, now, '/endsAt');
  return wish ?? new Date(now.getTime() + overlapMs);
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
