import type { ChannelKind } from '../../domain/channel.ts';
import type { Address, Customer } from '../../domain/orders/order.ts';
import type { Tracking } from '../../domain/shipments/shipment.ts';

/** Opaque: only its connector reads it. Times and remote ids, nothing personal. */
export type Cursor = string;
/** `next` is there also when the page is empty. */
export type Page<T> = { items: T[]; next: Cursor; more: boolean };
export type Units = { remoteLineId: string; quantity: number }[];

/** Quantities in units, `priceMinor` in minor units of the order's currency. */
export type RemoteLine = {
  remoteLineId: string;
  remoteProductId: string | null;
  sku: string;
  name: string;
  ordered: number;
  cancelled: number;
  shipped: number;
  priceMinor: number | null;
  /** Only on a portal: the agreed cost, when the merchant shows it. */
  costMinor?: number;
};
/** `shipmentId`: ours, where the shop stores our reference. */
export type RemoteShipment = {
  remoteId: string;
  shipmentId?: string;
  state: 'pending' | 'shipped' | 'voided';
  units: Units;
  tracking: Tracking[];
};
/** `waiting`: placed but not paid; not imported yet. */
export type RemoteOrder = {
  remoteId: string;
  number: string;
  placedAt: string;
  currency: string;
  state: 'ready' | 'waiting' | 'cancelled';
  shipTo: Address;
  billTo?: Address;
  customer?: Customer;
  notes?: { customer?: string; internal?: string };
  tags?: string[];
  shippingMethod: string | null;
  lines: RemoteLine[];
  shipments: RemoteShipment[];
  /** Only on a portal: the dropship it came by, and the accounts it came through. */
  origin?: { dropshipId: string; merchantName: string; via: string[] };
};
export type RemoteProduct = { remoteId: string; sku: string; name: string; active: boolean; tracksStock: boolean };
/**
 * `covers`, on a complete catalogue: the page names all there is behind its cursor, up to its last product, and to the
 * end where it is the last page. Left out while the other end says nothing.
 */
export type ProductPage = Page<RemoteProduct> & { covers?: boolean };
/** Cancelled so far. */
export type Cancellation = { remoteOrderId: string; whole: boolean; units: Units };
/** `remoteIds`: of this shipment, as far as known; `taken`: of its sisters, never to be mistaken for it. */
export type Push = {
  shipmentId: string;
  revision: number;
  remoteOrderId: string;
  units: Units;
  tracking: Tracking;
  shippedAt: string;
  notifyBuyer: boolean;
  remoteIds: string[];
  taken: string[];
};
/** `found`: it was there already. `order`: read back after the write; null where there is nothing further to read. */
export type Pushed = { remoteIds: string[]; found: boolean; order: RemoteOrder | null };
export type StockWrite = {
  listingId: string;
  remoteProductId: string;
  sku: string;
  available: number;
  version: number;
};
export type StockOutcome = { listingId: string; outcome: 'written' | 'unchanged' | 'stale' | 'failed'; fault?: Fault };
/** Permissions by the shop's own names: `missing` for sure, `unproven` where only a write would tell. */
export type Access = {
  account: string;
  missing: string[];
  unproven: string[];
  locations: { id: string; name: string }[];
};
/** `task`: to run now; polling stays the backstop. */
export type WebhookEvent = { deliveryId: string; task: 'import_orders' | null; remoteOrderIds: string[] };

export type Traits = {
  /** `stored`: the task stores what it reads; `released`: the other end is a waiting workflow (portals). */
  orders: 'stored' | 'released';
  /** `complete`: each run reads all, ordered by remote id, and what is not named is gone; `changes`: what changed since. */
  catalogue: 'complete' | 'changes';
  stock: 'available' | 'on_hand';
  lookup: 'reference' | 'match';
  correct: 'in_place' | 'replace' | 'none';
  void: 'any' | 'unshipped';
};

export type Fault =
  | { kind: 'auth_failed' | 'unavailable' | 'unknown_outcome' }
  | { kind: 'rate_limited'; retryAfter: number }
  | { kind: 'invalid'; field: string; code: string }
  | { kind: 'gone'; what: 'channel' | 'order' | 'line' | 'listing' | 'shipment' };

/**
 * The only error a connector throws on purpose. Its message names the fault's kind, never a body of the shop.
 * `isBegun`: a part of what was asked is in the shop.
 */
export class ChannelError extends Error {
  readonly fault: Fault;
  readonly isBegun: boolean;

  constructor(fault: Fault, { isBegun = false } = {}) {
    super(
      `channel: ${fault.kind}${fault.kind === 'invalid' ? ` ${fault.field} ${fault.code}` : fault.kind === 'gone' ? ` ${fault.what}` : ''}`,
    );
    this.name = 'ChannelError';
    this.fault = fault;
    this.isBegun = isBegun;
  }
}

/** One face for every place orders come from. Connectors classify what goes wrong; they never retry or sleep. */
export interface Channel {
  readonly kind: ChannelKind;
  readonly traits: Traits;
  describeAccess(): Promise<Access>;
  importOrders(after: Cursor | null): Promise<Page<RemoteOrder>>;
  getOrder(remoteId: string): Promise<RemoteOrder>;
  importProducts(after: Cursor | null): Promise<ProductPage>;
  pushShipment(push: Push): Promise<Pushed>;
  /** A higher revision with the new tracking. */
  correctTracking(push: Push): Promise<Pushed>;
  voidShipment(push: Push): Promise<Pushed>;
  /**
   * One outcome per listing; none at all where nothing may be told now, as on a paused portal.
   * @throws ChannelError `invalid` with field `items`, or `gone` `listing`, for a batch that is refused because of
   *   something in it: halves of it may be tried
   */
  writeInventory(batch: StockWrite[]): Promise<StockOutcome[]>;
  listCancelled(after: Cursor | null): Promise<Page<Cancellation>>;
  /** Pure. @throws ChannelError `invalid` with field `signature` */
  verifyWebhook(rawBody: Uint8Array, headers: Headers): WebhookEvent;
}

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/**
 * What a connector may use of the world. `signal` ends its calls; `saveCredentials` keeps a rotated token.
 * `connectedAt`: when the channel was made; orders placed before are old and never imported by themselves.
 * `ownProducts`: the account's own catalogue by id, for a channel that has none of its own.
 */
export type ChannelTools = {
  fetch: Fetch;
  now: () => Date;
  connectedAt: Date;
  signal: AbortSignal;
  saveCredentials: (credentials: unknown) => Promise<void>;
  ownProducts: (page: { after: string; limit: number }) => Promise<{ id: string; sku: string; name: string }[]>;
};

/** Opened anew for each activity. Settings and credentials are parsed by the connector. @throws ChannelError `invalid` */
export type ChannelFactory = (settings: unknown, credentials: unknown, tools: ChannelTools) => Channel;
