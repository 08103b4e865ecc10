import { levelOf, shift, touch, variantsOf, type Line, type Order, type Product, type ShopState } from './model.ts';

type Wanted = {
  lines: readonly (readonly [sku: string, quantity: number])[];
  paid?: boolean | undefined;
  currency?: string | undefined;
  buyer?: string | undefined;
  presentment?: Order['presentment'] | undefined;
  /** Prices by SKU, instead of those of the catalogue. */
  prices?: Readonly<Record<string, string>> | undefined;
};

/** The merchant's catalogue, and customers who buy from it. */
export const customerOf = (shop: ShopState) => ({
  location(name: string): string {
    const id = shop.newId('Location');
    shop.locations.push({ id, name, isActive: true });
    return id;
  },

  /** @param about.stock available units by location */
  product(
    title: string,
    skus: readonly string[],
    about: { stock: Readonly<Record<string, number>>; isTracked?: boolean; requiresShipping?: boolean },
  ): Product {
    const { stock, isTracked = true, requiresShipping = true } = about;
    const levels = () => new Map(Object.entries(stock).map(([at, available]) => [at, { available, committed: 0 }]));
    const id = shop.newId('Product');
    const variants = skus.map((sku) => ({
      id: shop.newId('ProductVariant'),
      sku,
      title: skus.length === 1 ? 'Default Title' : sku,
      price: '14.50',
      isTracked,
      requiresShipping,
      itemId: shop.newId('InventoryItem'),
      levels: levels(),
    }));
    const product: Product = { id, title, status: 'ACTIVE', updatedAt: shop.now(), variants };
    shop.products.push(product);
    return product;
  },

  place({ lines, paid = true, currency = shop.currency, buyer = 'Ada Lovelace', ...wanted }: Wanted): Order {
    const at = shop.now();
    const order: Order = {
      id: shop.newId('Order'),
      name: `#${1001 + shop.orders.size}`,
      createdAt: at,
      updatedAt: at,
      cancelledAt: null,
      financial: paid ? 'PAID' : 'PENDING',
      currency,
      presentment: wanted.presentment ?? { currency, rate: 1 },
      buyer,
      lines: [],
      fulfillmentOrders: [],
      fulfillments: [],
      refunded: 0,
    };
    for (const [sku, quantity] of lines) {
      const line = addLine(shop, order, { sku, quantity });
      line.price = wanted.prices?.[sku] ?? line.price;
    }
    shop.orders.set(order.id, order);
    shop.emit('ORDERS_CREATE', order);
    if (paid) shop.emit('ORDERS_PAID', order);
    return order;
  },

  pay(order: Order): void {
    order.financial = 'PAID';
    touch(shop, order);
    shop.emit('ORDERS_PAID', order);
  },
});

/** The shop reserves the units at the first location that has them all; else at the first that stocks the product. */
export function addLine(shop: ShopState, order: Order, { sku, quantity }: { sku: string; quantity: number }): Line {
  const variant = variantsOf(shop).find((one) => one.sku === sku);
  if (!variant) throw new Error(`The shop has no product ${sku}.`);
  const line = { id: shop.newId('LineItem'), variant, name: sku, quantity, current: quantity, price: variant.price };
  order.lines.push(line);
  assign(shop, order, { line, quantity });
  return line;
}

/** More units of a line, for an order that a clerk edits. */
export function assign(shop: ShopState, order: Order, { line, quantity }: { line: Line; quantity: number }): void {
  const stocked = [...line.variant.levels];
  const [locationId] = stocked.find(([, { available }]) => available >= quantity) ?? stocked[0]!;
  const known = order.fulfillmentOrders.find((one) => one.locationId === locationId && one.status === 'OPEN');
  const fulfillmentOrder = known ?? {
    id: shop.newId('FulfillmentOrder'),
    locationId,
    status: 'OPEN' as const,
    isAssigned: false,
    items: [],
  };
  if (!known) order.fulfillmentOrders.push(fulfillmentOrder);
  const id = shop.newId('FulfillmentOrderLineItem');
  fulfillmentOrder.items.push({ id, line, total: quantity, remaining: quantity });
  shift(levelOf(line.variant, locationId), { available: -quantity, committed: quantity });
}
