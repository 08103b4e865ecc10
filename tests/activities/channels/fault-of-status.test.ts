import { describe, expect, it } from '@jest/globals';
import { faultOfStatus } from '../../../activities/channels/safe-fetch.ts';

describe('an answer', () => {
  const answer = (status: number, headers: Record<string, string> = {}) =>
    new Response(status === 204 ? null : 'planted', { status, headers });
  const html = { 'content-type': 'text/html; charset=utf-8' };
  const read = { wrote: false };
  const write = { wrote: true };

  it.each([
    [answer(200), write, undefined],
    [answer(204), read, undefined],
    [answer(401), read, { kind: 'auth_failed' }],
    [answer(403, html), write, { kind: 'auth_failed' }],
    [answer(404), read, { kind: 'gone', what: 'channel' }],
    [answer(410), { ...write, missing: 'order' as const }, { kind: 'gone', what: 'order' }],
    [answer(402), write, { kind: 'unavailable' }],
    [answer(423), write, { kind: 'unavailable' }],
    [answer(422), write, { kind: 'invalid', field: 'request', code: 'status_422' }],
    [answer(500), write, { kind: 'unknown_outcome' }],
    [answer(503), read, { kind: 'unavailable' }],
    [answer(408), write, { kind: 'unknown_outcome' }],
    [answer(200, html), write, { kind: 'unknown_outcome' }],
    [answer(200, html), read, { kind: 'unavailable' }],
  ])('%# is the fault its status means', (response, call, fault) => {
    expect(faultOfStatus(response, call)?.fault).toEqual(fault);
  });

  const now = 'Wed, 21 Oct 2026 07:28:00 GMT';
  it.each([
    [{ 'retry-after': '7' }, 7],
    [{ 'retry-after': '3600' }, 3600],
    [{ 'retry-after': '0' }, 1],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:42 GMT', date: now }, 42],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:00:00 GMT', date: now }, 1],
    [{ 'retry-after': 'soon' }, 30],
    [{ 'retry-after': '-5' }, 30],
    [{ 'retry-after': '1.5' }, 30],
    [{}, 30],
  ])('429 with %p asks to wait as long as it says', (headers, retryAfter) => {
    expect(faultOfStatus(answer(429, { ...headers }), write)?.fault).toEqual({ kind: 'rate_limited', retryAfter });
  });
});
