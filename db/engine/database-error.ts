import { types } from 'node:util';
import { DomainError } from '../../domain/errors.ts';

/** The Postgres codes we act on. https://www.postgresql.org/docs/current/errcodes-appendix.html */
export const pgCodes = {
  uniqueViolation: '23505',
  foreignKeyViolation: '23503',
  checkViolation: '23514',
  lockNotAvailable: '55P03',
  queryCanceled: '57014',
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  /** As "cached plan must not change result type", after a migration. */
  featureNotSupported: '0A000',
  invalidStatementName: '26000',
} as const;

/**
 * By class: a named statement that a migration made useless (0A, 26), wrong state of a transaction or server (25, 55),
 * lost to another (40), resources (53), operator (57) and disk (58).
 */
const passingClasses = /^(0A|25|26|40|53|55|57|58)/;

type Facts = {
  code?: string | undefined;
  constraint?: string | undefined;
  table?: string | undefined;
  isAway: boolean;
  isBusy?: boolean;
};

/** A failed statement, as code outside db/ may see it: pg's own errors quote row values in message and detail. */
export class DatabaseError extends Error {
  readonly code: string | undefined;
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  /** The database did not answer. A statement or COMMIT that was under way may have happened. */
  readonly isAway: boolean;
  /** Nothing was sent: the other requests of this process have all connections, and Postgres answers them. */
  readonly isBusy: boolean;
  /** The statement lost to another, or the database did not answer: the same work may go through the next time. */
  readonly isPassing: boolean;

  constructor(facts: Facts) {
    super(textOf(facts));
    this.name = 'DatabaseError';
    this.code = facts.code;
    this.constraint = facts.constraint;
    this.table = facts.table;
    this.isAway = facts.isAway;
    this.isBusy = facts.isBusy ?? false;
    this.isPassing = facts.isAway || passingClasses.test(facts.code ?? '');
  }
}

function textOf({ code, constraint, isAway, isBusy }: Facts): string {
  if (isBusy) return 'All connections to Postgres are in use.';
  if (isAway) return 'Postgres does not answer.';
  return `Postgres refused: ${[code, constraint].filter(Boolean).join(' ')}`;
}

// A lost link has no code: "Connection terminated unexpectedly", "timeout expired" while connecting (pg), "Timeout
// acquiring a connection" (knex, tarn).
const awayTexts =
  /connection terminated|timeout expired|timeout acquiring|timeout exceeded when trying to connect|connection ended|client has encountered a connection error|not queryable|pool is draining|the database system is/i;
const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08001',
  '08003',
  '53300',
  '25P03',
]);

type PgLike = Error & { code?: string; constraint?: string; table?: string; severity?: string; errors?: unknown[] };

/**
 * @param isBusy whether a connection that is not to be had is in use, for all we know
 * @returns a DatabaseError for an error of pg or knex; any other error as it is
 */
export function toDatabaseError(error: unknown, isBusy = false): unknown {
  if (error instanceof DomainError || error instanceof DatabaseError || !types.isNativeError(error)) return error;
  const { code, constraint, table, severity, message, name } = error as PgLike;
  const isAway = (code !== undefined && awayCodes.has(code)) || awayTexts.test(message) || name === 'KnexTimeoutError';
  if (!isAway && severity === undefined) return error;
  return new DatabaseError({ code, constraint, table, isAway, isBusy: isBusy && name === 'KnexTimeoutError' });
}

/** Our rules or a constraint refuse the work: the same work is refused the next time, too. */
export const isRefusal = (error: unknown): error is DomainError | DatabaseError =>
  error instanceof DomainError || (error instanceof DatabaseError && !error.isPassing);

export const violates = (error: unknown, constraint: string): boolean =>
  toDatabaseError(error) instanceof DatabaseError &&
  (toDatabaseError(error) as DatabaseError).constraint === constraint;
