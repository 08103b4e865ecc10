import type { Invitation } from '../../api/queries/people.ts';

/** Invitations of a kind that nobody has accepted yet; expired ones too, for they may be made again. */
export const openOf = (kind: Invitation['kind'], invitations: readonly Invitation[] = []): readonly Invitation[] =>
  invitations.filter((one) => one.kind === kind && (one.status === 'pending' || one.status === 'expired'));
