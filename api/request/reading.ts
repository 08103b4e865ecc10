import type { FastifyRequest } from 'fastify';
import {
  readInAccount,
  readOnce,
  withAccount,
  withSystem,
  type AccountDb,
  type SystemDb,
} from '../../db/engine/with-account.ts';
import { isOneStatement } from '../../db/orders/list.ts';
import type { OrderFilter } from '../../domain/orders/list.ts';

/** Reads in the caller's account. Postgres refuses a write in it. */
export const read = <T>(request: FastifyRequest, work: (db: AccountDb) => Promise<T>): Promise<T> =>
  readInAccount(request.server.deps.pool, request.actor.accountId, work);

/** As `read`, for an answer from one statement, which takes one trip. Postgres is not asked a second time: that is an error. */
export const readOne = <T>(request: FastifyRequest, work: (db: AccountDb) => Promise<T>): Promise<T> =>
  readOnce(request.server.deps.pool, request.actor.accountId, work);

/** A page of orders; few filters need a second statement. */
export const readOrders = <T>(
  request: FastifyRequest,
  filter: OrderFilter,
  work: (db: AccountDb) => Promise<T>,
): Promise<T> => (isOneStatement(filter) ? readOne : read)(request, work);

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
