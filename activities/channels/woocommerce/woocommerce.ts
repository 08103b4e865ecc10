import { z } from 'zod';
import {
  ChannelError,
  type Access,
  type Channel,
  type ChannelFactory,
  type ChannelTools,
  type Traits,
} from '../channel.ts';
import { createWooCommerceApi, type WooCommerceApi } from './api.ts';
import { ensureWebhooks, removeWebhooks } from './hooks.ts';
import { webhookSecretOf, woocommerceCredentials, woocommerceSettings } from './kind.ts';
import { importProducts } from './products.ts';
import { createOrderReads } from './read-orders.ts';
import { correctTracking, pushShipment, voidShipment } from './shipments.ts';
import { writeInventory } from './stock.ts';

type Settings = z.infer<typeof woocommerceSettings>;

/** A channel by the REST API v3, which needs no plugin in the shop. */
export const openWooCommerce: ChannelFactory = (givenSettings, givenCredentials, tools) => {
  const settings = parse(woocommerceSettings, givenSettings, 'settings');
  const credentials = parse(woocommerceCredentials, givenCredentials, 'credentials');
  const api = createWooCommerceApi({ url: settings.url, ...credentials }, tools);
  const secret = webhookSecretOf(credentials);
  const ready = new Set([...(settings.statuses ?? ['processing']), ...(settings.importWhen === 'placed' ? ['on-hold'] : [])]); // prettier-ignore
  const reading = { ready };
  const reads = createOrderReads({ api, reading, startOfOrders: () => startOfOrders({ api, settings }, tools) });
  const calls = { api, reads, reading, back: settings.statuses?.[0] ?? 'processing' };
  return {
    kind: 'woocommerce',
    describeTraits: async () => describeTraits(api, await reads.hasFulfillments()),
    describeAccess: async () => describeAccess(api, settings),
    importOrders: reads.importOrders,
    listCancelled: reads.listCancelled,
    getOrder: reads.getOrder,
    getOrders: reads.getOrders,
    importProducts: async (after) => importProducts(api, after),
    writeInventory: async (batch) => writeInventory(api, batch),
    ...shipmentCalls(calls),
    ensureWebhooks: async (url) => ensureWebhooks(api, { url, secret }),
    disconnect: async () => removeWebhooks(api, secret),
  };
};

const shipmentCalls = (
  calls: Parameters<typeof pushShipment>[0],
): Pick<Channel, 'pushShipment' | 'correctTracking' | 'voidShipment'> => ({
  // prettier-ignore
  pushShipment: async (push) => pushShipment(calls, push),
  correctTracking: async (push) => correctTracking(calls, push),
  voidShipment: async (push) => voidShipment(calls, push),
});

function parse<Data>(schema: z.ZodType<Data>, given: unknown, field: string): Data {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new ChannelError({ kind: 'invalid', field: path === '' ? field : path, code: 'malformed' });
}

const statusSchema = z.object({ settings: z.object({ HPOS_enabled: z.boolean().nullish() }) });
const readStatus = (api: WooCommerceApi) =>
  api.call({ path: 'system_status', query: { _fields: 'settings' }, answer: statusSchema });

/** Without the feature a shipment is a note on the order, which nobody can change. */
async function describeTraits(api: WooCommerceApi, hasFulfillments: boolean): Promise<Traits> {
  const { settings } = await readStatus(api);
  return {
    stock: 'available',
    reference: 'stored',
    correct: hasFulfillments ? 'in_place' : 'none',
    void: hasFulfillments ? 'any' : 'unshipped',
    steps: 'one',
    // In the older storage of orders edits and refunds do not change an order's time.
    changes: settings.HPOS_enabled === true ? 'all' : 'partial',
    clockGrainMs: 1_000,
  };
}

/** The shop has one stock, so it is its own only location. */
async function describeAccess(api: WooCommerceApi, { url }: Settings): Promise<Access> {
  await readStatus(api);
  const { host } = new URL(url);
  const missing = (await mayWrite(api)) ? [] : ['Read/Write'];
  return { account: host, missing, unproven: [], locations: [{ id: 'shop', name: host }] };
}

/** A batch of nothing changes nothing, and is refused to a key that may only read. */
async function mayWrite(api: WooCommerceApi): Promise<boolean> {
  try {
    await api.call({ method: 'POST', path: 'products/batch', body: {}, answer: z.unknown() });
    return true;
  } catch (error) {
    if (error instanceof ChannelError && error.fault.kind === 'auth_failed') return false;
    throw error;
  }
}

/** Orders have times of the shop's clock, the channel one of ours. Without the difference the first orders could be missed. */
function startOfOrders(
  { api, settings }: { api: WooCommerceApi; settings: Settings },
  { now, connectedAt }: ChannelTools,
): Date {
  if (settings.importFrom) return new Date(settings.importFrom);
  const skewMs = api.shopNow().getTime() - now().getTime();
  // The shop's date has whole seconds.
  return Math.abs(skewMs) < 2_000 ? connectedAt : new Date(connectedAt.getTime() + skewMs);
}
