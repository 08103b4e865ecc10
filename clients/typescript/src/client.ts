import createFetchClient, { type Client as FetchClient } from 'openapi-fetch';
import type { paths } from './api.ts';

/** Lists and batches also answer with files. This client reads JSON, and problems. */
type Json = 'application/json' | 'application/problem+json';

/** A method for each verb, typed by path: `client.GET('/v1/orders/{id}', { params: { path: { id } } })`. */
export type Client = FetchClient<paths, Json>;

export type ClientOptions = {
  /** Where the service is, without `/v1`. */
  baseUrl: string;
  /** `vp_…`, or the operator key. */
  key: string;
  /** In place of the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
};

/** The whole API for one key. It repeats nothing by itself: a POST with an `idempotency-key` may be sent again. */
export const createClient = ({ baseUrl, key, fetch }: ClientOptions): Client =>
  createFetchClient<paths, Json>({
    baseUrl,
    headers: { authorization: `Bearer ${key}` },
    ...(fetch && { fetch }),
  });
