import { createHash, randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { DatabaseError } from '../../db/engine/database-error.ts';
import { findAnswer, storeAnswer, takeKey, type StoredAnswer } from '../../db/engine/idempotency.ts';
import { readOnce, withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { DomainError } from '../../domain/errors.ts';
import type { RequestKey } from '../../workflows/messages.ts';
import type { App } from '../deps.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on a route that takes an Idempotency-Key though it is no POST, or false on a POST that takes none. */
    takesKey?: boolean;
  }
  interface FastifyRequest {
    /** The key of a POST, or of a route that takes one; undefined where the client sent none. */
    idempotencyKey: string | undefined;
    /** The reply: `command` and `message` set its status and headers before the handler returns. */
    replying: FastifyReply;
  }
}

export type CommandOptions<T> = {
  /** The HTTP status of an answer that is not a replay. */
  status: number | ((result: T) => number);
  /** Selects the part of the answer that is stored for a replay. Left out: all of it. A secret must not be stored. */
  stored?: (result: T) => unknown;
};

/** Signed webhooks have a delivery id of their own; `takesKey: false` stands where a repeat is another attempt. */
export const takesKey = ({ method, config }: Pick<RouteOptions, 'method' | 'config'>): boolean =>
  config?.takesKey ?? (method === 'POST' && !config?.readsRawBody);

const keyHeader = 'idempotency-key';

export function setUpIdempotency(app: App): void {
  app.decorateRequest('idempotencyKey', undefined);
  app.decorateRequest('replying', null as never);
  app.addHook('preHandler', async (request, reply) => {
    request.replying = reply;
    const { method, routeOptions, headers } = request;
    if (takesKey({ method, config: routeOptions.config }))
      request.idempotencyKey = headers[keyHeader] as string | undefined;
  });
  app.addHook('onRequest', async ({ raw }) => assertOneKey(raw.rawHeaders));
}

/** Node joins headers of one name to one text. @throws DomainError `malformed_request` */
function assertOneKey(headers: readonly string[]): void {
  const keys = headers.filter((name, at) => at % 2 === 0 && name.toLowerCase() === keyHeader);
  if (keys.length < 2) return;
  const fault = { pointer: keyHeader, detail: 'must come once' };
  throw new DomainError('malformed_request', 'The request has several Idempotency-Keys.', [fault]);
}

/** For a request whose repeat would count again. @throws DomainError `invalid_request` */
export function requireKey({ idempotencyKey }: FastifyRequest): void {
  if (idempotencyKey !== undefined) return;
  const detail = 'is missing: an adjustment that is sent again would count again';
  throw new DomainError('invalid_request', `The Idempotency-Key ${detail}.`, [{ pointer: 'idempotency-key', detail }]);
}

/**
 * One write: `work` and the key's row commit together or not at all, in the caller's account (for the operator: the
 * pseudo account; see `asOperatorIn`). A repeat gets the first answer. A refusal does not use up the key.
 * @throws DomainError `idempotency_key_reused`, `request_in_progress`, and the refusals of `work`
 */
export async function command<T>(
  request: FastifyRequest,
  options: CommandOptions<T>,
  work: (db: AccountDb) => Promise<T>,
): Promise<T> {
  const key = request.idempotencyKey;
  if (key === undefined) {
    const { pool } = request.server.deps;
    return answer(request, options, await withAccount(pool, request.actor.accountId, work));
  }
  const outcome = await once(request, { key, fingerprint: fingerprintOf(request), options }, work);
  return 'replay' in outcome ? replayed<T>(request, outcome.replay) : answer(request, options, outcome.result);
}

/** One of several writes of a request. `number`: from 0; `content`: identifies the write. */
export type Part = { number: number; content: unknown };

/**
 * A part of a request that commits by itself, for example a chunk of a file: as `command`, under a part of the key, and
 * without an answer of its own. It is tried again after it lost to another transaction: a client cannot repeat a part.
 */
export async function commandPart<T>(
  request: FastifyRequest,
  part: Part,
  work: (db: AccountDb) => Promise<T>,
): Promise<{ result: T; isReplay: boolean }> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await partOnce(request, part, work);
    } catch (error) {
      const hasLost = error instanceof DatabaseError && error.isPassing && !error.isAway;
      if (!hasLost || tries === 3) throw error;
    }
  }
}

async function partOnce<T>(
  request: FastifyRequest,
  { number, content }: Part,
  work: (db: AccountDb) => Promise<T>,
): Promise<{ result: T; isReplay: boolean }> {
  const { idempotencyKey, actor, server } = request;
  if (idempotencyKey === undefined) {
    return { result: await withAccount(server.deps.pool, actor.accountId, work), isReplay: false };
  }
  const key = partOf(idempotencyKey, number);
  const fingerprint = fingerprintOf(request, content);
  const outcome = await once(request, { key, fingerprint, options: { status: 200 } }, work);
  return 'replay' in outcome
    ? { result: outcome.replay.answer as T, isReplay: true }
    : { result: outcome.result, isReplay: false };
}

/** The first part has the key itself, so that another request under the same key is refused. */
function partOf(key: string, number: number): string {
  if (number === 0) return key;
  const whole = `${key}#${number}`;
  return whole.length <= 255 ? whole : `${createHash('sha256').update(key).digest('base64url')}#${number}`;
}

async function once<T>(
  request: FastifyRequest,
  { key, fingerprint, options }: RequestKey & { options: CommandOptions<T> },
  work: (db: AccountDb) => Promise<T>,
): Promise<{ replay: StoredAnswer } | { result: T }> {
  const { pool, crashPoint } = request.server.deps;
  const outcome = await withAccount(pool, request.actor.accountId, async (db) => {
    await takeKey(db, key);
    const replay = await findReplay(db, key, fingerprint);
    if (replay) return { replay };
    const result = await work(db);
    const stored = options.stored ? options.stored(result) : result;
    await storeAnswer(db, { key, fingerprint, status: statusOf(options, result), answer: stored });
    crashPoint('store-order.before-commit');
    return { result };
  });
  crashPoint('store-order.committed');
  return outcome;
}

/** Goes with a message to a workflow, so that its activity stores the answer with the effect (law 1). */
export type Ticket = { updateId: string; idempotency: RequestKey | null };

/** Sends a message. @returns reads the answer; called only where the workflow has stored none */
type Send<T> = (ticket: Ticket) => Promise<() => Promise<T>>;

/**
 * A write that a workflow does: replays a stored answer, or else sends the message. The activity that writes calls
 * `storeAnswer` with the ticket: a workflow forgets its update ids when it continues as new.
 */
export async function message<T>(request: FastifyRequest, options: CommandOptions<T>, send: Send<T>): Promise<T> {
  const { idempotencyKey: key } = request;
  const named = key === undefined ? null : { key, fingerprint: fingerprintOf(request) };
  const outcome = await sendOnce(request, named, send);
  return 'replay' in outcome ? replayed<T>(request, outcome.replay) : answer(request, options, outcome.result);
}

/** As `message`, for a part of a request: under a part of the key, and without an answer of its own. */
export async function messagePart<T>(request: FastifyRequest, { number, content }: Part, send: Send<T>): Promise<T> {
  const { idempotencyKey: key } = request;
  const named = key === undefined ? null : { key: partOf(key, number), fingerprint: fingerprintOf(request, content) };
  const outcome = await sendOnce(request, named, send);
  return 'replay' in outcome ? (outcome.replay.answer as T) : outcome.result;
}

/** The stored result of a part under the same key. @throws DomainError `idempotency_key_reused` */
export async function findPart<T>(request: FastifyRequest, { number, content }: Part): Promise<T | undefined> {
  const { actor, idempotencyKey: key, server } = request;
  if (key === undefined) return undefined;
  const fingerprint = fingerprintOf(request, content);
  const find = (db: AccountDb) => findReplay(db, partOf(key, number), fingerprint);
  return (await readOnce(server.deps.pool, actor.accountId, find))?.answer as T | undefined;
}

/**
 * A request that does its work in parts, numbered from 1. Its own key stores the answer once the answer is final.
 * @param content identifies the request, where its body is a stream
 */
export async function inParts<T>(
  request: FastifyRequest,
  content: unknown,
  work: () => Promise<{ result: T; isFinal: boolean }>,
): Promise<T> {
  const { idempotencyKey: key } = request;
  const options = { status: 200 };
  if (key === undefined) return answer(request, options, (await work()).result);
  const known = await findPart<T>(request, { number: 0, content });
  if (known) return replayed<T>(request, { status: 200, answer: known });
  const { result, isFinal } = await work();
  if (isFinal) await once(request, { key, fingerprint: fingerprintOf(request, content), options }, async () => result);
  return answer(request, options, result);
}

async function sendOnce<T>(
  request: FastifyRequest,
  named: RequestKey | null,
  send: Send<T>,
): Promise<{ replay: StoredAnswer } | { result: T }> {
  const { actor, server } = request;
  if (!named) {
    const read = await send({ updateId: `${actor.accountId}/${randomUUID()}`, idempotency: null });
    return { result: await read() };
  }
  const { key, fingerprint } = named;
  const find = () => readOnce(server.deps.pool, actor.accountId, (db) => findReplay(db, key, fingerprint));
  const replay = await find();
  if (replay) return { replay };
  let read: () => Promise<T>;
  try {
    read = await send({ updateId: `${actor.accountId}/${key}`, idempotency: named });
  } catch (refusal) {
    // The same request, sent at the same time, may have done the work.
    const done = refusal instanceof DomainError && (await find());
    if (!done) throw refusal;
    return { replay: done };
  }
  // Temporal dedupes by update id alone, so a reused key with another body would get the first body's answer. Compare
  // the stored fingerprint and refuse. The stored answer is also the one that a repeat gets.
  const stored = await find();
  const result = stored ? (stored.answer as T) : await read();
  server.deps.crashPoint('command.accepted');
  return { result };
}

/** @throws DomainError `idempotency_key_reused` when the key answered another request */
async function findReplay(db: AccountDb, key: string, fingerprint: string): Promise<StoredAnswer | undefined> {
  const stored = await findAnswer(db, key);
  if (stored && stored.fingerprint !== fingerprint) {
    throw new DomainError('idempotency_key_reused', 'This Idempotency-Key was used with another route or body.');
  }
  return stored;
}

/** The hash of method, path and body, whatever the order of the body's fields. */
export function fingerprintOf(request: FastifyRequest, content: unknown = request.body): string {
  const [path] = request.url.split('?');
  return createHash('sha256')
    .update(JSON.stringify([request.method, path, canonical(content ?? null)]))
    .digest('base64url');
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return entries.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, field]) => [name, canonical(field)]);
}

const statusOf = <T>({ status }: CommandOptions<T>, result: T): number =>
  typeof status === 'function' ? status(result) : status;

function answer<T>(request: FastifyRequest, options: CommandOptions<T>, result: T): T {
  void request.replying.code(statusOf(options, result));
  return result;
}

function replayed<T>(request: FastifyRequest, stored: Pick<StoredAnswer, 'status' | 'answer'>): T {
  void request.replying.code(stored.status).header('idempotency-replayed', 'true');
  return stored.answer as T;
}
