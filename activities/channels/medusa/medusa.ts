import { z } from 'zod';
import { ChannelError, type Channel, type ChannelFactory, type ChannelTools, type Traits } from '../channel.ts';
import { importPage } from '../order-walks.ts';
import { walkOn } from '../walk.ts';
import { createMedusaApi, type MedusaApi } from './api.ts';
import { medusaCredentials, medusaSettings } from './kind.ts';
import { listWalk } from './lists.ts';
import { isPlaced, orderFields, orderSchema, toCancellation, toRemoteOrder, type MedusaOrder } from './orders.ts';
import { productPage, productWalks } from './products.ts';
import { correctTracking, pushShipment, voidShipment } from './shipments.ts';
import { listLocations, writeInventory } from './stock.ts';

type Settings = z.infer<typeof medusaSettings>;
type Credentials = z.infer<typeof medusaCredentials>;
/** `pageSize`: of lists of orders. */
type Shop = {
  api: MedusaApi;
  settings: Settings;
  tools: ChannelTools;
  hasCompanion: () => Promise<boolean>;
  pageSize: number;
};

export const openMedusa: ChannelFactory = createMedusaFactory({ pageSize: 50 });

export function createMedusaFactory({ pageSize }: { pageSize: number }): ChannelFactory {
  return (givenSettings, givenCredentials, tools) => {
    const settings = parse(medusaSettings, givenSettings, 'settings');
    const credentials = parse(medusaCredentials, givenCredentials, 'credentials');
    const api = createMedusaApi(settings.url, credentials.apiKey, tools);
    const hasCompanion = askForCompanion(api);
    const shop = { api, settings, tools, hasCompanion, pageSize };
    return {
      kind: 'medusa',
      describeTraits: async () => ((await hasCompanion()) ? withCompanion : withoutCompanion),
      describeAccess: async () => ({
        account: await nameOfStore(api),
        // A secret key has all rights.
        missing: [],
        unproven: [],
        locations: await listLocations(api),
      }),
      ...orderCalls(shop),
      ...shipmentCalls(shop),
      ...stockCalls(shop),
      ...webhookCalls(shop, credentials),
    };
  };
}

const withoutCompanion = {
  stock: 'on_hand',
  reference: 'stored',
  correct: 'none',
  void: 'unshipped',
  steps: 'two',
  changes: 'all',
  clockGrainMs: 1,
} as const satisfies Traits;
const withCompanion = { ...withoutCompanion, correct: 'in_place' } as const satisfies Traits;

function parse<Data>(schema: z.ZodType<Data>, given: unknown, field: string): Data {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new ChannelError({ kind: 'invalid', field: path === '' ? field : path, code: 'malformed' });
}

/** Asks a shop once per opened channel. A Medusa without the companion does not know the path. */
function askForCompanion(api: MedusaApi): () => Promise<boolean> {
  let asking: Promise<boolean> | undefined;
  const ask = () =>
    api({ path: '/admin/vendor-portals/about', answer: z.object({ version: z.string() }) }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof ChannelError && error.fault.kind === 'gone') return false;
        throw error;
      },
    );
  return () => (asking ??= ask());
}

async function nameOfStore(api: MedusaApi): Promise<string> {
  const answer = z.object({ stores: z.array(z.object({ name: z.string() })) });
  const { stores } = await api({ path: '/admin/stores', query: { fields: 'id,name' }, answer });
  return stores[0]?.name ?? 'Medusa';
}

const ordersAt = '/admin/orders';
const order = z.object({ order: orderSchema });
const orders = z.object({ orders: z.array(orderSchema) });

function orderCalls(shop: Shop) {
  const { api, settings, tools } = shop;
  const toRemote = (found: MedusaOrder) => toRemoteOrder(found, settings.importWhen);
  return {
    getOrder: (remoteId: string) => readOrder(shop, remoteId),
    getOrders: async (remoteIds: readonly string[]) => {
      if (remoteIds.length === 0) return [];
      const query = { id: [...new Set(remoteIds)], limit: remoteIds.length, fields: orderFields };
      return (await api({ path: ordersAt, query, answer: orders })).orders.map(toRemote);
    },
    importOrders: async (after: string | null) => {
      const walks = { placed: orderWalk(shop, 'created_at'), changed: orderWalk(shop, 'updated_at'), now: tools.now };
      const { items, ...page } = await importPage(walks, after);
      return { ...page, items: items.filter(isPlaced).map(toRemote) };
    },
    listCancelled: async (after: string | null) => {
      const { items, ...page } = await walkOn(orderWalk(shop, 'updated_at'), after);
      return { ...page, items: items.filter(isPlaced).map((changed) => toCancellation(toRemote(changed))) };
    },
  };
}

async function readOrder({ api, settings }: Shop, remoteId: string) {
  const path = `${ordersAt}/${encodeURIComponent(remoteId)}`;
  const found = await api({ path, query: { fields: orderFields }, answer: order, missing: 'order' });
  return toRemoteOrder(found.order, settings.importWhen);
}

function orderWalk({ api, settings, tools, pageSize }: Shop, by: 'created_at' | 'updated_at') {
  const from = settings.importFrom ? new Date(settings.importFrom) : tools.connectedAt;
  // The walk's own time is a filter already.
  const filter = by === 'updated_at' ? { 'created_at[$gte]': from.toISOString() } : {};
  const list = { api, path: ordersAt, name: 'orders', fields: orderFields, item: orderSchema };
  return listWalk({ ...list, by, filter, from, size: pageSize });
}

function shipmentCalls(shop: Shop): Pick<Channel, 'pushShipment' | 'correctTracking' | 'voidShipment'> {
  const { api, hasCompanion } = shop;
  const calls = { api, hasCompanion, readOrder: (remoteId: string) => readOrder(shop, remoteId) };
  return {
    pushShipment: (push) => pushShipment(calls, push),
    correctTracking: (push) => correctTracking(calls, push),
    voidShipment: (push) => voidShipment(calls, push),
  };
}

function stockCalls({ api, settings, tools }: Shop): Pick<Channel, 'importProducts' | 'writeInventory'> {
  return {
    importProducts: (after) => productPage(productWalks(api, tools.now), after),
    writeInventory: (batch) => writeInventory({ api, locationId: settings.stockLocationId }, batch),
  };
}

/** The companion sends the messages. It stores where to, and the secret that signs them. */
function webhookCalls({ api, hasCompanion }: Shop, { webhookSecret }: Credentials) {
  const send = async (url: string, secret: string) => {
    if (!(await hasCompanion())) return;
    await api({ path: '/admin/vendor-portals/webhook', body: { url, secret }, answer: z.unknown() });
  };
  return {
    ensureWebhooks: async (url: string) => {
      if (webhookSecret !== undefined) await send(url, webhookSecret);
    },
    disconnect: () => send('', ''),
  };
}
