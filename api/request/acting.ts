import type { FastifyRequest } from 'fastify';
import { actingIn } from '../../db/accounts/operator.ts';
import { withAccount, type AccountDb, type SystemDb } from '../../db/engine/with-account.ts';
import { readSystem } from './reading.ts';

/**
 * The account a request works in: the caller's own, or for the operator that of the row it names. Where there is no
 * such row the id itself is an account without rows, so that the look-up that follows finds nothing, as for everybody.
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

/** One transaction in an account that the caller may act in, without a key's row: for what is repeatable by itself. */
export const actIn = <T>(request: FastifyRequest, accountId: string, work: (db: AccountDb) => Promise<T>): Promise<T> =>
  withAccount(request.server.deps.pool, request.actor.accountId, (db) => actingIn(db, accountId, work));
