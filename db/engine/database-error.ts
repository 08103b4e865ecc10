import { types } from 'node:util';
import { DomainError } from '../../domain/errors.ts';

/** The Postgres codes we act on. https://www.postgresql.org/docs/current/errcodes-appendix.html */
export const pgCodes = {
  uniqueViolation: '23505',
  foreignKeyViolation: '23503',
  checkViolation: '23514',
  diskFull: '53100',
  /** As "cached plan must not change result type", after a migration. */
  featureNotSupported: '0A000',
  invalidStatementName: '26000',
} as const;

/**
 * By class: the statement or its values are at fault. Cardinality (21), data (22), constraints (23), syntax and rights (42),
 * WITH CHECK OPTION (44), limits (54) and RAISE (P0). In all other classes the server, the link, or another transaction is:
 * links (08), a replica or a lost transaction (25), sign-in (28), deadlocks (40), resources (53), locks (55), the operator
 * (57), the disk (58), and what Postgres itself finds broken (XX).
 */
const lastingClasses = /^(21|22|23|42|44|54|P0)/;
/** The link broke (08), the primary is a replica by now (25006), the link was cut (25P03, 25P04, 57P0), or none is free (53300). */
const awayClasses = /^(08|25006|25P03|25P04|53300|57P0)/;

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
    this.isPassing = facts.isAway || !lastingClasses.test(facts.code ?? '');
  }
}

function textOf({ code, constraint, isAway, isBusy }: Facts): string {
  if (isBusy) return 'All connections to Postgres are in use.';
  if (isAway) return 'Postgres does not answer.';
  return `Postgres refused: ${[code, constraint].filter(Boolean).join(' ')}`;
}

// A lost link has no code: "Connection terminated unexpectedly", "timeout expired" while connecting, "Query read timeout" of a
// frozen server (pg), "Timeout acquiring a connection" (knex, tarn).
const awayTexts =
  /connection terminated|timeout expired|read timeout|timeout acquiring|timeout exceeded when trying to connect|connection ended|client has encountered a connection error|not queryable|pool is draining|the database system is/i;
const awayCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT', 'EHOSTUNREACH', 'ENOTFOUND']);

type PgLike = Error & { code?: string; constraint?: string; table?: string; severity?: string; errors?: unknown[] };

/**
 * @param isBusy whether a connection that is not to be had is in use, for all we know
 * @returns a DatabaseError for an error of pg or knex; any other error as it is
 */
export function toDatabaseError(error: unknown, isBusy = false): unknown {
  if (error instanceof DomainError || error instanceof DatabaseError || !types.isNativeError(error)) return error;
  const { code, constraint, table, severity, message, name } = error as PgLike;
  const isAway =
    awayCodes.has(code ?? '') || awayClasses.test(code ?? '') || awayTexts.test(message) || name === 'KnexTimeoutError';
  if (!isAway && severity === undefined) return error;
  return new DatabaseError({ code, constraint, table, isAway, isBusy: isBusy && name === 'KnexTimeoutError' });
}

/** Our rules or a constraint refuse the work: the same work is refused the next time, too. */
export const isRefusal = (error: unknown): error is DomainError | DatabaseError =>
  error instanceof DomainError || (error instanceof DatabaseError && !error.isPassing);

/** Postgres has no room for what is to be stored. */
export const isStorageFull = (error: DatabaseError): boolean => error.code === pgCodes.diskFull;

export const violates = (error: unknown, constraint: string): boolean =>
  toDatabaseError(error) instanceof DatabaseError &&
  (toDatabaseError(error) as DatabaseError).constraint === constraint;
