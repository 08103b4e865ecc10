import { z } from 'zod';
import { ChannelError, type Cursor, type Page, type RemoteProduct } from '../channel.ts';
import { walkFrom, walkOn, type Walk } from '../walk.ts';
import type { MedusaApi } from './api.ts';
import { listWalk } from './lists.ts';
import { nameOf } from './orders.ts';

const variantSchema = z.object({
  id: z.string(),
  sku: z.string().nullish(),
  title: z.string().nullish(),
  manage_inventory: z.boolean(),
});
const namesSchema = z.object({ title: z.string(), status: z.string() });
const ownVariantSchema = variantSchema.extend({ updated_at: z.iso.datetime(), product: namesSchema.nullish() });
const productSchema = namesSchema.extend({
  id: z.string(),
  updated_at: z.iso.datetime(),
  variants: z.array(variantSchema).nullish(),
});
type OwnVariant = z.infer<typeof ownVariantSchema>;
type Product = z.infer<typeof productSchema>;
type ProductWalks = { variants: Walk<OwnVariant>; products: Walk<Product>; now: () => Date };

const fieldsOf = (prefix: string) => ['id', 'sku', 'title', 'manage_inventory'].map((field) => `${prefix}${field}`);

export const productWalks = (api: MedusaApi, now: () => Date): ProductWalks => ({
  now,
  variants: listWalk({
    api,
    path: '/admin/product-variants',
    name: 'variants',
    fields: [...fieldsOf(''), 'updated_at', 'product.title', 'product.status'].join(','),
    item: ownVariantSchema,
    by: 'updated_at',
    from: new Date(0),
    size: 200,
  }),
  products: listWalk({
    api,
    path: '/admin/products',
    name: 'products',
    fields: ['id', 'title', 'status', 'updated_at', ...fieldsOf('variants.')].join(','),
    item: productSchema,
    by: 'updated_at',
    from: new Date(0),
    size: 50,
  }),
});

const placeSchema = z.object({
  turn: z.enum(['all', 'variants', 'products']),
  variants: z.string().nullable(),
  products: z.string(),
});
type Place = z.infer<typeof placeSchema>;

/** The walk over products begins this much before the first read, in milliseconds, so that no change is missed. */
const overlapMs = 5 * 60_000;

/**
 * One page. A new SKU changes the time of its variant only, a new name or status that of the product only. So after the first
 * reading of all variants each run reads the changed variants, then the variants of changed products.
 * @throws ChannelError `invalid` for a cursor that is not ours
 */
export async function productPage(walks: ProductWalks, after: Cursor | null): Promise<Page<RemoteProduct>> {
  const at = placeAt(walks, after);
  if (at.turn === 'products') {
    const { items, more, next } = await walkOn(walks.products, at.products);
    const place: Place = { ...at, products: next, turn: more ? 'products' : 'variants' };
    return { items: items.flatMap(variantsOf), more, next: JSON.stringify(place) };
  }
  const { items, more, next } = await walkOn(walks.variants, at.variants);
  // A first reading has the products as they are: nothing of them is to be read again.
  const ended = at.turn === 'all' ? 'variants' : 'products';
  const place: Place = { ...at, variants: next, turn: more ? at.turn : ended };
  return { items: items.flatMap(toProducts), more: more || ended === 'products', next: JSON.stringify(place) };
}

function placeAt({ now }: ProductWalks, cursor: Cursor | null): Place {
  if (cursor === null) {
    return { turn: 'all', variants: null, products: walkFrom(new Date(now().getTime() - overlapMs)) };
  }
  try {
    return placeSchema.parse(JSON.parse(cursor));
  } catch {
    throw new ChannelError({ kind: 'invalid', field: 'cursor', code: 'unreadable' });
  }
}

const variantsOf = ({ variants, ...product }: Product): RemoteProduct[] =>
  (variants ?? []).map((variant) => toProduct(variant, product));

/** A variant whose product is being deleted has none. */
const toProducts = ({ product, ...variant }: OwnVariant): RemoteProduct[] =>
  product ? [toProduct(variant, product)] : [];

const toProduct = (variant: z.infer<typeof variantSchema>, product: z.infer<typeof namesSchema>): RemoteProduct => ({
  remoteId: variant.id,
  sku: variant.sku ?? '',
  name: nameOf(product.title, variant.title),
  active: product.status === 'published',
  tracksStock: variant.manage_inventory,
});
