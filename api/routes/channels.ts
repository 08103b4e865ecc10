import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { kindsWithWebhooks } from '../../activities/channels/kinds.ts';
import { recordAudit } from '../../db/accounts/audit-events.ts';
import {
  changeChannel,
  deleteChannel,
  insertChannel,
  listChannels,
  replaceCredentials,
  requireChannel,
  type ChannelRecord,
} from '../../db/channels/channels.ts';
import { differenceOf } from '../../domain/audit.ts';
import { assertCredentialsFollow, assertIsPortal, assertIsShop } from '../../domain/channel.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { authorOf, forAccount } from '../plugins/auth.ts';
import { command } from '../plugins/idempotency.ts';
import { assertPublicUrl } from '../request/public-url.ts';
import { readOne } from '../request/reading.ts';
import {
  changeOf,
  channel,
  channelChange,
  channelCheck,
  newChannel,
  partedOf,
  toChannel,
  urlOf,
  type NewChannel,
} from '../schemas/channels.ts';
import { channelKindList, channelKindsThere } from '../schemas/channel-kinds.ts';
import { answers, idParams, nothing, pageOf, pageQuery } from '../schemas/common.ts';

const tags = ['channels'];
const reads = { access: forAccount('read') };
const manages = { access: forAccount('admin') };
const response = answers({ 200: channel }, 'The channel as it is now.');
const checkErrors: readonly ErrorCode[] = [
  'channel_not_found',
  'channel_unauthorized',
  'channel_unreachable',
  'channel_rate_limited',
  'too_many_calls',
  'channel_outcome_unknown',
  'channel_refused',
  'temporal_unavailable',
];

export function channelRoutes(app: App): void {
  kindsRoute(app);
  readingRoutes(app);
  changingRoutes(app);
  endingRoutes(app);
}

function kindsRoute(app: App): void {
  app.get(
    '/channel-kinds',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'listChannelKinds',
        summary: 'Lists the kinds of shops that you may add',
        description: 'With the JSON Schema of their settings and credentials, and what the credentials must allow.',
        response: answers({ 200: channelKindList }, 'The kinds.'),
      },
    },
    async () => channelKindsThere,
  );
}

function readingRoutes(app: App): void {
  app.get(
    '/channels',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'listChannels',
        summary: 'Lists the channels: shops and portals',
        querystring: pageQuery,
        response: answers({ 200: pageOf(channel) }, 'A page of channels.'),
      },
    },
    async (request) => {
      const { data, nextCursor } = await readOne(request, (db) => listChannels(db, request.query));
      return { data: data.map(toChannel), nextCursor };
    },
  );
  app.get(
    '/channels/:id',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'getChannel',
        summary: 'Reads a channel',
        params: idParams,
        response,
        errors: ['channel_not_found'],
      },
    },
    async (request) => toChannel(await readOne(request, (db) => requireChannel(db, request.params.id))),
  );
}

function changingRoutes(app: App): void {
  const { workflows } = app.deps;
  app.post(
    '/channels',
    {
      config: manages,
      schema: {
        tags,
        operationId: 'createChannel',
        summary: 'Adds a channel for a shop',
        body: newChannel,
        response: answers({ 201: channel }, 'The new channel. Its schedules are made within seconds.'),
        errors: ['private_address_refused'],
      },
    },
    async (request) => {
      const created = await add(request, request.body);
      await workflows.setUpChannel(created.id);
      return toChannel(created);
    },
  );
  updatingRoute(app);
}

function updatingRoute(app: App): void {
  const { workflows } = app.deps;
  app.patch(
    '/channels/:id',
    {
      config: manages,
      schema: {
        tags,
        operationId: 'updateChannel',
        summary: 'Changes the name, the settings or the credentials of a channel, or what a portal shares',
        params: idParams,
        body: channelChange,
        response,
        errors: ['channel_not_found', 'channel_is_portal', 'private_address_refused'],
      },
    },
    async (request) => {
      const { before, after } = await change(request, request.params.id, request.body);
      if (after.credentialsVersion > before) await workflows.resumeChannel(after.id);
      return toChannel(after);
    },
  );
}

function endingRoutes(app: App): void {
  app.delete(
    '/channels/:id',
    {
      config: manages,
      schema: {
        tags,
        operationId: 'deleteChannel',
        summary: 'Removes the channel of a shop',
        params: idParams,
        response: answers({ 204: nothing }, 'The channel is removed.'),
        errors: ['channel_not_found', 'channel_is_portal', 'channel_has_open_orders'],
      },
    },
    (request) =>
      command(request, { status: 204 }, async (db) => {
        const { id } = request.params;
        const { kind } = await requireChannel(db, id);
        assertIsShop(kind);
        await deleteChannel(db, id, { hasWebhooks: kindsWithWebhooks.includes(kind) });
        await recordAudit(db, authorOf(request), { action: 'channel.deleted', subjectId: id });
        return null;
      }),
  );
  checkingRoute(app);
}

function checkingRoute(app: App): void {
  app.post(
    '/channels/:id/check',
    {
      config: { access: forAccount('write') },
      schema: {
        tags,
        operationId: 'checkChannel',
        summary: 'Checks the credentials at the shop',
        params: idParams,
        response: answers({ 200: channelCheck }, 'The permissions of the credentials, and the locations of the shop.'),
        errors: checkErrors,
      },
    },
    async (request) => {
      const { id } = await readOne(request, (db) => requireChannel(db, request.params.id));
      return app.deps.workflows.checkChannel(id);
    },
  );
}

async function add(request: FastifyRequest, body: NewChannel): Promise<ChannelRecord> {
  const { sealer, allowedPrivateHosts } = request.server.deps;
  const { kind, name } = body;
  await assertPublicUrl(urlOf(kind, body), allowedPrivateHosts);
  const parts = partedOf(kind, body);
  return command(request, { status: 201 }, async (db) => {
    const created = await insertChannel(db, sealer, { kind, name, ...parts });
    const audited = { action: 'channel.created', subjectId: created.id, details: { kind } } as const;
    await recordAudit(db, authorOf(request), audited);
    return created;
  });
}

/** @returns the channel, and the version of its credentials before the change */
async function change(
  request: FastifyRequest,
  id: string,
  body: z.output<typeof channelChange>,
): Promise<{ before: number; after: ChannelRecord }> {
  const { sealer } = request.server.deps;
  const before = await readOne(request, (db) => requireChannel(db, id));
  if (body.sharesLabelCost !== undefined) assertIsPortal(before.kind);
  const { settings, credentials } = await shopPartsOf(request, before, body);
  const after = await command(request, { status: 200 }, async (db) => {
    const stored = await requireChannel(db, id);
    const changed = await changeChannel(db, id, { name: body.name, settings, sharesLabelCost: body.sharesLabelCost });
    await recordAudit(db, authorOf(request), {
      action: 'channel.changed',
      subjectId: id,
      details: { fields: Object.keys(body) },
      ...differenceOf(auditedOf(stored), auditedOf(changed)),
    });
    return credentials ? replaceCredentials(db, { sealer, id, credentials }) : changed;
  });
  return { before: before.credentialsVersion, after };
}

/** The path of a URL may hold a secret: the host says where the data goes. */
function auditedOf({ sharesLabelCost, settings }: ChannelRecord) {
  const url = settings['url'] ?? settings['callbackUrl'];
  return { sharesLabelCost, host: typeof url === 'string' ? new URL(url).host : null };
}

/** The parts of the row that a change replaces. */
async function shopPartsOf(
  request: FastifyRequest,
  { kind, settings: old }: ChannelRecord,
  body: z.output<typeof channelChange>,
): Promise<{ settings?: object; credentials?: object | null }> {
  if (body.settings === undefined && body.credentials === undefined) return {};
  assertIsShop(kind);
  const given = changeOf(kind, body);
  const { settings, credentials } = partedOf(kind, given);
  const target = urlOf(kind, given);
  const oldUrl = urlOf(kind, { settings: old })?.url;
  assertCredentialsFollow({ newUrl: target?.url, oldUrl, hasCredentials: credentials !== null });
  await assertPublicUrl(target, request.server.deps.allowedPrivateHosts);
  return { ...(given.settings && { settings }), credentials };
}
