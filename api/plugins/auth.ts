import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { findKeyByHash, touchKey, type KeyRecord } from '../../db/accounts/keys.ts';
import type { Author } from '../../db/accounts/audit-events.ts';
import { operatorAccount } from '../../db/accounts/operator.ts';
import { withAccount, withSystem } from '../../db/engine/with-account.ts';
import { hasEnded, hasScope, type Scope } from '../../domain/account.ts';
import { DomainError } from '../../domain/errors.ts';
import { scopesOf, staffScopes } from '../../domain/people.ts';
import type { Session } from '../../db/people/sessions.ts';
import { assertSameOrigin } from '../people/same-origin.ts';
import { sessionToken } from '../people/session-cookie.ts';
import { noteUse as noteSession, sessionOf } from '../people/who.ts';
import { hashKey, isWellFormedKey } from '../request/api-key.ts';
import type { App, AppDeps } from '../deps.ts';
import { takeOfAddress } from './rate-limits.ts';
import { createKnownKeys, type KnownKeys } from './known-keys.ts';

/** The caller of a request. The operator's own rows belong to the pseudo account `operator`. */
type RequestActor = {
  kind: 'account' | 'operator';
  accountId: string;
  keyId: string;
  scopes: readonly Scope[];
  /** `keyId` is the id of a person who is signed in. */
  isPerson: boolean;
};

/**
 * Who may call a route: `config: { access: forAccount('write') }`. The API does not start with a route without it. `person`:
 * whoever is signed in, in no account.
 */
export type Access = 'public' | 'person' | { audience: readonly RequestActor['kind'][]; scope: Scope };

export const forAccount = (scope: Scope): Access => ({ audience: ['account'], scope });
export const forOperator = (scope: Scope): Access => ({ audience: ['operator'], scope });
export const forBoth = (scope: Scope): Access => ({ audience: ['account', 'operator'], scope });

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyInstance {
    knownKeys: KnownKeys;
  }
  interface FastifyRequest {
    actor: RequestActor;
    /** Set where the access is `person`. */
    person: Session;
  }
}

/** Whoever has the configured key. Other operators have keys of the pseudo account. */
const operator: RequestActor = {
  kind: 'operator',
  accountId: operatorAccount,
  keyId: 'operator',
  scopes: ['admin'],
  isPerson: false,
};

/** Sets `request.actor` before the body is read, so that the body of an unknown caller is never read. */
export function setUpAuth(app: App): void {
  const { operatorKey, keyPepper } = app.deps;
  const operatorHash = hashKey(operatorKey, keyPepper);
  app.decorate('knownKeys', createKnownKeys(app.deps.clock));
  app.decorateRequest('actor', null as never);
  app.decorateRequest('person', null as never);
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    if (request.is404 || access === undefined || access === 'public') return;
    if (access === 'person') return void (request.person = await counted(request, () => signedIn(request)));
    request.actor = await counted(request, () => identify(request, operatorHash));
    if (!access.audience.includes(request.actor.kind)) {
      const who = request.actor.kind === 'operator' ? 'an account key' : 'an operator key';
      throw new DomainError('scope_missing', `This route needs ${who}.`);
    }
    assertScope(request.actor, access.scope);
  });
}

/** A caller without a valid key counts as its address. */
async function counted<T>(request: FastifyRequest, identifying: () => Promise<T>): Promise<T> {
  try {
    return await identifying();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'unauthenticated') takeOfAddress(request);
    throw error;
  }
}

/** For a route of which a part needs more than its access says. @throws DomainError `scope_missing` */
export function assertScope({ scopes, isPerson }: RequestActor, scope: Scope): void {
  if (hasScope(scopes, scope)) return;
  throw new DomainError('scope_missing', `${isPerson ? 'The role' : 'The key'} needs the scope "${scope}".`);
}

async function identify(request: FastifyRequest, operatorHash: Buffer): Promise<RequestActor> {
  const { deps, knownKeys } = request.server;
  if (request.headers.authorization === undefined && sessionToken(request) !== undefined) return asPerson(request);
  const token = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw unauthenticated();
  const hash = hashKey(token, deps.keyPepper);
  if (timingSafeEqual(hash, operatorHash)) return operator;
  if (!isWellFormedKey(token)) throw unauthenticated();
  const key = await knownKeys.find(hash, () => readKey(deps, hash));
  if (!key || hasEnded(key, deps.now())) throw unauthenticated();
  await noteUse(deps, key);
  const kind = key.accountId === operatorAccount ? 'operator' : 'account';
  return { kind, accountId: key.accountId, keyId: key.id, scopes: key.scopes, isPerson: false };
}

/** @throws DomainError `unauthenticated`; `account_not_found` where the person is no member, as where there is no account */
async function asPerson(request: FastifyRequest): Promise<RequestActor> {
  const named = request.headers['x-account-id'];
  if (typeof named !== 'string')
    throw new DomainError('unauthenticated', 'Name the account in the header x-account-id.');
  const { userId, staff, role } = await signedIn(request, named);
  if (staff && named === operatorAccount)
    return { kind: 'operator', accountId: operatorAccount, keyId: userId, scopes: staffScopes, isPerson: true };
  if (role === null) throw new DomainError('account_not_found', 'There is no such account.');
  return { kind: 'account', accountId: named, keyId: userId, scopes: scopesOf(role), isPerson: true };
}

/** @throws DomainError `unauthenticated` */
async function signedIn(request: FastifyRequest, accountId: string | null = null): Promise<Session> {
  assertSameOrigin(request);
  const session = await sessionOf(request, accountId);
  if (!session) throw new DomainError('unauthenticated', 'Sign in.');
  await noteSession(request, session, accountId);
  return session;
}

async function readKey({ pool }: AppDeps, hash: Buffer): Promise<KeyRecord | undefined> {
  const key = await withSystem(pool, (db) => findKeyByHash(db, hash));
  return key && timingSafeEqual(key.hash, hash) ? key : undefined;
}

/** Writes at most once a minute: otherwise each read with a busy key would write. */
async function noteUse({ pool, now }: AppDeps, key: KeyRecord): Promise<void> {
  const at = now();
  if (key.lastUsedAt !== null && at.getTime() - Date.parse(key.lastUsedAt) < 60_000) return;
  // The record is shared by the requests of some seconds.
  key.lastUsedAt = at.toISOString();
  await withAccount(pool, key.accountId, (db) => touchKey(db, key.id, at));
}

const unauthenticated = () => new DomainError('unauthenticated', 'Send a valid key as "Authorization: Bearer vp_…".');

/** The author of a change, as timelines and audit rows store it. */
export const authorOf = ({ actor, id }: FastifyRequest): Author => ({
  actor: { kind: actor.kind, id: actor.keyId },
  requestId: id,
});
