import type { FastifyRequest } from 'fastify';
import type { Delivery, WebhookEvent, Webhooks } from '../../activities/channels/kind.ts';
import { shops } from '../../activities/channels/kinds.ts';
import { ownerOfHook, readCredentials } from '../../db/channels/channels.ts';
import { insertInboundWebhook } from '../../db/channels/inbound-webhooks.ts';
import { endAccess } from '../../db/channels/webhooks-due.ts';
import { readInAccount, withAccount } from '../../db/engine/with-account.ts';
import { isShopKind } from '../../domain/channel.ts';
import { DomainError } from '../../domain/errors.ts';
import type { App } from '../deps.ts';
import { readRawBodies } from '../plugins/body-parsers.ts';
import { readSystem } from '../request/reading.ts';
import { answers } from '../schemas/common.ts';
import { accepted, channelOf, hookParams, readMessage } from '../schemas/hooks.ts';

type Sender = { accountId: string; webhooks: Webhooks; secrets: readonly string[] };

const everyWebhooks = Object.values(shops).flatMap(({ webhooks }) => webhooks ?? []);

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a hook's message. */
    sender: Sender;
  }
}

const hookAnswers = {
  200: 'The shop has asked whether we answer. Nothing is stored.',
  202: 'The message is stored and will be worked on.',
};

/** These routes have a plugin of their own: their bodies are read as the bytes that were signed. */
export async function hookRoutes(app: App): Promise<void> {
  await app.register(async (hooks) => {
    readRawBodies(hooks);
    hooks.decorateRequest('sender', null as never);
    (hooks as unknown as App).post(
      '/hooks/:channelId',
      {
        config: { access: 'public', readsRawBody: true },
        onRequest: async (request) => void (request.sender = await senderOf(request)),
        schema: {
          tags: ['hooks'],
          operationId: 'receiveWebhook',
          summary: 'Receives a signed message of a shop',
          description: everyWebhooks.map(({ text }) => text).join('\n\n'),
          security: [],
          params: hookParams,
          response: answers({ 200: accepted, 202: accepted }, hookAnswers),
          errors: ['signature_invalid'],
        },
      },
      async (request, reply) => {
        const event = eventOf(request);
        const isPing = event.event === 'ping';
        if (!isPing) await receive(request, request.params.channelId, event);
        void reply.code(isPing ? 200 : 202);
        return { status: 'accepted' as const };
      },
    );
  });
}

/** Who may have signed a message, before its body is read: nothing of a stranger's is stored, not even in memory. */
async function senderOf(request: FastifyRequest): Promise<Sender> {
  const { pool, sealer, now } = request.server.deps;
  const channelId = channelOf(request.params);
  const isHopeless = (webhooks: Webhooks) => !webhooks.fits(request.headers, now());
  if (everyWebhooks.every(isHopeless)) throw signatureInvalid();
  const owner = await readSystem(request, (db) => ownerOfHook(db, channelId));
  const webhooks = owner && isShopKind(owner.kind) ? shops[owner.kind].webhooks : null;
  if (!owner || !webhooks || isHopeless(webhooks)) throw signatureInvalid();
  const { accountId } = owner;
  const credentials = await readInAccount(pool, accountId, (db) => readCredentials(db, sealer, channelId));
  const secrets = webhooks.secretsOf(credentials);
  if (secrets.length === 0) throw signatureInvalid();
  return { accountId, webhooks, secrets };
}

/** The answer follows the commit. If a run after it cannot be started, the sweep starts it. */
async function receive(request: FastifyRequest, channelId: string, event: WebhookEvent): Promise<void> {
  const { pool, workflows, crashPoint } = request.server.deps;
  await withAccount(pool, request.sender.accountId, async (db) => {
    const isNew = await insertInboundWebhook(db, { channelId, ...event });
    // A message that comes again must not end an access that was given anew.
    if (isNew && event.event === 'uninstalled') await endAccess(db, channelId);
  });
  crashPoint('webhook.inserted');
  for (const task of event.tasks) await workflows.triggerSoon({ channelId, task });
}

function eventOf({ body, headers, sender, server, routeOptions }: FastifyRequest): WebhookEvent {
  const rawBody = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  const values = routeOptions.config.mostValues;
  const read: Delivery['read'] = (schema) => readMessage(rawBody, schema, { values });
  const event = sender.webhooks.read({ rawBody, headers, now: server.deps.now(), read }, sender.secrets);
  if (event === null) throw signatureInvalid();
  return event;
}

/** The same answer for a wrong or old signature, an unknown channel, and a channel that expects no messages. */
const signatureInvalid = (): DomainError =>
  new DomainError('signature_invalid', 'The message is not signed with the secret of this channel, or is too old.');
