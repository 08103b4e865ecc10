import type { FastifyRequest } from 'fastify';
import { readAccountNames } from '../../db/accounts/accounts.ts';
import { recordAudit } from '../../db/accounts/audit-events.ts';
import {
  assertPartiesExist,
  changeConnection,
  insertConnection,
  listConnections,
  requireConnection,
  type Connection,
} from '../../db/accounts/connections.ts';
import { actingIn } from '../../db/accounts/operator.ts';
import { differenceOf } from '../../domain/audit.ts';
import { assertMayDecide, decidingSide, proposedParties, type ConnectionStatus } from '../../domain/connection.ts';
import type { App } from '../deps.ts';
import { authorOf, forAccount, forBoth } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import { readAs, readSystem } from '../request/reading.ts';
import { answers, idParams, pageOf, pageQuery } from '../schemas/common.ts';
import { connection, connectionChange, newConnection } from '../schemas/connections.ts';

const tags = ['connections'];
const reads = { access: forBoth('read') };
const changes = { access: forBoth('admin') };
const decides = { access: forAccount('admin') };
const response = answers({ 200: connection }, 'The connection as it is now.');

export function connectionRoutes(app: App): void {
  readingRoutes(app);
  changingRoutes(app);
}

function changingRoutes(app: App): void {
  app.post(
    '/connections',
    {
      config: changes,
      schema: {
        tags,
        operationId: 'createConnection',
        summary: 'Proposes a connection',
        body: newConnection,
        response: answers(
          { 201: connection },
          'The connection: pending until the other side accepts it, active where the operator made it.',
        ),
        errors: ['connection_exists', 'connection_with_itself'],
      },
    },
    async (request) => named(request, await follow(app, await propose(request, request.body))),
  );
  app.patch(
    '/connections/:id',
    {
      config: changes,
      schema: {
        tags,
        operationId: 'updateConnection',
        summary: 'Pauses, resumes or ends a connection',
        params: idParams,
        body: connectionChange,
        response,
        errors: ['connection_not_found', 'connection_transition_refused', 'not_the_other_side'],
      },
    },
    async (request) => named(request, await follow(app, await change(request, request.params.id, request.body.status))),
  );
  decidingRoutes(app);
}

function decidingRoutes(app: App): void {
  app.post(
    '/connections/:id/accept',
    {
      config: decides,
      schema: {
        tags,
        operationId: 'acceptConnection',
        summary: 'Accepts a proposal',
        params: idParams,
        response,
        errors: ['connection_not_found', 'connection_transition_refused', 'not_the_other_side'],
      },
    },
    async (request) => named(request, await follow(app, await change(request, request.params.id, 'active'))),
  );
  app.post(
    '/connections/:id/decline',
    {
      config: decides,
      schema: {
        tags,
        operationId: 'declineConnection',
        summary: 'Declines a proposal',
        params: idParams,
        response,
        errors: ['connection_not_found', 'connection_transition_refused', 'not_the_other_side'],
      },
    },
    async (request) => named(request, await change(request, request.params.id, 'declined')),
  );
}

function readingRoutes(app: App): void {
  app.get(
    '/connections',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'listConnections',
        summary: 'Lists the connections',
        querystring: pageQuery,
        response: answers({ 200: pageOf(connection) }, 'A page of connections.'),
      },
    },
    async (request) => {
      const list = (db: Parameters<typeof listConnections>[0]) => listConnections(db, request.query);
      const { data, nextCursor } = await readAs(request, list, list);
      return { data: await withNames(request, data), nextCursor };
    },
  );
  app.get(
    '/connections/:id',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'getConnection',
        summary: 'Reads a connection',
        params: idParams,
        response,
        errors: ['connection_not_found'],
      },
    },
    async (request) => named(request, await requireVisible(request, request.params.id)),
  );
}

async function propose(request: FastifyRequest, named: Parameters<typeof proposedParties>[1]): Promise<Connection> {
  const { kind, accountId } = request.actor;
  const isOperator = kind === 'operator';
  const parties = proposedParties(isOperator ? null : accountId, named);
  await readSystem(request, (db) => assertPartiesExist(db, parties));
  const side = isOperator ? parties.merchantAccountId : accountId;
  const proposal = isOperator
    ? ({ ...parties, proposedBy: accountId, status: 'active' } as const)
    : ({ ...parties, proposedBy: accountId, status: 'pending' } as const);
  return command(request, { status: 201 }, (callerDb) =>
    actingIn(callerDb, side, async (db) => {
      const created = await insertConnection(db, proposal);
      await recordAudit(db, authorOf(request), { action: 'connection.proposed', subjectId: created.id });
      return created;
    }),
  );
}

async function change(request: FastifyRequest, id: string, status: ConnectionStatus): Promise<Connection> {
  const current = await requireVisible(request, id);
  const side = request.actor.kind === 'operator' ? decidingSide(current) : request.actor.accountId;
  return command(request, { status: 200 }, (callerDb) =>
    actingIn(callerDb, side, async (db) => {
      let before: ConnectionStatus = current.status;
      const changed = await changeConnection(db, { id, status }, (locked) => {
        before = locked.status;
        assertMayDecide(locked, status, db.accountId);
      });
      const difference = differenceOf({ status: before }, { status });
      await recordAudit(db, authorOf(request), { action: 'connection.changed', subjectId: id, ...difference });
      return changed;
    }),
  );
}

const requireVisible = (request: FastifyRequest, id: string): Promise<Connection> => {
  const find = (db: Parameters<typeof requireConnection>[0]) => requireConnection(db, id);
  return readAs(request, find, find);
};

/** An account knows no other account's name: the parties of a connection see each other's by it. */
async function withNames(request: FastifyRequest, connections: readonly Connection[]) {
  const ids = connections.flatMap((one) => [one.merchantAccountId, one.supplierAccountId]);
  const names = await readSystem(request, (db) => readAccountNames(db, ids));
  return connections.map((one) => ({
    ...one,
    merchantName: names.get(one.merchantAccountId) ?? one.merchantAccountId,
    supplierName: names.get(one.supplierAccountId) ?? one.supplierAccountId,
  }));
}

async function named(request: FastifyRequest, connection: Connection) {
  const [shown] = await withNames(request, [connection]);
  return shown!;
}

/**
 * Starts the workflow that a committed change of a connection needs: it sets up both accounts, or withdraws the stock of an
 * ended connection. A repeat finds the workflow running or done.
 */
async function follow(app: App, changed: Connection): Promise<Connection> {
  if (changed.status === 'active') await app.deps.workflows.setUpConnection(changed.id);
  if (changed.status === 'ended') await app.deps.workflows.endConnection(changed.id);
  return changed;
}
