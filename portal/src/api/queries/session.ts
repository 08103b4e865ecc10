import { queryOptions } from '@tanstack/react-query';
import type { Session as ApiSession } from '../../../../clients/typescript/src/index.ts';
import { ApiError, got, personApi } from '../client.ts';

export type Session = ApiSession;
export type Role = Session['accounts'][number]['role'];
export type Scope = Session['accounts'][number]['scopes'][number];

const freshMs = 5 * 60_000;

/** The person and its accounts. A 401 leads to sign-in (`router.tsx`). */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => got(personApi.GET('/v1/session', { signal })),
  staleTime: freshMs,
});

/** The session of this browser; undefined where nobody is signed in. A page that needs no session asks by this. */
export async function readPresentSession(): Promise<Session | undefined> {
  try {
    return await got(personApi.GET('/v1/session'));
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

export const devicesQuery = queryOptions({
  queryKey: ['session', 'devices'],
  queryFn: ({ signal }) => got(personApi.GET('/v1/session/devices', { signal })),
});
