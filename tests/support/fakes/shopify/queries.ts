import { connectionOf, type ListArgs } from './connection.ts';
import type { ShopState, Viewer } from './model.ts';
import { viewsOf } from './views.ts';

type Args = ListArgs & { id: string; ids: string[]; topics?: string[] | null; includeInactive?: boolean };

/** The queries that our documents ask. */
export function createQueries(shop: ShopState) {
  const views = viewsOf(shop);
  const nodeOf = (id: string, scopes: readonly string[]): object | null => {
    if (id.startsWith('gid://shopify/Order/')) return views.order(id, scopes);
    if (id.startsWith('gid://shopify/ProductVariant/')) return views.variant(id);
    return null;
  };
  return {
    shop: () => ({ id: 'gid://shopify/Shop/1', name: shop.name, myshopifyDomain: shop.domain }),
    currentAppInstallation: (_: Args, { scopes }: Viewer) => ({
      id: 'gid://shopify/AppInstallation/1',
      accessScopes: scopes.map((handle) => ({ handle, description: handle })),
    }),
    locations: (args: Args) =>
      connectionOf(
        shop.locations.filter(({ isActive }) => isActive || args.includeInactive === true),
        args,
      ),
    order: ({ id }: Args, { scopes }: Viewer) => views.order(id, scopes),
    orders: (args: Args, { scopes }: Viewer) => views.orders(args, scopes),
    nodes: ({ ids }: Args, { scopes }: Viewer) => ids.map((id) => nodeOf(id, scopes)),
    product: ({ id }: Args) => views.product(id),
    products: (args: Args) => views.products(args),
    fulfillment: ({ id }: Args) => views.fulfillment(id),
    fulfillmentOrder: ({ id }: Args) => views.fulfillmentOrder(id),
    webhookSubscriptions: (args: Args) =>
      connectionOf(
        shop.subscriptions.filter(({ topic }) => !args.topics || args.topics.includes(topic)),
        args,
      ),
  };
}
