import type { FastifyRequest } from 'fastify';
import { actingIn } from '../../db/accounts/operator.ts';
import { withAccount, type AccountDb, type SystemDb } from '../../db/engine/with-account.ts';
import { readSystem } from './reading.ts';

/**
 * The account that a request works in: the caller's own, or for the operator the account of the named row. Where the row
 * does not exist, the result is the row's id: no account has that id, so the look-up that follows finds nothing.
 */
export async function accountOver(
  request: FastifyRequest,
  id: string,
  ownerOf: (db: SystemDb, id: string) => Promise<string | undefined>,
): Promise<string> {
  const { actor } = request;
  if (actor.kind !== 'operator') return actor.accountId;
  return (await readSystem(request, (db) => ownerOf(db, id))) ?? id;
}

/** A transaction in an account that the caller may act in. It stores no Idempotency-Key: `work` must be idempotent. */
export const actIn = <T>(request: FastifyRequest, accountId: string, work: (db: AccountDb) => Promise<T>): Promise<T> =>
  withAccount(request.server.deps.pool, request.actor.accountId, (db) => actingIn(db, accountId, work));
