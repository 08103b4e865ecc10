import type { Channel, ChannelFactory, Traits } from '../channel.ts';
import { describeAccess } from './access.ts';
import { createCall } from './api.ts';
import { importOrders, importProducts } from './import.ts';
import { shopifySettings } from './kind.ts';
import { toCancellation } from './orders.ts';
import { parse } from './parse.ts';
import { getOrder, getOrders } from './read-orders.ts';
import { correctTracking, pushShipment, voidShipment } from './shipments.ts';
import { writeInventory } from './stock.ts';
import { disconnect, ensureWebhooks } from './subscriptions.ts';
import { createTokens } from './tokens.ts';
import { secretsOf } from './webhook.ts';

/** The same for all shops: they run one version of one service. */
const traits: Traits = {
  stock: 'available',
  reference: 'none',
  correct: 'in_place',
  void: 'any',
  steps: 'one',
  changes: 'all',
  clockGrainMs: 1000,
};

export const openShopify: ChannelFactory = (givenSettings, credentials, tools): Channel => {
  const settings = parse(shopifySettings, givenSettings, 'settings');
  const { shop, importWhen = 'paid' } = settings;
  const call = createCall({ shop, tokens: createTokens(shop, credentials, tools) }, tools);
  const orders = { call, importWhen, settings, tools };
  return {
    kind: 'shopify',
    describeTraits: async () => traits,
    describeAccess: () => describeAccess({ call, settings, now: tools.now() }),
    importOrders: (after) => importOrders(orders, after),
    getOrder: (remoteId) => getOrder(orders, remoteId),
    getOrders: (remoteIds) => getOrders(orders, remoteIds),
    importProducts: (after) => importProducts({ call }, after),
    pushShipment: (push) => pushShipment(orders, push),
    correctTracking: (push) => correctTracking(orders, push),
    voidShipment: (push) => voidShipment(orders, push),
    writeInventory: (batch) => writeInventory({ call, locationId: settings.stockLocationId }, batch),
    listCancelled: async (after) => {
      const { items, ...page } = await importOrders(orders, after);
      return { ...page, items: items.flatMap((order) => toCancellation(order) ?? []) };
    },
    // Without the secret of the app no message could be read.
    ensureWebhooks: async (url) => (secretsOf(credentials).length > 0 ? ensureWebhooks(orders, url) : undefined),
    disconnect: () => disconnect(call),
  };
};
