import { scopesWithin, type Scope } from './account.ts';
import { DomainError } from './errors.ts';

/** What a person may do in an account. */
export const roles = ['viewer', 'packer', 'member', 'admin'] as const;
export type Role = (typeof roles)[number];

const highest: Readonly<Record<Role, Scope>> = { viewer: 'read', packer: 'ship', member: 'write', admin: 'admin' };

/** Every scope of a role. */
export const scopesOf = (role: Role): Scope[] => scopesWithin(highest[role]);

/** Of staff who act as the operator: they read, resolve attentions and change schedules. */
export const staffScopes: readonly Scope[] = scopesWithin('write');

/** @param admins the ids of the account's admins. @throws DomainError `last_admin` */
export function assertAdminStays(admins: readonly string[], leaving: string): void {
  if (admins.length > 1 || admins[0] !== leaving) return;
  throw new DomainError('last_admin', 'The account has no other admin. Make another person admin first.');
}

/** Whom an invitation asks: a colleague, or the other side of a new connection. */
export const invitationKinds = ['member', 'supplier', 'merchant'] as const;
export type InvitationKind = (typeof invitationKinds)[number];

export const invitationStatuses = ['pending', 'accepted', 'expired', 'withdrawn'] as const;
type InvitationStatus = (typeof invitationStatuses)[number];

/** @param times ISO times or null */
export function invitationStatus(
  times: { acceptedAt: Date | null; withdrawnAt: Date | null; expiresAt: Date },
  now: Date,
): InvitationStatus {
  if (times.acceptedAt) return 'accepted';
  if (times.withdrawnAt) return 'withdrawn';
  return times.expiresAt <= now ? 'expired' : 'pending';
}

/** Both sides of the connection that an invitation of another company makes. @throws DomainError `connection_with_itself` */
export function partiesOf(kind: 'supplier' | 'merchant', accounts: { inviting: string; invited: string }) {
  const { inviting, invited } = accounts;
  if (inviting === invited)
    throw new DomainError('connection_with_itself', 'An account has no connection with itself.');
  return kind === 'supplier'
    ? { merchantAccountId: inviting, supplierAccountId: invited }
    : { merchantAccountId: invited, supplierAccountId: inviting };
}
