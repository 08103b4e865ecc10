import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import pg from 'pg';
import type { App } from '../../../api/app.ts';
import { printedLink, provisionPerson, type Provisioned } from '../../../db/people/provision.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import type { TestApi } from '../engine/test-api.ts';

type Headers = Record<string, string>;
/** A browser: it has a cookie, and sends what browsers send. */
export type Browser = {
  /** The value of the session's cookie; undefined while nobody is signed in. */
  cookie: string | undefined;
  ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, more?: Asked): Promise<LightMyRequestResponse>;
};
type Asked = { body?: object; account?: string; headers?: Headers };

/**
 * @param headers beside or in place of the usual ones; an empty one is left out
 * @param remoteAddress failures count by it
 */
export function aBrowser(app: App, headers: Headers = {}, remoteAddress = '127.0.0.1'): Browser {
  const browser: Browser = {
    cookie: undefined,
    ask: async (method, url, { body, account, headers: own = {} } = {}) => {
      const all: Headers = {
        host: 'localhost:3000',
        'sec-fetch-site': 'same-origin',
        ...(method !== 'GET' && { origin: 'http://localhost:3000' }),
        ...(browser.cookie !== undefined && { cookie: `vp_session=${browser.cookie}` }),
        ...(account !== undefined && { 'x-account-id': account }),
        ...headers,
        ...own,
      };
      const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
      const request: InjectOptions = { method, url, headers: sent, remoteAddress, ...(body && { payload: body }) };
      const answer = await app.inject(request);
      const given = answer.cookies.find(({ name }) => name.endsWith('vp_session'));
      if (given) browser.cookie = given.value === '' ? undefined : given.value;
      return answer;
    },
  };
  return browser;
}

/** Sees and changes all rows, as no role of the service may. */
export async function asOwner({ database }: TestApi, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

let people = 0;

/** A person who is signed in by a link. @returns the browser, and the id and e-mail of the person */
export async function signedIn(
  { app, pool }: { app: App; pool: Pool },
  person: Partial<Provisioned> = {},
): Promise<Browser & { userId: string; email: string }> {
  const email = person.email ?? `person-${(people += 1)}@shop.example`;
  const now = app.deps.now();
  const userId = await provisionPerson(pool, { name: 'Kim Park', memberships: [], ...person, email }, now);
  const browser = aBrowser(app);
  const token = await printedLink(pool, userId, now);
  const answer = await browser.ask('POST', '/v1/session/link', { body: { token } });
  if (answer.statusCode !== 200) throw new Error(`Not signed in: ${answer.body}`);
  return Object.assign(browser, { userId, email });
}
