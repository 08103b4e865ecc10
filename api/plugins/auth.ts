import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { findKeyByHash, touchKey, type KeyRecord } from '../../db/accounts/keys.ts';
import type { Author } from '../../db/accounts/audit-events.ts';
import { operatorAccount } from '../../db/accounts/operator.ts';
import { withAccount, withSystem } from '../../db/engine/with-account.ts';
import { hasScope, type Scope } from '../../domain/account.ts';
import { DomainError } from '../../domain/errors.ts';
import { hashKey, isWellFormedKey } from '../request/api-key.ts';
import type { App, AppDeps } from '../deps.ts';
import { createKnownKeys, type KnownKeys } from './known-keys.ts';

/** The caller of a request. The operator's own rows belong to the pseudo account `operator`. */
type RequestActor = {
  kind: 'account' | 'operator';
  accountId: string;
  keyId: string;
  scopes: readonly Scope[];
};

/**
 * Who may call a route: `config: { access: forAccount('write') }`. The API does not start with a route without it. `person`:
 * whoever is signed in, in no account.
 */
export type Access = 'public' | 'person' | { audience: readonly RequestActor['kind'][]; scope: Scope };

export const forAccount = (scope: Scope): Access => ({ audience: ['account'], scope });
export const forOperator: Access = { audience: ['operator'], scope: 'admin' };
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
  }
}

const operator: RequestActor = {
  kind: 'operator',
  accountId: operatorAccount,
  keyId: 'operator',
  scopes: ['admin'],
};

/** Sets `request.actor` before the body is read, so that the body of an unknown caller is never read. */
export function setUpAuth(app: App): void {
  const { operatorKey, keyPepper } = app.deps;
  const operatorHash = hashKey(operatorKey, keyPepper);
  app.decorate('knownKeys', createKnownKeys(app.deps.clock));
  app.decorateRequest('actor', null as never);
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    if (request.is404 || access === undefined || access === 'public') return;
    if (access === 'person') throw unauthenticated();
    request.actor = await identify(request, operatorHash);
    if (!access.audience.includes(request.actor.kind)) {
      const who = request.actor.kind === 'operator' ? 'an account key' : 'the operator key';
      throw new DomainError('scope_missing', `This route needs ${who}.`);
    }
    if (!hasScope(request.actor.scopes, access.scope)) {
      throw new DomainError('scope_missing', `The key needs the scope "${access.scope}".`);
    }
  });
}

async function identify(request: FastifyRequest, operatorHash: Buffer): Promise<RequestActor> {
  const { deps, knownKeys } = request.server;
  const token = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw unauthenticated();
  const hash = hashKey(token, deps.keyPepper);
  if (timingSafeEqual(hash, operatorHash)) return operator;
  if (!isWellFormedKey(token)) throw unauthenticated();
  const key = await knownKeys.find(hash, () => readKey(deps, hash));
  if (!key) throw unauthenticated();
  await noteUse(deps, key);
  return { kind: 'account', accountId: key.accountId, keyId: key.id, scopes: key.scopes };
}

async function readKey({ pool }: AppDeps, hash: Buffer): Promise<KeyRecord | undefined> {
  const key = await withSystem(pool, (db) => findKeyByHash(db, hash));
  return key && key.revokedAt === null && timingSafeEqual(key.hash, hash) ? key : undefined;
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
