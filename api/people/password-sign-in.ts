import type { FastifyRequest } from 'fastify';
import { recordAudit } from '../../db/accounts/audit-events.ts';
import { withAccount, withUser } from '../../db/engine/with-account.ts';
import { countAttempts, type Attempt } from '../../db/people/attempts.ts';
import { peopleAccount } from '../../db/people/people-account.ts';
import { findOwnUser, findUserId, readPasswordHash } from '../../db/people/users.ts';
import { DomainError } from '../../domain/errors.ts';
import type { AttemptKind } from '../../domain/sign-in.ts';
import { hashKey } from '../request/api-key.ts';
import { readSystem } from '../request/reading.ts';
import { networkOf } from './network-of.ts';

const nobody = 'usr_nobody';
const failed = () => new DomainError('sign_in_failed', 'E-mail or password is wrong.');

/**
 * Counts attempts by kind. @param subjects `email` and `mail` have the e-mail; `address` is the caller's; `invitation` has an account.
 * @throws TooManyAttempts
 */
export function attempt(request: FastifyRequest, subjects: Partial<Record<AttemptKind, string>>): Promise<string[]> {
  const { pool, now, keyPepper } = request.server.deps;
  const attempts = Object.entries(subjects).map(([kind, subject]): Attempt => ({
    kind: kind as AttemptKind,
    subject: hashKey(kind === 'address' ? networkOf(subject) : subject, keyPepper),
  }));
  return countAttempts(pool, attempts, now());
}

/**
 * Checks a password. An unknown e-mail costs the same work as a known one.
 * @returns the person, and the counted attempts, which are to be forgotten
 * @throws DomainError `sign_in_failed`; TooManyAttempts
 */
export async function checkPassword(
  request: FastifyRequest,
  { email, password }: { email: string; password: string },
): Promise<{ userId: string; attempts: string[] }> {
  const { pool, passwords } = request.server.deps;
  const attempts = await attempt(request, { email, address: request.ip });
  const known = await readSystem(request, (db) => findUserId(db, email));
  const person = await withUser(pool, known ?? nobody, async (db) => ({
    hash: await readPasswordHash(db),
    user: await findOwnUser(db),
  }));
  const isRight = await passwords.verify(person.hash, password);
  if (isRight && person.user && !person.user.isDisabled) return { userId: person.user.id, attempts };
  await recordFailure(request, person.user?.id ?? 'unknown');
  throw failed();
}

const recordFailure = (request: FastifyRequest, userId: string): Promise<void> =>
  withAccount(request.server.deps.pool, peopleAccount, (db) =>
    recordAudit(
      db,
      { actor: { kind: 'system', id: 'sign-in' }, requestId: request.id },
      { action: 'session.refused', subjectId: userId },
    ),
  );
