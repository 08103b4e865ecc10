import { z } from 'zod';
import { ChannelError, type Cursor, type Page, type RemoteProduct } from '../channel.ts';
import { noRoute, type WooCommerceApi } from './api.ts';
import { productIdOf } from './orders.ts';
import { instantOf, walkFrom, walkOn, walkQuery, type Walk } from './walk.ts';

/** `manage_stock` is the word `parent` where a variation has the stock of its product. */
export const productSchema = z.object({
  id: z.int(),
  name: z.string().nullish(),
  type: z.string().nullish(),
  status: z.string(),
  sku: z.string().nullish(),
  manage_stock: z.union([z.boolean(), z.literal('parent')]),
  stock_quantity: z.number().nullable(),
  date_modified_gmt: z.string(),
  parent_id: z.int().nullish(),
  attributes: z.array(z.object({ option: z.string().nullish() })).nullish(),
});
type Product = z.infer<typeof productSchema>;

const cursorSchema = z.object({
  turn: z.enum(['products', 'variations']),
  products: z.string().nullable(),
  variations: z.string(),
});
type Turn = z.infer<typeof cursorSchema>;

/** They have no stock, and none of them is shipped. */
const unsold = new Set(['grouped', 'external']);

/**
 * One page: first the products that changed, each with its variations; then variations that changed by themselves, which
 * does not change the time of their product. Older shops have no list of variations: there their changes show when the
 * product changes.
 */
export async function importProducts(api: WooCommerceApi, after: Cursor | null): Promise<Page<RemoteProduct>> {
  const at = after === null ? await firstTurn(api) : readTurn(after);
  if (at.turn === 'products') {
    const { items, more, next } = await walkOn(productWalk(api), at.products);
    const products: RemoteProduct[] = [];
    for (const product of items.filter(({ type }) => !unsold.has(type ?? ''))) products.push(...(await sold(api, product))); // prettier-ignore
    return { items: products, more: true, next: write({ ...at, products: next, turn: more ? 'products' : 'variations' }) }; // prettier-ignore
  }
  const page = await walkOn(variationWalk(api), at.variations);
  const next = write({ ...at, variations: page.next, turn: page.more ? 'variations' : 'products' });
  return { items: await withParents(api, page.items), more: page.more, next };
}

/** What can be sold of a product: itself, or its variations. */
async function sold(api: WooCommerceApi, product: Product): Promise<RemoteProduct[]> {
  if (product.type !== 'variable') return [toProduct(product)];
  const variations: Product[] = [];
  for (let page = 1; ; page += 1) {
    const query = { per_page: '100', page: String(page), orderby: 'id', order: 'asc' };
    const path = `products/${product.id}/variations`;
    const found = await api.call({ path, query, answer: z.array(productSchema), missing: 'listing' });
    variations.push(...found);
    if (found.length < 100) return variations.map((variation) => toVariation(variation, product));
  }
}

const toProduct = ({ id, sku, name, status, manage_stock }: Product): RemoteProduct => ({
  remoteId: String(id),
  sku: sku ?? '',
  name: name ?? '',
  active: status === 'publish',
  tracksStock: manage_stock === true,
});

function toVariation(variation: Product, product: Product): RemoteProduct {
  const options = (variation.attributes ?? []).flatMap(({ option }) => option || []);
  return {
    ...toProduct(variation),
    remoteId: productIdOf(product.id, variation.id),
    name: [product.name ?? '', ...options].join(' – '),
    active: variation.status === 'publish' && product.status === 'publish',
  };
}

async function withParents(api: WooCommerceApi, variations: Product[]): Promise<RemoteProduct[]> {
  const ids = [...new Set(variations.flatMap(({ parent_id }) => parent_id || []))];
  if (ids.length === 0) return [];
  const query = { include: ids.join(','), per_page: String(ids.length) };
  const products = await api.call({ path: 'products', query, answer: z.array(productSchema) });
  return variations.flatMap((variation) => {
    const product = products.find(({ id }) => id === variation.parent_id);
    return product ? [toVariation(variation, product)] : [];
  });
}

const modified = {
  idOf: ({ id }: Product) => String(id),
  timeOf: ({ date_modified_gmt: at }: Product) => instantOf(at),
};

const productWalk = (api: WooCommerceApi): Walk<Product> => ({
  ...modified,
  from: new Date(0),
  read: (query) => api.call({ path: 'products', query: walkQuery(query), answer: z.array(productSchema) }),
});

const variationWalk = (api: WooCommerceApi): Walk<Product> => ({
  ...modified,
  from: new Date(0),
  read: async (query) => {
    const attempt = await api.attempt({ path: 'variations', query: walkQuery(query), answer: z.array(productSchema) });
    if ('data' in attempt) return attempt.data;
    if (attempt.code === noRoute) return [];
    throw new ChannelError(attempt.fault);
  },
});

const write = (turn: Turn): Cursor => JSON.stringify(turn);

/** The walk over products reads each variation, so that over variations begins after this second of the shop's clock. */
async function firstTurn(api: WooCommerceApi): Promise<Turn> {
  await api.call({ path: 'products', query: { per_page: '1', _fields: 'id' }, answer: z.array(z.unknown()) });
  return { turn: 'products', products: null, variations: walkFrom(new Date(api.shopNow().getTime() + 1_000)) };
}

function readTurn(cursor: Cursor): Turn {
  try {
    return cursorSchema.parse(JSON.parse(cursor));
  } catch {
    throw new ChannelError({ kind: 'invalid', field: 'cursor', code: 'unreadable' });
  }
}
