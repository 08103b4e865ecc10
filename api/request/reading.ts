import type { FastifyRequest } from 'fastify';
import { readInAccount, withAccount, withSystem, type AccountDb, type SystemDb } from '../../db/engine/with-account.ts';

/** Reads in the caller's account. Postgres refuses a write in it. */
export const read = <T>(request: FastifyRequest, work: (db: AccountDb) => Promise<T>): Promise<T> =>
  readInAccount(request.server.deps.pool, request.actor.accountId, work);

/** Writes in the caller's account, outside the transaction of the request's effect: a note before its message. */
export const inAccount = <T>(request: FastifyRequest, work: (db: AccountDb) => Promise<T>): Promise<T> =>
  withAccount(request.server.deps.pool, request.actor.accountId, work);

/** A list of which an account sees its own part. The operator sees all, in the columns that the system role may read. */
export const readAs = <T>(
  request: FastifyRequest,
  own: (db: AccountDb) => Promise<T>,
  all: (db: SystemDb) => Promise<T>,
): Promise<T> => (request.actor.kind === 'operator' ? withSystem(request.server.deps.pool, all) : read(request, own));

/** Reads across accounts, for example to find the account of a row. */
export const readSystem = <T>(request: FastifyRequest, work: (db: SystemDb) => Promise<T>): Promise<T> =>
  withSystem(request.server.deps.pool, work);
