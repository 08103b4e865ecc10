import { randomBytes } from 'node:crypto';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { buildApp, type ApiDeps, type App } from '../../../api/app.ts';
import { createClient, dataOf, type Client } from '../../../clients/typescript/src/index.ts';
import type { Workflows } from '../../../temporal/client.ts';
import { createPool, type Pool } from '../../../db/engine/pool.ts';
import { createSealer, derivePepper, type Sealer } from '../../../db/engine/sealing.ts';
import { insertPortal } from '../../../db/channels/channels.ts';
import { insertSupplier } from '../../../db/accounts/suppliers.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import type { Scope } from '../../../domain/account.ts';
import type { ErrorCode } from '../../../domain/errors.ts';
import { problemTable } from '../../../api/plugins/errors-table.ts';
import { assertDeclared } from './declared-answer.ts';
import { cloneDatabase, waitMs, type ClonedDatabase } from './database.ts';

const operatorKey = 'operator-key-for-these-tests';

/** What the fake of Temporal was asked. */
type Ledger = { call: string; args: unknown[] }[];

/** Does nothing, or what a test gives, and remembers it. */
function fakeWorkflows(ledger: Ledger, given: Partial<Workflows>): Workflows {
  const answers: Record<string, unknown> = {
    isReachable: true,
    startDropships: [],
    checkLabelAccount: { isTest: true, carriers: ['ups'] },
    checkChannel: {
      missing: [],
      unproven: ['UpdateOrder'],
      locations: [{ id: '1', name: 'Default' }],
      fixes: [],
      problems: [],
    },
  };
  return new Proxy({} as Workflows, {
    get:
      (_target, call: string) =>
      async (...args: unknown[]) => {
        ledger.push({ call, args });
        const own = given[call as keyof Workflows] as ((...args: unknown[]) => unknown) | undefined;
        return own ? own(...args) : answers[call];
      },
  });
}

export type Caller = {
  accountId: string;
  key: string;
  /** Typed; the verbs below send what it cannot: nonsense, bytes, headers, and unknown routes. */
  api: Client;
  get(url: string): Promise<LightMyRequestResponse>;
  post(url: string, body?: object, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  put(url: string, body: object): Promise<LightMyRequestResponse>;
  patch(url: string, body: object): Promise<LightMyRequestResponse>;
  delete(url: string): Promise<LightMyRequestResponse>;
};

export type TestApi = {
  app: App;
  pool: Pool;
  sealer: Sealer;
  ledger: Ledger;
  database: ClonedDatabase;
  operator: Caller;
  /** A new company with a key of these scopes. */
  anAccount(scopes?: readonly Scope[]): Promise<Caller>;
  /** Another key of the same company. */
  aKeyOf(account: Caller, scopes: readonly Scope[]): Promise<Caller & { keyId: string }>;
  /** An active connection, set up as the workflow would. */
  aConnection(
    merchant: Caller,
    supplier: Caller,
  ): Promise<{ connectionId: string; supplierId: string; portalId: string }>;
  close(): Promise<void>;
};

/**
 * The application on a database of its own, with a fake of Temporal.
 * @param given calls that are to do something; `more`: dependencies beside the usual ones
 */
export async function openApi(
  given: (pool: Pool) => Partial<Workflows> = () => ({}),
  more: Partial<ApiDeps> = {},
): Promise<TestApi> {
  const database = await cloneDatabase();
  const pool = createPool({ appUrl: database.appUrl, systemUrl: database.systemUrl, name: 'test', size: 8, waitMs });
  const encryptionKey = randomBytes(32).toString('base64');
  const sealer = createSealer(encryptionKey);
  const ledger: Ledger = [];
  const app = await buildApp({
    pool,
    workflows: fakeWorkflows(ledger, given(pool)),
    sealer,
    keyPepper: derivePepper(encryptionKey),
    operatorKey,
    checksAnswers: true,
    allowedPrivateHosts: ['127.0.0.1:3999'],
    ...more,
  });
  checkAnswers(app);
  const operator = callerOf(app, 'operator', operatorKey);
  const aKeyOf = async (account: Caller, scopes: readonly Scope[]) => {
    const body = { accountId: account.accountId, name: 'Test', scopes: [...scopes] };
    const issued = await dataOf(operator.api.POST('/v1/keys', { body }));
    return { ...callerOf(app, account.accountId, issued.key!), keyId: issued.id };
  };
  return {
    app,
    pool,
    sealer,
    ledger,
    database,
    operator,
    aKeyOf,
    anAccount: async (scopes = ['admin']) => {
      const { id } = await dataOf(operator.api.POST('/v1/accounts', { body: { name: 'A company' } }));
      return aKeyOf(callerOf(app, id, ''), scopes);
    },
    aConnection: async (merchant, supplier) => {
      const body = { merchantAccountId: merchant.accountId, supplierAccountId: supplier.accountId };
      const { id: connectionId } = await dataOf(operator.api.POST('/v1/connections', { body }));
      const entry = await withAccount(pool, merchant.accountId, (db) =>
        insertSupplier(db, { connectionId, name: 'A supplier' }),
      );
      const portalId = await withAccount(pool, supplier.accountId, (db) =>
        insertPortal(db, { connectionId, name: 'A merchant' }),
      );
      return { connectionId, supplierId: entry.id, portalId };
    },
    close: async () => {
      await app.close();
      await pool.destroy();
      await database.drop();
    },
  };
}

/** What an operation answers is what the API document says of it, in every test. */
function checkAnswers(app: App): void {
  const inject = app.inject.bind(app);
  app.inject = (async (request: InjectOptions) => {
    const answer = await inject(request);
    const { method = 'GET', url } = request;
    assertDeclared({ method, url: url as string, status: answer.statusCode, text: answer.body });
    return answer;
  }) as typeof app.inject;
}

export function callerOf(app: App, accountId: string, key: string): Caller {
  const authorization = `Bearer ${key}`;
  return {
    accountId,
    key,
    api: createClient({ baseUrl: 'http://api.test', key, fetch: (request) => injected(app, request) }),
    get: (url) => app.inject({ method: 'GET', url, headers: { authorization } }),
    post: (url, body, headers = {}) =>
      app.inject({ method: 'POST', url, headers: { authorization, ...headers }, ...(body && { payload: body }) }),
    put: (url, body) => app.inject({ method: 'PUT', url, headers: { authorization }, payload: body }),
    patch: (url, body) => app.inject({ method: 'PATCH', url, headers: { authorization }, payload: body }),
    delete: (url) => app.inject({ method: 'DELETE', url, headers: { authorization } }),
  };
}

/** Asks the application as a server would be asked, without a port. */
async function injected(app: App, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const payload = await request.text();
  const { statusCode, body, headers } = await app.inject({
    method: request.method as 'GET',
    url: pathname + search,
    headers: Object.fromEntries(request.headers),
    ...(payload !== '' && { payload }),
  });
  return new Response(statusCode === 204 ? null : body, {
    status: statusCode,
    headers: headers as Record<string, string>,
  });
}

/** The whole body of a problem: what is not named here must not be there. */
export function aProblem(answer: LightMyRequestResponse, code: ErrorCode, rest: { detail: string; errors?: object[] }) {
  return {
    type: `/docs/errors#${code}`,
    ...problemTable[code],
    instance: answer.headers['x-request-id'],
    code,
    ...rest,
  };
}

/** A problem without the id of its request, for comparing two of them. */
export const withoutRequestId = (answer: LightMyRequestResponse): Record<string, unknown> => {
  const { instance: _instance, ...rest } = answer.json<Record<string, unknown>>();
  return rest;
};
