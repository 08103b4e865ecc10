import { productJson, type Product } from './catalogue.ts';
import { pageOf } from './lists.ts';
import { RestError } from './records.ts';
import { error, errorJson, type Asked, type Route } from './rest.ts';
import type { Shop } from './shop.ts';

type Update = { id: number; stock_quantity?: number; manage_stock?: boolean };

export function productRoutes(shop: Shop): Route[] {
  const { catalogue } = shop;
  const all = () => [...catalogue.products.values()];
  const batch = (parent: number | null, { body }: Asked) => {
    const update = (body['update'] ?? []) as Update[];
    if (update.length > 100) throw error(413, 'woocommerce_rest_request_entity_too_large');
    return { body: update.length === 0 ? {} : { update: update.map((entry) => updated(shop, parent, entry)) } };
  };
  return [
    [
      'GET',
      /^products$/,
      ({ query }) => {
        const skus = query.get('sku')?.split(',');
        // Only a search by SKU finds variations here.
        const fits = ({ parent, sku }: Product) => (skus ? skus.includes(sku) : parent === null);
        return pageOf(all().filter(fits), query, productJson);
      },
    ],
    [
      'GET',
      /^variations$/,
      ({ query }) => {
        if (!shop.switches.hasVariationsRoute) throw error(404, 'rest_no_route');
        return pageOf(all().filter(({ parent }) => parent !== null), query, productJson); // prettier-ignore
      },
    ],
    [
      'GET',
      /^products\/(\d+)\/variations$/,
      ({ params: [parent], query }) => {
        if (!catalogue.products.has(Number(parent))) throw error(404, 'woocommerce_rest_product_invalid_id');
        return pageOf(all().filter((product) => product.parent === Number(parent)), query, productJson); // prettier-ignore
      },
    ],
    ['POST', /^products\/batch$/, (asked) => batch(null, asked)],
    ['POST', /^products\/(\d+)\/variations\/batch$/, (asked) => batch(Number(asked.params[0]), asked)],
  ];
}

/** An entry that fails has its error in its place; the call succeeds. */
function updated({ catalogue }: Shop, parent: number | null, entry: Update): object {
  try {
    return productJson(catalogue.update(parent, entry));
  } catch (thrown) {
    if (!(thrown instanceof RestError)) throw thrown;
    return { id: entry.id, error: errorJson(thrown) };
  }
}
