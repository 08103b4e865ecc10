/** Units of a variant at a location. `available` may be below nothing: a shop sells more than it has. */
export type Level = { available: number; committed: number };
export type Variant = {
  id: string;
  sku: string;
  title: string;
  price: string;
  isTracked: boolean;
  requiresShipping: boolean;
  itemId: string;
  levels: Map<string, Level>;
};
export type Product = {
  id: string;
  title: string;
  status: 'ACTIVE' | 'ARCHIVED';
  updatedAt: number;
  variants: Variant[];
};
/** `quantity` stays when units are removed, `current` falls. */
export type Line = { id: string; variant: Variant; name: string; quantity: number; current: number; price: string };
type OpenUnits = { id: string; line: Line; total: number; remaining: number };
export type FulfillmentOrder = {
  id: string;
  locationId: string;
  status: keyof typeof actionsOf;
  /** Of a fulfillment service: an app for the merchant's own locations does not see it. */
  isAssigned: boolean;
  items: OpenUnits[];
};
export type TrackingInfo = { company: string | null; number: string | null; url: string | null };
export type Fulfillment = {
  id: string;
  status: 'SUCCESS' | 'CANCELLED';
  locationId: string;
  units: { from: FulfillmentOrder; item: OpenUnits; quantity: number }[];
  tracking: TrackingInfo[];
  notifyCustomer: boolean;
  createdAt: number;
};
export type Order = {
  id: string;
  name: string;
  createdAt: number;
  updatedAt: number;
  cancelledAt: number | null;
  financial: 'PENDING' | 'AUTHORIZED' | 'PARTIALLY_PAID' | 'PAID' | 'PARTIALLY_REFUNDED' | 'REFUNDED' | 'VOIDED';
  currency: string;
  /** As the buyer paid: another currency, and how many of its units one of the shop's is. */
  presentment: { currency: string; rate: number };
  buyer: string;
  lines: Line[];
  fulfillmentOrders: FulfillmentOrder[];
  fulfillments: Fulfillment[];
  refunded: number;
};
export type Subscription = {
  id: string;
  topic: string;
  uri: string;
  includeFields: string[];
  failures: number;
};

/** What may be done with a fulfillment order, by its status. */
export const actionsOf = {
  OPEN: ['CREATE_FULFILLMENT', 'MOVE', 'HOLD', 'SPLIT'],
  IN_PROGRESS: ['CREATE_FULFILLMENT', 'MARK_AS_OPEN'],
  ON_HOLD: ['RELEASE_HOLD'],
  SCHEDULED: ['MARK_AS_OPEN'],
  CLOSED: [],
  CANCELLED: [],
  INCOMPLETE: [],
} as const;

/** Those whose units may still be shipped or removed. */
export const isOpen = ({ status }: FulfillmentOrder): boolean =>
  ['OPEN', 'IN_PROGRESS', 'ON_HOLD', 'SCHEDULED'].includes(status);

/** Who asks: an app, by the rights of its token. */
export type Viewer = { scopes: readonly string[] };

export const numberOf = (id: string): string => id.split('/').at(-1) ?? id;

/** Refused by the shop, as its mutations answer it. */
export class ShopRefusal extends Error {
  readonly errors: { field: string[] | null; message: string; code?: string }[];

  constructor(message: string, field: string[] | null = null, code?: string) {
    super(message);
    this.errors = [{ field, message, ...(code !== undefined && { code }) }];
  }
}

/** The scopes that our app asks for. */
const usualScopes = [
  'read_orders',
  'read_merchant_managed_fulfillment_orders',
  'write_merchant_managed_fulfillment_orders',
  'read_inventory',
  'write_inventory',
  'read_locations',
  'read_products',
] as const;

/** What a Shopify shop has. Who changes it: the customer, the clerk, and the mutations. */
export function createShopState({ domain = 'harbour.myshopify.com' }: { domain?: string } = {}) {
  // Above what a number can hold.
  let last = 9_007_199_254_740_993n;
  return {
    domain,
    name: 'Harbour Goods',
    currency: 'USD',
    clientId: 'the-client-id',
    clientSecret: 'shpss_the-secret-of-the-app',
    scopes: [...usualScopes] as string[],
    locations: [] as { id: string; name: string; isActive: boolean }[],
    products: [] as Product[],
    orders: new Map<string, Order>(),
    subscriptions: [] as Subscription[],
    now: () => Date.now(),
    newId: (type: string): string => {
      last += 2n;
      return `gid://shopify/${type}/${last}`;
    },
    /** Replaced by the webhooks. */
    emit: (_topic: string, _order?: Order): void => undefined,
  };
}
export type ShopState = ReturnType<typeof createShopState>;

/** Shopify's times have whole seconds. */
export const isoOf = (time: number): string => new Date(time).toISOString().replace(/\.\d+/, '');

export const variantsOf = ({ products }: Pick<ShopState, 'products'>): Variant[] =>
  products.flatMap(({ variants }) => variants);

export function levelOf({ levels }: Variant, locationId: string): Level {
  const level = levels.get(locationId) ?? { available: 0, committed: 0 };
  levels.set(locationId, level);
  return level;
}

export function shift(level: Level, by: Partial<Level>): void {
  level.available += by.available ?? 0;
  level.committed += by.committed ?? 0;
}

export function touch(shop: ShopState, order: Order): void {
  order.updatedAt = shop.now();
  shop.emit('ORDERS_UPDATED', order);
}
