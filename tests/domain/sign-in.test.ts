import { describe, expect, it } from '@jest/globals';
import { assertAdminStays, invitationStatus, scopesOf } from '../../domain/people.ts';
import { assertGoodPassword, assertMayTry } from '../../domain/sign-in.ts';

describe('a password', () => {
  it.each([
    'password1234',
    'P@ssw0rd1234!',
    'passwordpassword',
    'Welcome2026!!',
    'administrator1',
    'qwertyuiop12',
    'QWERTZUIOPAS',
    '123456789012',
    '987654321098',
    'abcdefghijkl',
    'aaaaaaaaaaaaaa',
    'abababababab',
    'letmein-letmein',
    'dana.whitfield2026',
    'dana.whitfield@shop.example',
    'short words',
    'ÄÄÄÄÄÄÄÄÄÄÄÄÄ',
  ])('is not %s', (password) => {
    expect(() => assertGoodPassword(password, 'dana.whitfield@shop.example')).toThrow(
      expect.objectContaining({ code: 'password_not_acceptable' }),
    );
  });

  it.each([
    'four words for dana',
    'Fjord9!krumm;Ast',
    'правильная лошадь',
    '昨日の天気はとても良かったです',
    '🦊🐢🌲🚲🎺📎🧲🪣🧭🛶🎲🍋',
  ])('may be %s', (password) => expect(() => assertGoodPassword(password, 'dana@shop.example')).not.toThrow());
});

it('attempts are limited until the oldest no longer counts', () => {
  const now = new Date('2026-05-01T12:00:00.000Z');
  const oldest = new Date('2026-05-01T11:50:00.000Z');

  expect(() => assertMayTry('email', { count: 9, oldest }, now)).not.toThrow();
  expect(() => assertMayTry('address', { count: 49, oldest }, now)).not.toThrow();
  expect(() => assertMayTry('email', { count: 10, oldest }, now)).toThrow(
    expect.objectContaining({
      code: 'too_many_attempts',
      seconds: 300,
      message: 'Too many attempts. Try again in 5 minutes.',
    }),
  );
});

it('an account does not lose its last admin', () => {
  expect(() => assertAdminStays(['usr_1'], 'usr_1')).toThrow(expect.objectContaining({ code: 'last_admin' }));
  expect(() => assertAdminStays(['usr_1', 'usr_2'], 'usr_1')).not.toThrow();
  expect(() => assertAdminStays(['usr_1'], 'usr_2')).not.toThrow();
  expect(() => assertAdminStays([], 'usr_2')).not.toThrow();
});

it('a role contains the lower ones', () => {
  expect([scopesOf('viewer'), scopesOf('packer'), scopesOf('member'), scopesOf('admin')]).toEqual([
    ['read'],
    ['read', 'ship'],
    ['read', 'ship', 'write'],
    ['read', 'ship', 'write', 'admin'],
  ]);
});

it('an invitation is accepted, withdrawn, expired or pending, in this order', () => {
  const now = new Date('2026-05-01T12:00:00.000Z');
  const times = { acceptedAt: null, withdrawnAt: null, expiresAt: new Date('2026-05-02T12:00:00.000Z') };

  expect(invitationStatus(times, now)).toBe('pending');
  expect(invitationStatus({ ...times, expiresAt: now }, now)).toBe('expired');
  expect(invitationStatus({ ...times, withdrawnAt: now, expiresAt: now }, now)).toBe('withdrawn');
  expect(invitationStatus({ ...times, acceptedAt: now, withdrawnAt: now }, now)).toBe('accepted');
});
