import { gmt, RestError, type OrderLine } from './records.ts';

/** `parent`: of a variation. `manages`: whether it has a stock of its own. */
export type Product = {
  id: number;
  parent: number | null;
  type: 'simple' | 'variable' | 'variation';
  sku: string;
  name: string;
  status: 'publish' | 'draft';
  manages: boolean | 'parent';
  stock: number | null;
  modified: number;
};
export type Catalogue = ReturnType<typeof createCatalogue>;

type Making = { now: () => number; nextId: () => number; bulk: number };

/** The demo's products: simple ones, one with variations, one without a stock. They are a year old. */
export function createCatalogue({ now, nextId, bulk }: Making) {
  const products = new Map<number, Product>();
  const long = now() - 365 * 86_400_000;
  const add = (given: Pick<Product, 'sku' | 'name'> & Partial<Product>): Product => {
    const product: Product = {
      id: nextId(),
      parent: null,
      type: 'simple',
      status: 'publish',
      manages: true,
      stock: 100,
      modified: long + products.size * 1_000,
      ...given,
    };
    products.set(product.id, product);
    return product;
  };
  for (const sku of ['MUG-BLUE', 'MUG-SAND', 'TOTE-NATURAL', 'POSTER-A2', 'NOTEBOOK-A5']) add({ sku, name: sku });
  const tee = add({ sku: 'TEE', name: 'Tee', type: 'variable', stock: null, manages: false });
  for (const size of ['M', 'L']) add({ sku: `TEE-BLACK-${size}`, name: size, parent: tee.id, type: 'variation' });
  add({ sku: 'GIFT-CARD-25', name: 'Gift card', manages: false, stock: null });
  for (let index = 1; index <= bulk; index += 1) add({ sku: `BULK-${index}`, name: `Bulk ${index}` });

  const bySku = (sku: string) => [...products.values()].find((product) => product.sku === sku)!;
  return {
    products,
    add,
    bySku,
    sell: ({ product_id, variation_id }: Pick<OrderLine, 'product_id' | 'variation_id'>, units: number) => {
      const product = products.get(variation_id || product_id);
      const counted = product?.manages === 'parent' ? products.get(product.parent!) : product;
      if (counted?.manages === true) counted.stock = (counted.stock ?? 0) - units;
    },
    change: (sku: string, to: Partial<Product>) => Object.assign(bySku(sku), to, { modified: now() }),
    remove: (sku: string) => products.delete(bySku(sku).id),
    /** One entry of a batch. A stock for a product that does not manage it is ignored, and the answer does not say so. */
    update: (parent: number | null, entry: { id: number; stock_quantity?: number; manage_stock?: boolean }) => {
      const product = products.get(entry.id);
      if (!product || product.parent !== parent) throw batchError(parent, product);
      if (entry.manage_stock !== undefined) product.manages = entry.manage_stock;
      if (entry.stock_quantity !== undefined && product.manages === true) product.stock = entry.stock_quantity;
      product.modified = now();
      return product;
    },
  };
}

function batchError(parent: number | null, product: Product | undefined): RestError {
  const isVariation = parent === null && product !== undefined;
  const name = parent === null ? 'product' : 'product_variation';
  const code = isVariation ? 'woocommerce_rest_invalid_product_id' : `woocommerce_rest_${name}_invalid_id`;
  return new RestError(isVariation ? 404 : 400, code);
}

/** A product as the REST API writes it: `manage_stock` of a variation may be the word `parent`. */
export const productJson = (product: Product) => ({
  id: product.id,
  name: product.name,
  type: product.type,
  status: product.status,
  sku: product.sku,
  manage_stock: product.manages,
  stock_quantity: product.stock,
  date_modified_gmt: gmt(product.modified),
  parent_id: product.parent ?? 0,
  attributes: product.type === 'variation' ? [{ id: 1, name: 'Size', option: product.name }] : [],
});
