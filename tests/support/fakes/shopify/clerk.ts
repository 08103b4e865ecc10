import { addLine, assign } from './customer.ts';
import { isOpen, levelOf, shift, touch, variantsOf, type Line, type Order, type ShopState } from './model.ts';

/** What people do to orders and products in the shop's admin. */
export const clerkOf = (shop: ShopState) => ({
  hold: (order: Order) => changeStatus(shop, order, { from: 'OPEN', to: 'ON_HOLD' }),
  release: (order: Order) => changeStatus(shop, order, { from: 'ON_HOLD', to: 'OPEN' }),

  /** Gives the units to a fulfillment service. */
  assignElsewhere(order: Order): void {
    for (const one of order.fulfillmentOrders) one.isAssigned = true;
    touch(shop, order);
  },

  /** Moves the open units of one location to another: the shop makes a new fulfillment order. */
  move(order: Order, { from, to }: { from: string; to: string }): void {
    const old = order.fulfillmentOrders.find((one) => one.locationId === from && one.status === 'OPEN')!;
    const items = old.items.map((item) => ({ ...item, id: shop.newId('FulfillmentOrderLineItem') }));
    for (const { line, remaining } of items) {
      shift(levelOf(line.variant, from), { available: remaining, committed: -remaining });
      shift(levelOf(line.variant, to), { available: -remaining, committed: remaining });
    }
    old.status = 'CANCELLED';
    for (const item of old.items) item.remaining = 0;
    const id = shop.newId('FulfillmentOrder');
    order.fulfillmentOrders.push({ id, locationId: to, status: 'OPEN', isAssigned: false, items });
    touch(shop, order);
  },

  /** An edit: more units of a line, or a new line. */
  addUnits(order: Order, line: Line, quantity: number): void {
    line.quantity += quantity;
    line.current += quantity;
    assign(shop, order, { line, quantity });
    touch(shop, order);
  },
  addLine(order: Order, sku: string, quantity: number): Line {
    const line = addLine(shop, order, { sku, quantity });
    touch(shop, order);
    return line;
  },

  /** An edit, or a refund that removes units which are not shipped: `quantity` stays, `currentQuantity` falls. */
  removeUnits(order: Order, line: Line, quantity: number): void {
    remove(order, { line, quantity });
    touch(shop, order);
  },

  /** Pays back money for units that are shipped. They stay shipped. */
  refundShipped(order: Order, line: Line, quantity: number): void {
    line.current -= quantity;
    order.financial = 'PARTIALLY_REFUNDED';
    touch(shop, order);
  },

  /** Pays back money alone, in minor units of a currency with two decimals. */
  refundMoney(order: Order, amountMinor: number): void {
    order.refunded += amountMinor / 100;
    order.financial = 'PARTIALLY_REFUNDED';
    touch(shop, order);
  },

  cancel(order: Order): void {
    for (const line of order.lines) {
      const open = order.fulfillmentOrders
        .flatMap(({ items }) => items)
        .filter((item) => item.line === line)
        .reduce((sum, { remaining }) => sum + remaining, 0);
      if (open > 0) remove(order, { line, quantity: open });
    }
    for (const one of order.fulfillmentOrders) {
      if (one.status !== 'CLOSED' || one.items.every(({ total }) => total === 0)) one.status = 'CANCELLED';
    }
    order.cancelledAt = shop.now();
    order.financial = 'REFUNDED';
    touch(shop, order);
    shop.emit('ORDERS_CANCELLED', order);
  },

  changeProduct(sku: string, to: { sku?: string; name?: string; active?: boolean }): void {
    const product = shop.products.find(({ variants }) => variants.some((variant) => variant.sku === sku))!;
    const variant = product.variants.find((one) => one.sku === sku)!;
    variant.sku = to.sku ?? variant.sku;
    product.title = to.name ?? product.title;
    if (to.active !== undefined) product.status = to.active ? 'ACTIVE' : 'ARCHIVED';
    product.updatedAt = shop.now();
  },
  /** Its orders still have their lines. */
  deleteProduct(sku: string): void {
    shop.products = shop.products.filter(({ variants }) => variants.every((variant) => variant.sku !== sku));
  },
  variant: (sku: string) => variantsOf(shop).find((variant) => variant.sku === sku)!,
});

function changeStatus(shop: ShopState, order: Order, { from, to }: { from: string; to: 'OPEN' | 'ON_HOLD' }): void {
  for (const one of order.fulfillmentOrders) if (one.status === from) one.status = to;
  touch(shop, order);
}

function remove(order: Order, { line, quantity }: { line: Line; quantity: number }): void {
  line.current -= quantity;
  let left = quantity;
  for (const one of order.fulfillmentOrders.filter(isOpen)) {
    for (const item of one.items.filter((candidate) => candidate.line === line)) {
      const taken = Math.min(left, item.remaining);
      item.remaining -= taken;
      item.total -= taken;
      left -= taken;
      shift(levelOf(line.variant, one.locationId), { available: taken, committed: -taken });
    }
    if (one.items.every(({ remaining }) => remaining === 0)) one.status = 'CLOSED';
  }
}
