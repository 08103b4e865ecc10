import { z } from 'zod';
import type { ChannelTools, Cursor, Page, RemoteOrder, RemoteProduct } from '../channel.ts';
import { pageOf, restOf, type Call } from './api.ts';
import { documents } from './documents.ts';
import type { ShopifySettings } from './kind.ts';
import { orderSchema, type ShopifyOrder } from './orders.ts';
import { firstPage, wholeOrder, type OrderCalls } from './read-orders.ts';
import { walkOn, type Walk } from './walk.ts';

/** Orders by the time of their change, which payment, shipping, edits, refunds and cancels move. */
export async function importOrders(
  calls: OrderCalls & { settings: ShopifySettings; tools: ChannelTools },
  after: Cursor | null,
): Promise<Page<RemoteOrder>> {
  const { call, settings, tools } = calls;
  const answer = z.object({ orders: pageOf(orderSchema) });
  const walk: Walk<ShopifyOrder> = {
    from: settings.importFrom ? new Date(settings.importFrom) : tools.connectedAt,
    size: firstPage.orders,
    read: async ({ from, since, ...page }) => {
      // Not by the status of the payment: that would hide orders which are paid back in part.
      const filter = `updated_at:>='${since}' created_at:>='${from}' status:any`;
      const variables = { ...page, filter, lines: firstPage.lines };
      return (await call({ document: documents.orders, variables, answer })).orders;
    },
    timeOf: ({ updatedAt }) => updatedAt,
  };
  const { items, ...rest } = await walkOn(walk, after);
  const orders: RemoteOrder[] = [];
  for (const item of items) orders.push(await wholeOrder(calls, item));
  return { ...rest, items: orders };
}

const variantSchema = z.object({
  id: z.string(),
  sku: z.string().nullable(),
  title: z.string(),
  inventoryItem: z.object({ tracked: z.boolean() }),
});
const productSchema = z.object({
  id: z.string(),
  title: z.string(),
  status: z.string(),
  updatedAt: z.iso.datetime(),
  variants: pageOf(variantSchema),
});
type Product = z.infer<typeof productSchema>;
/** By Shopify's published table: 1,000 points at most. */
const productPage = { products: 12, variants: 20, further: 100 };

/** Each variant is a product of ours. A product changes with each of its variants. */
export async function importProducts({ call }: { call: Call }, after: Cursor | null): Promise<Page<RemoteProduct>> {
  const answer = z.object({ products: pageOf(productSchema) });
  const walk: Walk<Product> = {
    from: new Date(0),
    size: productPage.products,
    read: async ({ since, after: cursor, first }) => {
      const filter = `updated_at:>='${since}'`;
      const variables = { after: cursor, filter, first, variants: productPage.variants };
      return (await call({ document: documents.products, variables, answer })).products;
    },
    timeOf: ({ updatedAt }) => updatedAt,
  };
  const { items, ...rest } = await walkOn(walk, after);
  const products: RemoteProduct[] = [];
  for (const product of items) products.push(...(await productsOf(call, product)));
  return { ...rest, items: products };
}

async function productsOf(call: Call, { id, title, status, variants }: Product): Promise<RemoteProduct[]> {
  const answer = z.object({ product: z.object({ variants: pageOf(variantSchema) }).nullable() });
  const nodes = await restOf(variants, async (after) => {
    const variables = { id, after, first: productPage.further };
    const { product } = await call({ document: documents.productVariants, variables, answer });
    // It was deleted between two pages.
    return product?.variants ?? { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
  });
  return nodes.map((variant) => ({
    remoteId: variant.id,
    sku: variant.sku ?? '',
    // Shopify's name for the only variant of a product.
    name: variant.title === 'Default Title' ? title : `${title} – ${variant.title}`,
    active: status === 'ACTIVE',
    tracksStock: variant.inventoryItem.tracked,
  }));
}
