import type { ChannelKind } from '../../domain/channel.ts';
import type { Address, Customer } from '../../domain/orders/order.ts';
import type { Tracking } from '../../domain/shipments/shipment.ts';

/** Opaque: only its connector reads it. It holds times and remote ids, no personal data. */
export type Cursor = string;
/** `next` is also set when the page is empty. */
export type Page<T> = { items: T[]; next: Cursor; more: boolean };
/** `begun`: orders whose import has begun before; each finishes by itself. Only a portal has such orders. */
export type RemoteOrderPage = Page<RemoteOrder> & { begun?: string[] };
export type Units = { remoteLineId: string; quantity: number }[];

/**
 * Quantities in units. A shop that lowers its quantity itself says the quantity of now as `ordered`, and nothing as `cancelled`.
 * `priceMinor`: of one unit before discounts, in minor units of the order's currency; null where it is not known.
 */
export type RemoteLine = {
  remoteLineId: string;
  remoteProductId: string | null;
  sku: string;
  name: string;
  ordered: number;
  cancelled: number;
  shipped: number;
  priceMinor: number | null;
  /** Left out: true, also where the shop does not say it. */
  requiresShipping?: boolean;
  /** Only on a portal: the agreed cost per unit, if the merchant shares it. */
  costMinor?: number;
};
/** `shipmentId`: our id, if the shop stores our reference. */
export type RemoteShipment = {
  remoteId: string;
  shipmentId?: string;
  state: 'pending' | 'shipped' | 'voided';
  units: Units;
  tracking: Tracking[];
};
/** `waiting`: not paid, or being changed in the shop; it is imported later. */
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
  /** Money that the shop has paid back so far, whatever for. Left out where the shop does not say it. */
  refundedMinor?: number;
  shipments: RemoteShipment[];
  /** Only on a portal: the dropship that it comes by, and the accounts it came through. */
  origin?: { dropshipId: string; merchantName: string; via: string[] };
};

/** The units that the shop still wants of each line. */
export const unitsWanted = ({ lines }: Pick<RemoteOrder, 'lines'>): Units =>
  lines.map(({ remoteLineId, ordered, cancelled }) => ({ remoteLineId, quantity: ordered - cancelled }));

export type RemoteProduct = { remoteId: string; sku: string; name: string; active: boolean; tracksStock: boolean };
/**
 * `covers`, for a complete catalogue: the page lists each product after its cursor, up to its last product, or to the end
 * on the last page. So a product that it does not list is gone. Left out while the other end lists no products.
 */
export type ProductPage = Page<RemoteProduct> & { covers?: boolean };
/**
 * `left`: the units of each line that the shop still wants, shipped ones included, also if they came back; a line that is not
 * named has none. Whether that is a cancel shows by the units that are here, so a shop may list orders without any cancel.
 */
export type Cancellation = { remoteOrderId: string; whole: boolean; left: Units };
/** `remoteIds`: known ids of this shipment in the shop. `taken`: ids of the order's other shipments, which are not it. */
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
/** `found`: the shipment was there already. `order`: read back after the write; null if the channel cannot be read. */
export type Pushed = { remoteIds: string[]; found: boolean; order: RemoteOrder | null };
export type StockWrite = {
  listingId: string;
  remoteProductId: string;
  sku: string;
  available: number;
  version: number;
};
/** `withdrawn`: the other end took the product away, so it needs no figure any more. */
export type StockOutcome = {
  listingId: string;
  outcome: 'written' | 'unchanged' | 'stale' | 'withdrawn' | 'failed';
  fault?: Fault;
};
/** Permissions by the shop's own names. `unproven`: only a write would show whether we have it. */
export type Access = {
  account: string;
  missing: string[];
  unproven: string[];
  locations: { id: string; name: string }[];
};
/** What depends on the shop: its version, its plugins, its switches. What holds of all shops of a kind: `domain/channel.ts`. */
export type Traits = {
  stock: 'available' | 'on_hand';
  /**
   * Of our id on a shipment. `unique`: the shop refuses a second shipment with it. `stored`: it stays, and two at the same
   * moment may both have it. `none`: a shipment is recognized by its number, or method, and its units.
   */
  reference: 'unique' | 'stored' | 'none';
  correct: 'in_place' | 'replace' | 'none';
  void: 'any' | 'unshipped';
  /** Calls that make one shipment. A crash may come between two. */
  steps: 'one' | 'two';
  /** `partial`: some changes of an order are in no list; only reading the order shows them. */
  changes: 'all' | 'partial';
  /** Of the shop's times of orders: it cannot distinguish what is nearer. */
  clockGrainMs: number;
};

export type Fault =
  | { kind: 'auth_failed' | 'unavailable' | 'unknown_outcome' }
  | { kind: 'rate_limited'; retryAfter: number }
  /** The shop holds the order back, or has it in other hands. It ends by itself. `retryAfter`: in seconds. */
  | { kind: 'held'; code: string; retryAfter: number }
  | { kind: 'invalid'; field: string; code: string }
  | { kind: 'gone'; what: 'channel' | 'order' | 'line' | 'listing' | 'shipment' };

/**
 * The only error that a connector throws on purpose. Its message names the fault, never the shop's text.
 * `isBegun`: the shop has done a part of the call.
 */
export class ChannelError extends Error {
  readonly fault: Fault;
  readonly isBegun: boolean;

  constructor(fault: Fault, { isBegun = false } = {}) {
    super(`channel: ${[fault.kind, ...partsOf(fault)].join(' ')}`);
    this.name = 'ChannelError';
    this.fault = fault;
    this.isBegun = isBegun;
  }
}

/** What writing stock is refused for where a shop has several locations: the first may be a warehouse of the merchant itself. */
const severalLocations = 'several_locations';

/** Whether a person has to choose a location. @param chosen as the settings say it */
export const isLocationOpen = (locations: readonly unknown[], chosen: unknown): boolean =>
  locations.length > 1 && chosen === undefined;

export const isLocationFault = (fault: Fault): boolean => fault.kind === 'invalid' && fault.code === severalLocations;

/**
 * The only location of a shop, where none is chosen.
 * @param field the setting that chooses it
 * @throws ChannelError `invalid`: there is none, or there are several
 */
export function onlyLocation(locations: readonly { id: string }[], field: string): string {
  const [first] = locations;
  if (!first) throw new ChannelError({ kind: 'invalid', field, code: 'no_location' });
  if (isLocationOpen(locations, undefined)) throw new ChannelError({ kind: 'invalid', field, code: severalLocations });
  return first.id;
}

function partsOf(fault: Fault): string[] {
  if (fault.kind === 'invalid') return [fault.field, fault.code];
  if (fault.kind === 'held') return [fault.code];
  return fault.kind === 'gone' ? [fault.what] : [];
}

/** The interface of all channels. Connectors classify faults; they never retry or sleep. */
export interface Channel {
  readonly kind: ChannelKind;
  /** Asks the shop, once for each opened channel at most. */
  describeTraits(): Promise<Traits>;
  describeAccess(): Promise<Access>;
  importOrders(after: Cursor | null): Promise<RemoteOrderPage>;
  getOrder(remoteId: string): Promise<RemoteOrder>;
  /** @param remoteIds at most 50 @returns in no order; those that the shop does not have are left out */
  getOrders(remoteIds: readonly string[]): Promise<RemoteOrder[]>;
  importProducts(after: Cursor | null): Promise<ProductPage>;
  pushShipment(push: Push): Promise<Pushed>;
  /** `push` has the new tracking and a higher revision. */
  correctTracking(push: Push): Promise<Pushed>;
  voidShipment(push: Push): Promise<Pushed>;
  /**
   * @returns one outcome per listing; empty when no stock may cross now, as on a paused portal
   * @throws ChannelError `invalid` with field `items`, or `gone` `listing`, for a batch that is refused because of a
   *   listing in it: the caller tries its halves
   */
  writeInventory(batch: StockWrite[]): Promise<StockOutcome[]>;
  listCancelled(after: Cursor | null): Promise<Page<Cancellation>>;
  /**
   * Has the shop send its messages to this address: makes what is missing and re-activates what the shop has switched off.
   * Idempotent. Does nothing where the shop's own plugin sends them.
   */
  ensureWebhooks(url: string): Promise<void>;
  /** Removes what `ensureWebhooks` made, as far as the shop still lets us. */
  disconnect(): Promise<void>;
}

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/**
 * What a connector may use. `signal` ends its calls.
 * `renewCredentials`: gets and stores new tokens while no other worker does. `used`: the credentials that have run out, as they
 * were given to the factory or by an earlier renewal. Where others are stored meanwhile they are returned, and `next` is not
 * called. What a person enters during `next` wins. `next` calls the shop and nothing else.
 * `connectedAt`: when the channel was made; orders placed earlier are not imported automatically (rules §2).
 * `ownProducts`: the account's own catalogue by id, for a channel without its own.
 */
export type ChannelTools = {
  fetch: Fetch;
  now: () => Date;
  connectedAt: Date;
  signal: AbortSignal;
  renewCredentials: (used: unknown, next: (stored: unknown) => Promise<unknown>) => Promise<unknown>;
  ownProducts: (page: { after: string; limit: number }) => Promise<{ id: string; sku: string; name: string }[]>;
};

/** Opens a channel, for each activity again. The connector parses settings and credentials. @throws ChannelError `invalid` */
export type ChannelFactory = (settings: unknown, credentials: unknown, tools: ChannelTools) => Channel;
