import { scopesWithin, type Scope } from './account.ts';

/** What a person may do in an account. */
export const roles = ['viewer', 'packer', 'member', 'admin'] as const;
export type Role = (typeof roles)[number];

const highest: Readonly<Record<Role, Scope>> = { viewer: 'read', packer: 'ship', member: 'write', admin: 'admin' };

/** Every scope of a role. */
export const scopesOf = (role: Role): Scope[] => scopesWithin(highest[role]);

/** Whom an invitation asks: a colleague, or the other side of a new connection. */
export const invitationKinds = ['member', 'supplier', 'merchant'] as const;
export type InvitationKind = (typeof invitationKinds)[number];

export const invitationStatuses = ['pending', 'accepted', 'expired', 'withdrawn'] as const;
export type InvitationStatus = (typeof invitationStatuses)[number];
