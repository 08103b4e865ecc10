import type { FastifyRequest } from 'fastify';
import { accountOfChannel, readCredentials } from '../../db/channels/channels.ts';
import { insertInboundWebhook } from '../../db/channels/inbound-webhooks.ts';
import { readInAccount, withAccount } from '../../db/engine/with-account.ts';
import { taskOfEvent } from '../../domain/webhook.ts';
import type { App } from '../deps.ts';
import { readRawBodies } from '../plugins/body-parsers.ts';
import { readSystem } from '../request/reading.ts';
import { answers } from '../schemas/common.ts';
import { accepted, hookParams, readMessage, secretsOf } from '../schemas/hooks.ts';
import { signatureInvalid, verifiedDelivery } from '../request/signed-webhook.ts';

/** These routes have a plugin of their own: their bodies are read as the bytes that were signed. */
export async function hookRoutes(app: App): Promise<void> {
  await app.register(async (hooks) => {
    readRawBodies(hooks);
    (hooks as unknown as App).post(
      '/hooks/:channelId',
      {
        config: { access: 'public', readsRawBody: true },
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

/** The answer follows the commit. If the run after it cannot be started, the sweep starts it. */
async function receive(request: FastifyRequest, channelId: string): Promise<void> {
  const { pool, sealer, workflows, crashPoint } = request.server.deps;
  const accountId = await readSystem(request, (db) => accountOfChannel(db, channelId));
  if (accountId === undefined) throw signatureInvalid();
  const rawBody = bodyOf(request);
  const credentials = await readInAccount(pool, accountId, (db) => readCredentials(db, sealer, channelId));
  const deliveryId = verifiedDelivery({ rawBody, headers: request.headers }, secretsOf(credentials));
  const { type, orderIds } = readMessage(rawBody);
  const task = taskOfEvent(type);
  await withAccount(pool, accountId, (db) =>
    insertInboundWebhook(db, { channelId, deliveryId, task, remoteOrderIds: orderIds }),
  );
  crashPoint('webhook.inserted');
  if (task !== null) await workflows.triggerSoon({ channelId, task });
}

const bodyOf = ({ body }: FastifyRequest): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));
