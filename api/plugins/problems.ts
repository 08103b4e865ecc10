import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { BucketError } from '../../db/documents/store.ts';
import { DatabaseError, isStorageFull } from '../../db/engine/database-error.ts';
import { DomainError, type ErrorCode, type Fault } from '../../domain/errors.ts';
import { overloaded, RateLimited } from '../../domain/rate-limit.ts';
import { TooManyAttempts } from '../../domain/sign-in.ts';
import type { App } from '../deps.ts';
import { causeOf, grpcStatusOf, TemporalUnavailable } from '../../temporal/errors.ts';
import { problemTable } from './errors-table.ts';
import { RequestFault } from './validation.ts';

/** The body of an error, by RFC 9457. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: ErrorCode;
  errors?: Fault[];
};

/** Seconds to wait before the request is sent again. */
const retryAfterSeconds: Partial<Record<ErrorCode, number>> = {
  overloaded: 1,
  temporal_unavailable: 2,
  database_unavailable: 2,
  storage_full: 30,
  document_store_unavailable: 5,
  no_answer: 2,
  too_many_calls: 5,
  request_in_progress: 1,
};

/** Faults of ours: the log has their causes. */
const ofOurs: ReadonlySet<ErrorCode> = new Set([
  'unexpected',
  'temporal_unavailable',
  'database_unavailable',
  'storage_full',
  'document_store_unavailable',
]);

/** Turns every error of every route into a problem. Call it before the plugins, so that it gets their errors too. */
export function setUpProblems(app: App): void {
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
}

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = toRefusal(error);
  const problem = problemOf(refusal, request.id);
  // The hook that sets this header may not have run when a request fails early.
  void reply.header('x-request-id', request.id);
  if (ofOurs.has(refusal.code) || error instanceof DatabaseError) logCause(error, request);
  const seconds =
    refusal instanceof TooManyAttempts || refusal instanceof RateLimited
      ? refusal.seconds
      : retryAfterSeconds[refusal.code];
  if (seconds !== undefined) void reply.header('retry-after', String(seconds));
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  return reply.code(problem.status).type('application/problem+json').send(problem);
}

/** A failed item of a batch has the same shape. */
export function problemOf(refusal: DomainError, requestId: string): Problem {
  const { status, title } = problemTable[refusal.code];
  return {
    type: `/docs/errors#${refusal.code}`,
    title,
    status,
    detail: refusal.message,
    instance: requestId,
    code: refusal.code,
    ...(refusal.faults.length > 0 && { errors: [...refusal.faults] }),
  };
}

/** An error that we did not foresee becomes `unexpected`: its text is not shown to the caller. */
export function toRefusal(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (error instanceof RequestFault) return fromRequest(error);
  if (error instanceof DatabaseError) return fromDatabase(error);
  if (error instanceof BucketError)
    return new DomainError('document_store_unavailable', 'The store of documents does not answer; repeat the request.');
  const grpcStatus = grpcStatusOf(error);
  if (grpcStatus !== undefined) return new TemporalUnavailable(grpcStatus);
  return fromFastify(error as Partial<FastifyError> | undefined);
}

function fromRequest(error: RequestFault): DomainError {
  if (error.validationContext === 'headers') {
    return new DomainError('malformed_request', 'A header cannot be read.', error.faults);
  }
  const named = error.faults;
  const which = error.count > named.length ? `, the first ${named.length} of ${error.count}` : '';
  return new DomainError('invalid_request', `The request is not acceptable; see errors${which}.`, named);
}

function fromDatabase(error: DatabaseError): DomainError {
  if (error.isBusy) return overloaded();
  if (isStorageFull(error))
    return new DomainError('storage_full', 'The disk of the database is full; reads go on. Nothing was stored.');
  if (error.isPassing)
    return new DomainError(
      'database_unavailable',
      'The database does not answer; repeat the request with the same key.',
    );
  // 22: data exception, 54: a limit of Postgres.
  if (/^(22|54)/.test(error.code ?? ''))
    return new DomainError('invalid_request', 'The database cannot store a value of the request.');
  return unexpected();
}

const bySyntax: Readonly<Record<string, [ErrorCode, string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Send application/json.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload_too_large', 'The body is larger than this route accepts.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['malformed_request', 'The body is not JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['malformed_request', 'The body is empty.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed_request', 'The body is not as long as its Content-Length says.'],
  FST_ERR_BAD_URL: ['malformed_request', 'The URL cannot be read.'],
};

function fromFastify(error: Partial<FastifyError> | undefined): DomainError {
  const known = bySyntax[error?.code ?? ''];
  if (known) return new DomainError(...known);
  const status = error?.statusCode;
  if (status !== undefined && status >= 400 && status < 500) {
    return new DomainError('malformed_request', 'The request cannot be read.');
  }
  return unexpected();
}

const unexpected = () => new DomainError('unexpected', 'Something went wrong here; send the request id to support.');

/** Logs names and stacks only: a message may quote the request. Our errors of database and bucket contain no value of a row. */
export function logCause(error: unknown, request: FastifyRequest): void {
  const { message, stack } = error instanceof Error ? error : new Error('something that is not an Error');
  request.log.error(
    {
      ...causeOf(error),
      ...((error instanceof DatabaseError || error instanceof BucketError) && { cause: message }),
      route: request.routeOptions?.url,
      stack: frames(stack),
    },
    'request failed',
  );
}

const frames = (stack: string | undefined): string[] | undefined =>
  stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .map((line) => line.trim());
