import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { readAccountNames } from '../../db/accounts/accounts.ts';
import { withAllSubjects, withOwnSubjects } from '../../db/attention-subjects.ts';
import { accountOfAttention, listAttentions, listOldestAttentions, summarizeAttentions } from '../../db/attentions.ts';
import type { AccountDb, SystemDb } from '../../db/engine/with-account.ts';
import { withLines } from '../../db/orders/unmapped-lines.ts';
import { resolvedAtOnce } from '../../domain/attention.ts';
import { accountOver } from '../request/acting.ts';
import type { App } from '../deps.ts';
import { forBoth } from '../plugins/auth.ts';
import { readAs } from '../request/reading.ts';
import { storingAnswer } from '../request/storing-answer.ts';
import { workflowUrl } from '../request/workflow-url.ts';
import { resolveOne } from '../commands/resolve-attention.ts';
import {
  attentionQuery,
  attentionSummary,
  listedAttention,
  resolution,
  resolutionByFilter,
  resolved,
  resolvedByFilter,
  summaryQuery,
  toGroup,
  toListed,
  toOutcome,
  type Outcome,
} from '../schemas/attentions.ts';
import { answers, idParams, pageOf } from '../schemas/common.ts';

const tags = ['attentions'];
const writes = { access: forBoth('write') };
/** Decisions at the same time. They must leave connections of the pool to other requests. */
const atATime = 4;
const undecidable = ['attention_not_found', 'resolution_not_possible'] as const;
/** Why a decision about a listing fails. */
const notChangeable = ['sku_taken', 'sku_missing', 'product_not_found'] as const;

export function attentionRoutes(app: App): void {
  app.get(
    '/attentions',
    {
      config: { access: forBoth('read') },
      schema: {
        tags,
        operationId: 'listAttentions',
        summary: 'Lists the parked steps, each with its cause and the possible decisions',
        querystring: attentionQuery,
        response: answers({ 200: pageOf(listedAttention) }, 'A page of attentions.'),
      },
    },
    (request) => listOpen(request, request.query),
  );
  app.get(
    '/attentions/summary',
    {
      config: { access: forBoth('read') },
      schema: {
        tags,
        operationId: 'summarizeAttentions',
        summary: 'Counts the parked steps by cause and channel; for the operator, also by account',
        querystring: summaryQuery,
        response: answers({ 200: attentionSummary }, 'The number of parked steps by cause and channel.'),
      },
    },
    async (request) => {
      const own = async (db: AccountDb) => {
        const groups = await summarizeAttentions(db, request.query);
        return groups.map((group) => toGroup(group));
      };
      const all = async (db: SystemDb) => {
        const groups = await summarizeAttentions(db, request.query);
        const names = await readAccountNames(
          db,
          groups.map(({ accountId }) => accountId),
        );
        return groups.map((group) => toGroup(group, names));
      };
      return { data: await readAs(request, own, all) };
    },
  );
  resolvingRoutes(app);
}

/** The operator sees no lines: their names are the account's. */
async function listOpen(request: FastifyRequest, { limit, cursor, ...filter }: z.output<typeof attentionQuery>) {
  const own = async (db: AccountDb) => {
    const page = await listAttentions(db, filter, { limit, cursor });
    return { ...page, data: await withOwnSubjects(db, await withLines(db, page.data)) };
  };
  const all = async (db: SystemDb) => {
    const page = await listAttentions(db, filter, { limit, cursor });
    return { ...page, data: await withAllSubjects(db, page.data) };
  };
  const { data, nextCursor } = await readAs(request, own, all);
  return { data: data.map((one) => toListed(one, (id) => workflowUrl(request.server.deps, id))), nextCursor };
}

function resolvingRoutes(app: App): void {
  app.post(
    '/attentions/:id/resolve',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'resolveAttention',
        summary: 'Decides about a parked step',
        params: idParams,
        body: resolution,
        response: answers({ 200: resolved }, 'The decision that was made.'),
        errors: [...undecidable, 'nothing_parked', 'temporal_unavailable', ...notChangeable],
      },
    },
    async (request) => {
      const { id } = request.params;
      const accountId = await accountOver(request, id, accountOfAttention);
      return storingAnswer(request, 200, () => resolveOne(request, { id, accountId }, request.body));
    },
  );
  app.post(
    '/attentions/resolve',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'resolveAttentions',
        summary: `Decides about all parked steps that match, the longest waiting first, up to ${resolvedAtOnce} in a request`,
        body: resolutionByFilter,
        response: answers({ 200: resolvedByFilter }, 'The outcome of each attention, and how many are left.'),
        errors: ['temporal_unavailable'],
      },
    },
    (request) => storingAnswer(request, 200, () => resolveEach(request, request.body)),
  );
}

async function resolveEach(
  request: FastifyRequest,
  { filter, after, ...decision }: z.output<typeof resolutionByFilter>,
): Promise<{ results: Outcome[]; left: number }> {
  const page = { after, limit: resolvedAtOnce };
  const list = (db: Parameters<typeof listOldestAttentions>[0]) => listOldestAttentions(db, filter, page);
  const { data, left } = await readAs(request, list, list);
  const results: Outcome[] = [];
  for (let first = 0; first < data.length; first += atATime) {
    const some = data.slice(first, first + atATime);
    const outcomes = await Promise.allSettled(some.map((parked) => resolveOne(request, parked, decision)));
    results.push(
      ...outcomes.map((outcome, place) => toOutcome(outcome, { index: first + place, id: some[place]!.id, request })),
    );
  }
  return { results, left };
}
