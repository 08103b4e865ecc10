import { z } from 'zod';
import {
  ChannelError,
  type Access,
  type Channel,
  type ChannelFactory,
  type ChannelTools,
  type RemoteProduct,
  type Traits,
} from '../channel.ts';
import { importPage } from '../order-walks.ts';
import { walkOn, type Walk } from '../walk.ts';
import { createVendureApi, type Login, type Sessions, type VendureApi } from './api.ts';
import { vendureCredentials, vendureSettings } from './kind.ts';
import { orderSchema, toCancellation, walkedStates } from './orders.ts';
import { orderReading, orderReads } from './read-orders.ts';
import { correctTracking, pushShipment, voidShipment } from './shipments.ts';
import { listLocations, writeInventory } from './stock.ts';

type Settings = z.infer<typeof vendureSettings>;
/** `startOfOrders`: by the shop's clock, which is known after its first answer. */
type Shop = { api: VendureApi; settings: Settings; about: () => Promise<About>; startOfOrders: () => Date };
type About = { hasCompanion: boolean; precision: number; tracksByDefault: boolean };

/** Sessions are shared in the process. Each activity opens the channel again, but only the first one logs in. */
export const openVendure: ChannelFactory = createVendureFactory(new Map());

export function createVendureFactory(sessions: Sessions): ChannelFactory {
  return (givenSettings, givenCredentials, tools) => {
    const settings = parse(vendureSettings, givenSettings, 'settings');
    const credentials = parse(vendureCredentials, givenCredentials, 'credentials');
    const api = createVendureApi({ url: adminUrl(settings.url), login: credentials, sessions }, tools);
    const about = createAbout(api);
    const shop = { api, settings, about, startOfOrders: () => startOfOrders({ api, settings }, tools) };
    return {
      kind: 'vendure',
      describeTraits: async () => ((await about()).hasCompanion ? withCompanion : withoutCompanion),
      describeAccess: async () => describeAccess(shop, credentials),
      ...orderCalls(shop),
      ...stockCalls(shop),
      // The companion plugin sends the messages; its address is a setting of the shop's own code.
      ensureWebhooks: async () => undefined,
      disconnect: async () => undefined,
    };
  };
}

function adminUrl(url: string): string {
  const given = new URL(url);
  return given.pathname === '/' ? new URL('/admin-api', given).href : url;
}

const withoutCompanion = {
  stock: 'on_hand',
  reference: 'none',
  correct: 'replace',
  void: 'any',
  steps: 'two',
  changes: 'all',
  clockGrainMs: 1,
} as const satisfies Traits;
const withCompanion = { ...withoutCompanion, reference: 'unique', correct: 'in_place' } as const satisfies Traits;

function parse<Data>(schema: z.ZodType<Data>, given: unknown, field: string): Data {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new ChannelError({ kind: 'invalid', field: path === '' ? field : path, code: 'malformed' });
}

const globalFields = 'globalSettings { trackInventory serverConfig { moneyStrategyPrecision } }';
const globalSchema = z.object({
  globalSettings: z.object({
    trackInventory: z.boolean(),
    serverConfig: z.object({ moneyStrategyPrecision: z.int() }),
  }),
});

/** Asks a shop once per opened channel. A Vendure without the companion refuses the query, since it does not know the field. */
function createAbout(api: VendureApi): () => Promise<About> {
  let asking: Promise<About> | undefined;
  const ask = async (): Promise<About> => {
    const document = `query { ${globalFields} vendorPortalsCompanion { version } }`;
    const attempt = await api.attempt({ document, answer: globalSchema });
    const isUnknown = 'fault' in attempt && attempt.fault.kind === 'invalid';
    if ('fault' in attempt && !isUnknown) throw new ChannelError(attempt.fault);
    const data = 'data' in attempt ? attempt.data : undefined;
    const answered = data ?? (await api.call({ document: `query { ${globalFields} }`, answer: globalSchema }));
    const { trackInventory, serverConfig } = answered.globalSettings;
    return {
      hasCompanion: !isUnknown,
      precision: serverConfig.moneyStrategyPrecision,
      tracksByDefault: trackInventory,
    };
  };
  return () => (asking ??= ask());
}

/** Orders have times of the shop's clock, the channel one of ours. Without the difference the first orders could be missed. */
function startOfOrders({ api, settings }: Pick<Shop, 'api' | 'settings'>, { now, connectedAt }: ChannelTools): Date {
  if (settings.importFrom) return new Date(settings.importFrom);
  const skewMs = api.shopNow().getTime() - now().getTime();
  // The shop's date has whole seconds.
  return Math.abs(skewMs) < 2000 ? connectedAt : new Date(connectedAt.getTime() + skewMs);
}

/** On SQLite the time of a change has no milliseconds, so it may seem to be before the start. */
const wholeSecond = (moment: Date): Date => new Date(Math.floor(moment.getTime() / 1000) * 1000);

function orderCalls(shop: Shop) {
  const { api, about, startOfOrders } = shop;
  const reads = orderReads(shop);
  const orderWalk = async (by: 'orderPlacedAt' | 'updatedAt', filter: object) => {
    const { selection, toRemote } = await orderReading(shop);
    const walk = listWalk(
      { api, name: 'orders', selection, item: orderSchema, by, filter },
      by === 'updatedAt' ? wholeSecond(startOfOrders()) : startOfOrders(),
    );
    return { walk, toRemote };
  };
  const calls = { api, readOrder: reads.getOrder, hasCompanion: async () => (await about()).hasCompanion };
  return {
    ...reads,
    importOrders: async (after: string | null) => {
      const state = { in: walkedStates };
      const { walk: placed, toRemote } = await orderWalk('orderPlacedAt', { state });
      const orderPlacedAt = { after: startOfOrders().toISOString() };
      // Cancelled orders too, so that a pending edit of one is withdrawn.
      const changes = { state: { in: [...walkedStates, 'Cancelled'] }, orderPlacedAt };
      const { walk: changed } = await orderWalk('updatedAt', changes);
      const { items, ...page } = await importPage({ placed, changed, now: () => api.shopNow() }, after);
      return { ...page, items: items.map(toRemote) };
    },
    listCancelled: async (after: string | null) => {
      // Leaves out carts, which are orders too and change all the time.
      const { walk, toRemote } = await orderWalk('updatedAt', { orderPlacedAt: { isNull: false } });
      const { items, ...page } = await walkOn(walk, after);
      return { ...page, items: items.flatMap((order) => toCancellation(toRemote(order)) ?? []) };
    },
    pushShipment: async (push: Parameters<Channel['pushShipment']>[0]) => pushShipment(calls, push),
    correctTracking: async (push: Parameters<Channel['correctTracking']>[0]) => correctTracking(calls, push),
    voidShipment: async (push: Parameters<Channel['voidShipment']>[0]) => voidShipment(calls, push),
  };
}

type List<Item> = {
  api: VendureApi;
  name: 'orders' | 'productVariants';
  selection: string;
  item: z.ZodType<Item>;
  by: 'orderPlacedAt' | 'updatedAt';
  filter: object;
};

function listWalk<Item extends { id: string; updatedAt: string; orderPlacedAt?: string | null }>(
  { api, name, selection, item, by, filter }: List<Item>,
  from: Date,
): Walk<Item> {
  const type = name === 'orders' ? 'OrderListOptions' : 'ProductVariantListOptions';
  const document = `query ($options: ${type}) { list: ${name}(options: $options) { items { ${selection} } } }`;
  const answer = z.object({ list: z.object({ items: z.array(item) }) });
  return {
    from,
    read: async ({ after, notIn, take }) => {
      const excluded = notIn.length > 0 ? { id: { notIn } } : {};
      const options = { filter: { ...filter, [by]: { after }, ...excluded }, sort: { [by]: 'ASC' }, take };
      return (await api.call({ document, variables: { options }, answer })).list.items;
    },
    idOf: ({ id }) => id,
    timeOf: (one) => one[by] ?? one.updatedAt,
  };
}

const variantSchema = z.object({
  id: z.string(),
  sku: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  updatedAt: z.iso.datetime(),
  trackInventory: z.enum(['TRUE', 'FALSE', 'INHERIT']),
  product: z.object({ enabled: z.boolean() }),
});
const variantSelection = 'id sku name enabled updatedAt trackInventory product { enabled }';

function stockCalls({ api, settings, about }: Shop) {
  const tracksByDefault = async () => (await about()).tracksByDefault;
  return {
    importProducts: async (after: string | null) => {
      const inherited = await tracksByDefault();
      const list = { api, name: 'productVariants', selection: variantSelection, item: variantSchema } as const;
      const walk = listWalk({ ...list, by: 'updatedAt', filter: {} }, new Date(0));
      const { items, ...page } = await walkOn(walk, after);
      const toProduct = ({ id, sku, name, enabled, product, trackInventory }: z.infer<typeof variantSchema>) =>
        ({
          remoteId: id,
          sku,
          name,
          active: enabled && product.enabled,
          tracksStock: trackInventory === 'TRUE' || (trackInventory === 'INHERIT' && inherited),
        }) satisfies RemoteProduct;
      return { ...page, items: items.map(toProduct) };
    },
    writeInventory: async (batch: Parameters<Channel['writeInventory']>[0]) =>
      writeInventory({ api, locationId: settings.stockLocationId, tracksByDefault }, batch),
  };
}

/** One permission of each group is enough. */
const reads = [['ReadOrder'], ['ReadCatalog', 'ReadProduct'], ['ReadStockLocation', 'ReadCatalog']] as const;
const writes = [['UpdateOrder'], ['UpdateCatalog', 'UpdateProduct']] as const;
const meSchema = z.object({
  me: z.object({ identifier: z.string(), channels: z.array(z.object({ permissions: z.array(z.string()) })) }),
});

async function describeAccess({ api, about, settings }: Shop, login: Login): Promise<Access> {
  await about();
  await assertField(api, settings.digitalField);
  if ('apiKey' in login) return describeKey(api);
  const { me } = await api.call({ document: 'query { me { identifier channels { permissions } } }', answer: meSchema });
  const held = new Set(me.channels.flatMap(({ permissions }) => permissions));
  const missing = [...reads, ...writes].filter((group) => !group.some((name) => held.has(name))).map(([name]) => name);
  const locations = missing.includes('ReadStockLocation') ? [] : await listLocations(api);
  return { account: me.identifier, missing, unproven: [], locations };
}

const variantFields = z.object({
  productVariants: z.object({
    items: z.array(z.object({ customFields: z.object({ digital: z.unknown() }).nullable() })),
  }),
});

/** A shop refuses each query that names a field which it does not have. @throws ChannelError `invalid` */
async function assertField(api: VendureApi, field: string | undefined): Promise<void> {
  if (field === undefined) return;
  const document = `query { productVariants(options: { take: 1 }) { items { customFields { digital: ${field} } } } }`;
  const attempt = await api.attempt({ document, answer: variantFields });
  if ('fault' in attempt && attempt.fault.kind === 'invalid') {
    throw new ChannelError({ kind: 'invalid', field: 'digitalField', code: 'unknown' });
  }
  const isBoolean = ({ customFields }: { customFields: { digital?: unknown } | null }) =>
    [undefined, null, true, false].includes(customFields?.digital as boolean | null | undefined);
  if (!('fault' in attempt) && !attempt.data.productVariants.items.every(isBoolean)) {
    throw new ChannelError({ kind: 'invalid', field: 'digitalField', code: 'not_boolean' });
  }
}

/** An API key cannot read its own permissions. So reads are tried, and writes stay unproven. */
async function describeKey(api: VendureApi): Promise<Access> {
  const probe = async (field: string) => {
    const document = `query { ${field}(options: { take: 1 }) { totalItems } }`;
    return isAllowed(api.call({ document, answer: z.unknown() }));
  };
  const allowed = [await probe('orders'), await probe('productVariants'), await probe('stockLocations')];
  const missing = reads.filter((_, index) => !allowed[index]).map(([name]) => name);
  const locations = missing.includes('ReadStockLocation') ? [] : await listLocations(api);
  return { account: 'API key', missing, unproven: writes.map(([name]) => name), locations };
}

async function isAllowed(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof ChannelError && error.fault.kind === 'auth_failed') return false;
    throw error;
  }
}
