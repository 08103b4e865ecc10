import createFetchClient from 'openapi-fetch';
import type { Client, paths, Problem } from '../../../clients/typescript/src/index.ts';

/** What the API refused. Decide by `code`; `message` is for people. Without any answer: status 0, code `unreachable`. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: Problem['code'] | 'unreachable';
  readonly errors: NonNullable<Problem['errors']>;
  readonly requestId: string | undefined;

  constructor(status: number, problem?: Partial<Problem>) {
    super(problem?.detail ?? problem?.title ?? 'The service does not answer.');
    this.name = 'ApiError';
    this.status = status;
    this.code = problem?.code ?? 'unreachable';
    this.errors = problem?.errors ?? [];
    this.requestId = problem?.instance;
  }

  /** The command may be done all the same: a repeat needs the same key, or it counts twice. */
  get isUncertain(): boolean {
    return this.status === 0 || this.status >= 500 || this.code === 'request_in_progress';
  }

  /** The person has another role by now, or is no member any more: what the page allows is to be asked for again. */
  get isOfRights(): boolean {
    return this.status === 403 || this.code === 'account_not_found';
  }
}

const clients = new Map<string, Client>();

/**
 * The API for one account: `api(account).GET('/v1/orders/{id}', { params: { path: { id } }, signal })`.
 * The account is a part of the address, so two tabs may act for two accounts under one sign-in.
 */
export function api(account: string): Client {
  const known = clients.get(account);
  if (known) return known;
  const made = clientWith({ 'x-account-id': account });
  clients.set(account, made);
  return made;
}

/** The API for the person alone: sign-in, the session, invitations. */
export const personApi: Client = clientWith({});

/** For staff, below `/portal/support` only. */
export const operatorApi: Client = clientWith({ 'x-account-id': 'operator' });

function clientWith(headers: Record<string, string>): Client {
  // Asked for at each call, so that a test may put another in its place.
  return createFetchClient<paths, 'application/json' | 'application/problem+json'>({
    baseUrl: window.location.origin,
    credentials: 'same-origin',
    headers,
    fetch: (request) => window.fetch(request),
  });
}

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string';

const isAborted = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

/**
 * The data of an answer: `got(api(account).GET(…))`. Undefined for a 204.
 * @throws ApiError
 */
export async function got<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call.catch((reason: unknown) => {
    throw isAborted(reason) ? reason : new ApiError(0);
  });
  // The type of an answer without a body is undefined.
  if (response.ok) return data as T;
  throw new ApiError(response.status, isProblem(error) ? error : undefined);
}

const pausesMs = [300, 900, 2_000];

/** Lost on its way, or not let through: 502 and 504 are of what stands in front of the service. */
const isPassing = ({ status, code }: ApiError): boolean =>
  [0, 502, 503, 504].includes(status) || code === 'request_in_progress';

/**
 * The answer of a command with an Idempotency-Key, or of one that changes nothing when repeated. A 503, a lost answer and a
 * request that is still under way are tried thrice again, with the same key: `sent(() => api(account).POST(…))`.
 * @throws ApiError
 */
export async function sent<T>(call: () => Promise<Answer<T>>): Promise<T> {
  for (const pause of pausesMs) {
    try {
      return await got(call());
    } catch (error) {
      if (!(error instanceof ApiError) || !isPassing(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return got(call());
}
