import type { ActorKind } from './account.ts';
import { DomainError } from './errors.ts';

/**
 * What is audited: decisions of people and of keys about access, settings, money, stuck work and personal data. Orders, shipments and labels
 * have timelines, and counts of stock have their own record: they come by the thousand, and nobody looks for them here.
 */
export const auditActions = [
  // Access
  'account.created',
  'connection.proposed',
  'connection.changed',
  'key.created',
  'key.rotated',
  'key.revoked',
  'invitation.created',
  'invitation.withdrawn',
  'invitation.accepted',
  'member.joined',
  'member.changed',
  'member.removed',
  'user.created',
  'user.changed',
  'user.disabled',
  'user.enabled',
  'session.started',
  'session.ended',
  'session.refused',
  'password.changed',
  // Settings
  'channel.created',
  'channel.changed',
  'channel.deleted',
  'schedule.changed',
  'supplier.changed',
  'warehouse.created',
  'warehouse.changed',
  'brand.changed',
  'product.rerouted',
  'product.batch_written',
  'listing.relinked',
  'listing.resumed',
  // Money
  'label_account.created',
  'label_account.changed',
  'label_account.deleted',
  // Stuck work
  'attention.resolved',
  'listing.sku_decided',
  // Personal data
  'person.exported',
  'erasure.requested',
  'retention.changed',
] as const;
export type AuditAction = (typeof auditActions)[number];

type Values = Record<string, unknown>;
/** The fields that a change has given another value, before and after it. */
export type Difference = { before: Values; after: Values };

/**
 * The fields whose values differ. Give it ids, statuses, numbers and codes only: an audit row stays for ever, so it holds
 * nothing that people typed.
 */
export function differenceOf(before: Values, after: Values): Difference {
  const fields = Object.keys(after).filter((field) => !isSame(before[field], after[field]));
  const only = (values: Values) => Object.fromEntries(fields.map((field) => [field, values[field] ?? null]));
  return { before: only(before), after: only(after) };
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** @throws DomainError `account_not_found` when an account names another: only the operator reads those */
export function assertOwnAudit(actor: { kind: ActorKind; accountId: string }, named: string | undefined): void {
  if (actor.kind === 'operator' || named === undefined || named === actor.accountId) return;
  throw new DomainError('account_not_found', `There is no account ${named}.`);
}
