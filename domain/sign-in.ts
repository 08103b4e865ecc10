import { DomainError } from './errors.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Milliseconds. A session ends after `idle` without use, and after `session` in any case. */
export const lifetimes = {
  idle: 14 * day,
  session: 90 * day,
  staffSession: 12 * hour,
  link: 15 * minute,
  printedLink: day,
  invitation: 7 * day,
  /** A session that has a successor: requests that are under way end with it. */
  replacedSession: minute,
} as const;

export const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

/**
 * Whether another password needs the present one. Who came by a link in the last minutes may have forgotten it.
 * @param session.byLinkAt when a link began the session, or null
 */
export function needsCurrentPassword(session: { hasPassword: boolean; byLinkAt: Date | null }, now: Date): boolean {
  const { hasPassword, byLinkAt } = session;
  return hasPassword && (byLinkAt === null || later(byLinkAt, lifetimes.link) <= now);
}

/** Attempts within the window: each sort of attempt has its own limit. */
export const attemptWindowMs = 15 * minute;
export const attemptKinds = ['email', 'address', 'mail', 'invitation'] as const;
export type AttemptKind = (typeof attemptKinds)[number];
/**
 * `email`: failed passwords of one e-mail. `address`: failures of one address. `mail`: links mailed to one e-mail.
 * `invitation`: invitations mailed by one account, which could send to anybody.
 */
const attemptLimits: Readonly<Record<AttemptKind, number>> = { email: 10, address: 50, mail: 3, invitation: 100 };

/** `seconds`: after which the oldest attempt no longer counts. */
export class TooManyAttempts extends DomainError {
  readonly seconds: number;

  constructor(seconds: number) {
    super('too_many_attempts', `Too many attempts. Try again in ${Math.ceil(seconds / 60)} minutes.`);
    this.seconds = seconds;
  }
}

/** @param attempts how many count, and when the oldest of them was. @throws TooManyAttempts */
export function assertMayTry(kind: AttemptKind, attempts: { count: number; oldest: Date | null }, now: Date): void {
  if (attempts.count < attemptLimits[kind] || !attempts.oldest) return;
  const waits = attempts.oldest.getTime() + attemptWindowMs - now.getTime();
  throw new TooManyAttempts(Math.max(1, Math.ceil(waits / 1_000)));
}

const shortest = 12;
/** The parts that common passwords are made of. */
const commonParts =
  'password|passwort|passwd|qwertyuiop|qwertzuiop|qwerty|qwertz|azerty|asdfghjkl|asdfgh|zxcvbnm|yxcvbnm|letmein|welcome|' +
  'willkommen|iloveyou|administrator|admin|changeme|default|secret|monkey|dragon|football|baseball|sunshine|princess|' +
  'superman|batman|trustno|master|shadow|hello|login|test|user|guest|summer|winter|spring|autumn|abcdefghijklm|abc|' +
  'vendorportals|vendor|portals|portal|my|the|is|and';
const common = new RegExp(`^(?:${commonParts})*$`);
const rows = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
];

/**
 * Refuses passwords that are guessed first: short ones, common words with numbers, rows of keys, the own e-mail.
 * @throws DomainError `password_not_acceptable`
 */
export function assertGoodPassword(password: string, email: string): void {
  const refuse = (detail: string) => {
    throw new DomainError('password_not_acceptable', `The password ${detail}.`, [{ pointer: '/password', detail }]);
  };
  if ([...password].length < shortest) refuse(`must have ${shortest} characters or more`);
  const plain = password.toLowerCase();
  const name = lettersOf(email.split('@')[0]!);
  // As it is, and with the signs that often replace letters.
  const readings = [lettersOf(plain), lettersOf(plain.replaceAll('@', 'a').replaceAll('$', 's').replaceAll('0', 'o'))];
  const isOwn = name.length > 2 && readings.some((letters) => letters !== '' && letters.replaceAll(name, '') === '');
  const isCommon = readings.some((letters) => letters !== '' && common.test(letters));
  const isRow = rows.some((row) => isWithin(plain.replaceAll(/[^\p{L}\p{N}]/gu, ''), row));
  if (isRow || isOwn || isCommon || plain === email || new Set(plain).size < 5)
    refuse('is one that others would guess; take some words that do not belong together');
}

const lettersOf = (text: string): string => text.replaceAll(/[^\p{L}]/gu, '');

/** Also backwards, and where the row begins again. */
function isWithin(text: string, row: string): boolean {
  if (text === '') return false;
  const long = row.repeat(2);
  return long.includes(text) || [...long].reverse().join('').includes(text);
}
