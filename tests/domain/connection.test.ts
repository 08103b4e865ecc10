import { describe, expect, it } from '@jest/globals';
import { accountFor } from '../../domain/account.ts';
import {
  assertConnectionMayBecome,
  assertMayDecide,
  connectionStatuses,
  decidingSide,
  proposedParties,
} from '../../domain/connection.ts';

const refusal = (code: string) => expect.objectContaining({ code });

describe('the sides of a new connection', () => {
  it.each([
    ['acct_m', { supplierAccountId: 'acct_s' }],
    ['acct_s', { merchantAccountId: 'acct_m' }],
    ['acct_m', { merchantAccountId: 'acct_m', supplierAccountId: 'acct_s' }],
    [null, { merchantAccountId: 'acct_m', supplierAccountId: 'acct_s' }],
  ])('are the caller and the other: %j %j', (caller, named) => {
    expect(proposedParties(caller, named)).toEqual({ merchantAccountId: 'acct_m', supplierAccountId: 'acct_s' });
  });

  it.each([
    ['acct_m', { supplierAccountId: 'acct_m' }, 'connection_with_itself'],
    ['acct_m', {}, 'connection_with_itself'],
    ['acct_x', { merchantAccountId: 'acct_m', supplierAccountId: 'acct_s' }, 'invalid_request'],
    [null, { merchantAccountId: 'acct_m' }, 'invalid_request'],
  ])('are two, one of them the caller: %j %j', (caller, named, code) => {
    expect(() => proposedParties(caller, named)).toThrow(refusal(code));
  });
});

describe('a proposal', () => {
  const proposal = { status: 'pending', proposedBy: 'acct_m' } as const;

  it('is decided by the other side', () => {
    expect(() => assertMayDecide(proposal, 'active', 'acct_m')).toThrow(refusal('not_the_other_side'));
    expect(() => assertMayDecide(proposal, 'declined', 'acct_m')).toThrow(refusal('not_the_other_side'));
    expect(() => assertMayDecide(proposal, 'active', 'acct_s')).not.toThrow();
    expect(() => assertMayDecide(proposal, 'ended', 'acct_m')).not.toThrow();
    expect(() => assertMayDecide({ ...proposal, status: 'paused' }, 'active', 'acct_m')).not.toThrow();
  });

  it('is decided by the operator in the name of that side', () => {
    const parties = { merchantAccountId: 'acct_m', supplierAccountId: 'acct_s' };

    expect(decidingSide({ ...parties, proposedBy: 'acct_m' })).toBe('acct_s');
    expect(decidingSide({ ...parties, proposedBy: 'acct_s' })).toBe('acct_m');
  });
});

it('a connection that was declined or has ended becomes nothing else', () => {
  for (const next of connectionStatuses) {
    expect(() => assertConnectionMayBecome(next, 'ended')).toThrow(refusal('connection_transition_refused'));
    expect(() => assertConnectionMayBecome(next, 'declined')).toThrow(refusal('connection_transition_refused'));
  }
});

describe('whose thing a command makes', () => {
  const account = { kind: 'account', accountId: 'acct_a' } as const;
  const operator = { kind: 'operator', accountId: 'operator' } as const;

  it("is the account's own, or that of the one the operator names", () => {
    expect(accountFor(account, undefined)).toBe('acct_a');
    expect(accountFor(account, 'acct_a')).toBe('acct_a');
    expect(accountFor(operator, 'acct_b')).toBe('acct_b');
    expect(() => accountFor(account, 'acct_b')).toThrow(refusal('account_not_found'));
    expect(() => accountFor(operator, undefined)).toThrow(refusal('invalid_request'));
  });
});
