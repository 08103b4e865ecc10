import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { requireOwnAccount } from '../../db/accounts/accounts.ts';
import { recordAudit } from '../../db/accounts/audit-events.ts';
import { newId } from '../../db/engine/ids.ts';
import {
  accountOfKey,
  insertKey,
  listAllKeys,
  listKeys,
  lockKey,
  replaceKey,
  requireKey,
  revokeKey,
} from '../../db/accounts/keys.ts';
import { actingIn, operatorAccount } from '../../db/accounts/operator.ts';
import type { AccountDb } from '../../db/engine/with-account.ts';
import { accountFor, assertAhead, endOfReplaced } from '../../domain/account.ts';
import { differenceOf } from '../../domain/audit.ts';
import { accountOver } from '../request/acting.ts';
import { hashKey, hintOf, newApiKey } from '../request/api-key.ts';
import type { App } from '../deps.ts';
import { authorOf, forBoth } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import { readAs, readSystem } from '../request/reading.ts';
import { answers, idParams, nothing, pageOf, pageQuery } from '../schemas/common.ts';
import { issuedKey, key, keyRotation, newKey } from '../schemas/keys.ts';

const tags = ['keys'];
const config = { access: forBoth('admin') };

export function keyRoutes(app: App): void {
  app.post(
    '/keys',
    {
      config,
      schema: {
        tags,
        operationId: 'createKey',
        summary: 'Makes an API key',
        body: newKey,
        response: answers({ 201: issuedKey }, 'The new key with its secret, which is shown only once.'),
        errors: ['account_not_found'],
      },
    },
    (request) => {
      const accountId = accountFor(request.actor, request.body.accountId);
      const issue = (db: AccountDb) => issueKey(db, request, request.body);
      return command(request, { status: 201, stored: withoutSecret }, (db) => actingIn(db, accountId, issue));
    },
  );
  listingRoute(app);
}

function listingRoute(app: App): void {
  app.get(
    '/keys',
    {
      config,
      schema: {
        tags,
        operationId: 'listKeys',
        summary: 'Lists the keys',
        querystring: pageQuery,
        response: answers({ 200: pageOf(key) }, 'A page of keys, without their secrets.'),
      },
    },
    (request) =>
      readAs(
        request,
        (db) => listKeys(db, request.query),
        (db) => listAllKeys(db, request.query),
      ),
  );
  rotatingRoute(app);
  revokingRoute(app);
}

function rotatingRoute(app: App): void {
  app.post(
    '/keys/:id/rotate',
    {
      config,
      schema: {
        tags,
        operationId: 'rotateKey',
        summary: 'Makes the successor of a key; both open until the old one ends',
        params: idParams,
        body: keyRotation,
        response: answers({ 201: issuedKey }, 'The new key with its secret, which is shown only once.'),
        errors: ['key_not_found', 'key_ended'],
      },
    },
    async (request) => {
      const { id } = request.params;
      const accountId = await accountOver(request, id, accountOfKey);
      const rotated = await command(request, { status: 201, stored: withoutSecret }, (callerDb) =>
        actingIn(callerDb, accountId, (db) => rotate(db, request, request.body)),
      );
      request.server.knownKeys.forget(id);
      return rotated;
    },
  );
}

async function rotate(db: AccountDb, request: FastifyRequest, body: z.output<typeof keyRotation>) {
  const { id } = request.params as { id: string };
  const old = await lockKey(db, id);
  const wish = body.endsAt === undefined ? null : new Date(body.endsAt);
  const endsAt = endOfReplaced(old, wish, request.server.deps.now());
  const made = await issueKey(db, request, { ...body, name: body.name ?? old.name, scopes: old.scopes });
  await replaceKey(db, { id, replacedBy: made.id, endsAt });
  const { expiresAt } = await requireKey(db, id);
  const difference = differenceOf({ expiresAt: old.expiresAt, replacedBy: null }, { expiresAt, replacedBy: made.id });
  await recordAudit(db, authorOf(request), { action: 'key.rotated', subjectId: id, ...difference });
  return made;
}

function revokingRoute(app: App): void {
  app.delete(
    '/keys/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'revokeKey',
        summary: 'Revokes a key',
        params: idParams,
        response: answers({ 204: nothing }, 'The key is revoked.'),
        errors: ['key_not_found'],
      },
    },
    async (request) => {
      const { id } = request.params;
      const owner = await readSystem(request, (db) => accountOfKey(db, id));
      const accountId = request.actor.kind === 'operator' ? (owner ?? id) : request.actor.accountId;
      const revoked = await command(request, { status: 204 }, (callerDb) =>
        actingIn(callerDb, accountId, async (db) => {
          await revokeKey(db, id);
          await recordAudit(db, authorOf(request), { action: 'key.revoked', subjectId: id });
          return null;
        }),
      );
      request.server.knownKeys.forget(id);
      return revoked;
    },
  );
}

async function issueKey(
  db: AccountDb,
  request: FastifyRequest,
  { name, scopes, expiresAt }: Pick<z.output<typeof newKey>, 'name' | 'scopes' | 'expiresAt'>,
): Promise<z.output<typeof issuedKey>> {
  if (db.accountId !== operatorAccount) await requireOwnAccount(db);
  const ends = expiresAt === undefined ? null : new Date(expiresAt);
  assertAhead(ends, request.server.deps.now(), '/expiresAt');
  const secret = newApiKey();
  const id = newId('key');
  const hash = hashKey(secret, request.server.deps.keyPepper);
  const record = await insertKey(db, { id, name, scopes, hash, hint: hintOf(secret), expiresAt: ends });
  const after = { scopes, expiresAt: record.expiresAt };
  await recordAudit(db, authorOf(request), { action: 'key.created', subjectId: id, after });
  return { ...record, key: secret };
}

function withoutSecret({ key: _secret, ...rest }: z.output<typeof issuedKey>) {
  return rest;
}
