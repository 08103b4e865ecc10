import { createHash, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import {
  ChannelError,
  type Access,
  type Channel,
  type ChannelFactory,
  type ChannelTools,
  type Cursor,
  type Page,
  type ProductPage,
  type Push,
  type Pushed,
  type StockOutcome,
  type StockWrite,
} from './channel.ts';
import { apiSettings } from './api-kind.ts';
import { classifyNetworkFailure, faultOfStatus } from './safe-fetch.ts';

/**
 * The merchant's own code is the shop. It posts orders and products to our REST API, so this connector reads no shop. Its
 * catalogue is the account's own products, listed only if an endpoint receives their stock.
 *
 * Without `callbackUrl` a shipment counts as pushed as soon as the merchant has it. With it, the endpoint gets a signed
 * POST per revision of a shipment. A call whose answer was lost is repeated with the same `webhook-id`, by which the
 * endpoint recognizes it. So a correction or a void must raise the revision.
 * @param settings `{ callbackUrl?, callbackSecret? }`; the secret may be in `credentials` instead: `whsec_` and base64
 * @throws ChannelError `invalid` for `callbackUrl` or `callbackSecret`
 * @see Standard Webhooks 1.0
 */
export const openApi: ChannelFactory = (settings, credentials, tools) => {
  const post = endpoint(settings, credentials, tools);
  const callBack = (type: ShipmentMessage) => async (push: Push) => {
    await post?.(`${push.shipmentId}.${push.revision}`, toMessage(type, push));
    // The endpoint gives no id of its own and cannot be read, so the remote id is ours and no order is read back.
    return { remoteIds: [push.shipmentId], found: false, order: null } satisfies Pushed;
  };
  return {
    kind: 'api',
    describeTraits: async () => ({
      stock: 'available',
      reference: 'unique',
      correct: 'in_place',
      void: 'any',
      steps: 'one',
      changes: 'all',
      clockGrainMs: 1,
    }),
    describeAccess: async () => describeAccess(post),
    ...nothingToRead,
    importProducts: async (after) => (post ? listProducts(tools, after) : emptyPage(after)),
    pushShipment: callBack('shipment.pushed'),
    correctTracking: callBack('shipment.corrected'),
    voidShipment: callBack('shipment.voided'),
    writeInventory: async (batch) => writeInventory(batch, post),
  };
};

const stockMessage = 'stock.changed';
type ShipmentMessage = 'shipment.pushed' | 'shipment.corrected' | 'shipment.voided';
type Message = { type: string } & Record<string, unknown>;
type Post = ((id: string, message: Message) => Promise<void>) & { readonly host: string };

const emptyPage = async (after: Cursor | null): Promise<Page<never>> => ({
  items: [],
  next: after ?? 'start',
  more: false,
});

const pageSize = 500;

async function listProducts({ ownProducts }: ChannelTools, after: Cursor | null): Promise<ProductPage> {
  const products = await ownProducts({ after: after ?? '', limit: pageSize });
  const items = products.map(({ id, sku, name }) => ({ remoteId: id, sku, name, active: true, tracksStock: true }));
  return { items, next: items.at(-1)?.remoteId ?? after ?? '', more: items.length === pageSize, covers: true };
}

/** It has no orders of its own, and sends no messages: the merchant's code calls our API. */
const nothingToRead = {
  importOrders: emptyPage,
  listCancelled: emptyPage,
  getOrders: async () => [],
  ensureWebhooks: async () => undefined,
  disconnect: async () => undefined,
  getOrder: async () => {
    throw new ChannelError({ kind: 'gone', what: 'order' });
  },
} satisfies Partial<Channel>;

function endpoint(settings: unknown, credentials: unknown, tools: ChannelTools): Post | undefined {
  const { callbackUrl, callbackSecret } = parsed(settings, credentials);
  if (callbackUrl === undefined) return undefined;
  const webhook = signer(callbackSecret);
  const post = async (id: string, message: Message) => {
    const body = JSON.stringify(message);
    const now = tools.now();
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': webhook.sign(id, now, body),
    };
    const answer = await answerTo(tools.fetch(callbackUrl, { method: 'POST', headers, body, signal: tools.signal }));
    // Any 2xx means that it arrived, whatever its body.
    const fault = answer.ok ? undefined : faultOfStatus(answer, { wrote: true });
    if (fault) throw message.type === stockMessage ? faultOfItems(fault, answer) : fault;
  };
  return Object.assign(post, { host: new URL(callbackUrl).host });
}

/** A stock batch is refused, or gone, because of a listing in it. The caller finds out which by halving. */
function faultOfItems(error: ChannelError, { status }: Response): ChannelError {
  const { fault } = error;
  if (status === 410) return new ChannelError({ kind: 'gone', what: 'listing' });
  return fault.kind === 'invalid' && fault.field === 'request' ? new ChannelError({ ...fault, field: 'items' }) : error;
}

async function answerTo(call: Promise<Response>): Promise<Response> {
  try {
    return await call;
  } catch (error) {
    throw classifyNetworkFailure(error, { wrote: true });
  }
}

/** Faults name only the field: its value may be a secret, or a URL that contains one. */
function parsed(settings: unknown, credentials: unknown) {
  const given = apiSettings.safeParse(Object.assign({}, settings, credentials));
  if (given.success) return given.data;
  const field = String(given.error.issues[0]?.path[0] ?? 'settings');
  throw new ChannelError({ kind: 'invalid', field, code: 'malformed' });
}

function signer(secret: string | undefined): Webhook {
  if (!secret) throw new ChannelError({ kind: 'invalid', field: 'callbackSecret', code: 'missing' });
  try {
    return new Webhook(secret);
  } catch {
    throw new ChannelError({ kind: 'invalid', field: 'callbackSecret', code: 'malformed' });
  }
}

/** The body of a callback (docs/callbacks.md). It has no name or address of the buyer. */
const toMessage = (type: ShipmentMessage, push: Push) => ({
  type,
  shipmentId: push.shipmentId,
  revision: push.revision,
  orderId: push.remoteOrderId,
  method: push.tracking.method,
  carrier: push.tracking.carrier,
  carrierName: push.tracking.carrierName,
  trackingNumber: push.tracking.number,
  trackingUrl: push.tracking.url ?? null,
  shippedAt: push.shippedAt,
  lines: push.units.map(({ remoteLineId, quantity }) => ({ remoteLineId, quantity })),
});

/** A ping has no effect, so a lost answer means only that the endpoint is unreachable now. */
async function describeAccess(post: Post | undefined): Promise<Access> {
  const access = { account: post?.host ?? 'api', missing: [], unproven: [], locations: [] };
  try {
    await post?.(`ping.${randomUUID()}`, { type: 'ping' });
    return access;
  } catch (error) {
    const inDoubt = error instanceof ChannelError && error.fault.kind === 'unknown_outcome';
    throw inDoubt ? new ChannelError({ kind: 'unavailable' }) : error;
  }
}

/**
 * Posts stock like a shipment. Figures are absolute and carry their version, by which the endpoint recognizes a late one.
 * The `webhook-id` is derived from the figures, so that the same batch after a lost answer has the same id.
 */
async function writeInventory(batch: StockWrite[], post: Post | undefined): Promise<StockOutcome[]> {
  const items = batch.map(({ listingId, remoteProductId, sku, available, version }) => ({
    listingId,
    remoteProductId,
    sku,
    available: Math.max(0, available),
    version,
  }));
  const digest = createHash('sha256').update(JSON.stringify(items)).digest('hex').slice(0, 32);
  if (items.length > 0) await post?.(`stock.${digest}`, { type: stockMessage, items });
  return batch.map(({ listingId }) => ({ listingId, outcome: 'written' }));
}
