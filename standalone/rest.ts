/** A refusal of our API: its status and the fields of its problem. */
export class RestError extends Error {
  readonly status: number;
  readonly problem: { code: string; detail?: string; errors?: { pointer: string; detail: string }[] };

  constructor(status: number, problem: RestError['problem'], what: string) {
    super(`${what}: ${status} ${problem.code}${problem.detail === undefined ? '' : `: ${problem.detail}`}`);
    this.status = status;
    this.problem = problem;
  }
}

export type Rest = {
  readonly key: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown, idempotencyKey?: string): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  patch<T>(path: string, body: unknown, idempotencyKey?: string): Promise<T>;
};

/** A client of the public REST API, as in a merchant's or supplier's own code. @throws RestError */
export function restClient(baseUrl: string, key: string): Rest {
  async function call<T>(
    method: string,
    path: string,
    { body, idempotencyKey }: { body?: unknown; idempotencyKey?: string | undefined } = {},
  ): Promise<T> {
    const response = await fetch(`${baseUrl}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    if (!response.ok) throw new RestError(response.status, answer as RestError['problem'], `${method} ${path}`);
    return answer as T;
  }
  return {
    key,
    get: (path) => call('GET', path),
    post: (path, body, idempotencyKey) => call('POST', path, { body: body ?? {}, idempotencyKey }),
    put: (path, body) => call('PUT', path, { body }),
    patch: (path, body, idempotencyKey) => call('PATCH', path, { body, idempotencyKey }),
  };
}
