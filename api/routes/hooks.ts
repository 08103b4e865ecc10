import type { FastifyRequest } from 'fastify';
import { accountOfChannel, readCredentials } from '../../db/channels/channels.ts';
import { insertInboundWebhook } from '../../db/channels/inbound-webhooks.ts';
import { readInAccount, withAccount } from '../../db/engine/with-account.ts';
import { taskOfEvent } from '../../domain/webhook.ts';
import type { App } from '../deps.ts';
import { readRawBodies } from '../plugins/body-parsers.ts';
import { readSystem } from '../request/reading.ts';
import { answers } from '../schemas/common.ts';
import { accepted, channelOf, hookParams, readMessage, secretsOf } from '../schemas/hooks.ts';
import { signatureInvalid, signedHeaders, verifiedDelivery, type SignedHeaders } from '../request/signed-webhook.ts';

type Sender = { accountId: string; headers: SignedHeaders; secrets: readonly string[] };

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a hook's message. */
    sender: Sender;
  }
}

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
          description:
            'The companion plugin of a Vendure shop calls it when an order is paid, changed or cancelled. The body is ' +
            '`{ type, orderIds }`, signed by Standard Webhooks with the `webhookSecret` of the channel. A message that ' +
            'comes again under its `webhook-id` changes nothing.',
          security: [],
          params: hookParams,
          response: answers({ 202: accepted }, 'The message is stored and will be worked on.'),
          errors: ['signature_invalid'],
        },
      },
      async (request, reply) => {
        await receive(request, request.params.channelId);
        void reply.code(202);
        return { status: 'accepted' as const };
      },
    );
  });
}

/** Whoever may have signed a message, before its body is read: nothing of a stranger's is stored, not even in memory. */
async function senderOf(request: FastifyRequest): Promise<Sender> {
  const { pool, sealer, now } = request.server.deps;
  const channelId = channelOf(request.params);
  const headers = signedHeaders(request.headers, now());
  const accountId = await readSystem(request, (db) => accountOfChannel(db, channelId));
  if (accountId === undefined) throw signatureInvalid();
  const secrets = secretsOf(await readInAccount(pool, accountId, (db) => readCredentials(db, sealer, channelId)));
  if (secrets.length === 0) throw signatureInvalid();
  return { accountId, headers, secrets };
}

/** The answer follows the commit. If the run after it cannot be started, the sweep starts it. */
async function receive(request: FastifyRequest, channelId: string): Promise<void> {
  const { pool, workflows, crashPoint } = request.server.deps;
  const { accountId, headers, secrets } = request.sender;
  const rawBody = bodyOf(request);
  const deliveryId = verifiedDelivery(rawBody, headers, secrets);
  const { type, orderIds } = readMessage(rawBody, request.routeOptions.config.mostValues);
  const task = taskOfEvent(type);
  await withAccount(pool, accountId, (db) =>
    insertInboundWebhook(db, { channelId, deliveryId, task, remoteOrderIds: orderIds }),
  );
  crashPoint('webhook.inserted');
  if (task !== null) await workflows.triggerSoon({ channelId, task });
}

const bodyOf = ({ body }: FastifyRequest): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));
