import type { FastifyRequest } from 'fastify';
import { requireOwnAccount } from '../../db/accounts/accounts.ts';
import { recordAudit } from '../../db/accounts/audit-events.ts';
import { actingIn } from '../../db/accounts/operator.ts';
import { readInAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { findTop } from '../../db/erasure/chain.ts';
import {
  accountOfErasure,
  insertErasure,
  listErasures,
  requireErasure,
  type Erasure,
} from '../../db/erasure/requests.ts';
import { orderNotFound } from '../../db/orders/orders.ts';
import { accountFor } from '../../domain/account.ts';
import { assertOwnSource } from '../../domain/erasure.ts';
import type { App } from '../deps.ts';
import { authorOf, forAccount, forBoth } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import { accountOver } from '../request/acting.ts';
import { readOne } from '../request/reading.ts';
import { answers, idParams, pageOf, pageQuery } from '../schemas/common.ts';
import { erasure, meantBy, newErasure, type Meant } from '../schemas/erasures.ts';

const tags = ['data-protection'];
const config = { access: forBoth('admin') };

export function erasureRoutes(app: App): void {
  app.post(
    '/erasures',
    {
      config,
      schema: {
        tags,
        operationId: 'createErasure',
        summary: 'Erases the personal data of an order, or of all orders of an e-mail, in all accounts that have them',
        description:
          'An order that is still open is erased once it is closed: nobody could ship it without an address.',
        body: newErasure,
        response: answers({ 202: erasure }, 'The erasure, which begins within a minute.'),
        errors: ['account_not_found', 'order_not_found', 'order_received'],
      },
    },
    (request) => {
      const accountId = accountFor(request.actor, request.body.accountId);
      const meant = meantBy(request.body);
      return command(request, { status: 202 }, (callerDb) =>
        actingIn(callerDb, accountId, (db) => erase(db, request, meant)),
      );
    },
  );
  readingRoutes(app);
}

function readingRoutes(app: App): void {
  app.get(
    '/erasures',
    {
      config: { access: forAccount('admin') },
      schema: {
        tags,
        operationId: 'listErasures',
        summary: 'Lists the erasures that were asked for',
        querystring: pageQuery,
        response: answers({ 200: pageOf(erasure) }, 'A page of erasures, the newest first.'),
      },
    },
    (request) => readOne(request, (db) => listErasures(db, request.query)),
  );
  app.get(
    '/erasures/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'getErasure',
        summary: 'Reads how far an erasure is',
        params: idParams,
        response: answers({ 200: erasure }, 'The erasure as it is now.'),
        errors: ['erasure_not_found'],
      },
    },
    async (request) => {
      const { id } = request.params;
      const accountId = await accountOver(request, id, accountOfErasure);
      return readInAccount(app.deps.pool, accountId, (db) => requireErasure(db, id));
    },
  );
}

async function erase(db: AccountDb, request: FastifyRequest, meant: Meant): Promise<Erasure> {
  await requireOwnAccount(db);
  const author = authorOf(request);
  const made = await insertErasure(db, { ...(await found(db, meant)), actor: author.actor });
  await recordAudit(db, author, {
    action: 'erasure.requested',
    subjectId: made.id,
    details: { orderId: made.orderId },
  });
  return made;
}

async function found(db: AccountDb, meant: Meant) {
  if ('email' in meant) return meant;
  const top = await findTop(db, meant.orderId);
  if (!top) throw orderNotFound();
  assertOwnSource(top);
  return { orderId: meant.orderId, topId: top.id };
}
