import { createClient, dataOf, type Client } from '../../../clients/typescript/src/index.ts';
import { assertDeclared } from './declared-answer.ts';

export { ProblemError } from '../../../clients/typescript/src/index.ts';

/** A user of the public REST API. `api` is typed by path; the verbs take any path and any body. */
export type Rest = {
  readonly key: string;
  readonly api: Client;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown, idempotencyKey?: string): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  patch<T>(path: string, body: unknown, idempotencyKey?: string): Promise<T>;
};

/** @throws ProblemError; Error for an answer that docs/openapi.json does not name */
export function restClient(baseUrl: string, key: string): Rest {
  const api = createClient({ baseUrl, key, fetch: fetchDeclared });
  const call = <T>(method: 'get' | 'post' | 'put' | 'patch', path: string, { body, idempotencyKey }: Sent = {}) =>
    dataOf(
      api.request(
        method,
        `/v1${path}` as never,
        {
          ...(body !== undefined && { body }),
          ...(idempotencyKey !== undefined && { headers: keyed(idempotencyKey) }),
        } as never,
      ) as unknown as Promise<{ data: T; response: Response }>,
    );
  return {
    key,
    api,
    get: (path) => call('get', path),
    post: (path, body, idempotencyKey) => call('post', path, { body: body ?? {}, idempotencyKey }),
    put: (path, body) => call('put', path, { body }),
    patch: (path, body, idempotencyKey) => call('patch', path, { body, idempotencyKey }),
  };
}

type Sent = { body?: unknown; idempotencyKey?: string | undefined };

/** The header of a key that may be left out. */
export const keyed = (key: string | undefined) => (key === undefined ? {} : { 'idempotency-key': key });

async function fetchDeclared(request: Request): Promise<Response> {
  const { method, url } = request;
  const response = await fetch(request);
  const text = response.status < 400 ? '' : await response.clone().text();
  assertDeclared({ method, url: new URL(url).pathname, status: response.status, text });
  return response;
}
