import type { Scope } from '../../api/queries/session.ts';

/** From the least to all; each includes those before it. */
export const scopes = ['read', 'ship', 'write', 'admin'] as const satisfies readonly Scope[];

/** The one that includes the others. */
export const highestOf = (held: readonly Scope[]): Scope => scopes.findLast((one) => held.includes(one)) ?? 'read';
