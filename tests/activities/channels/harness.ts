import { expect, it } from '@jest/globals';
import {
  ChannelError,
  type Channel,
  type Fault,
  type Page,
  type Push,
  type RemoteOrder,
  type Units,
} from '../../../activities/channels/channel.ts';
import type { WebhookEvent } from '../../../activities/channels/kind.ts';
import { shops } from '../../../activities/channels/kinds.ts';
import type { ShopKind } from '../../../domain/channel.ts';
import type { FaultProxy, ProxiedRequest } from '../../support/fakes/fault-proxy.ts';

/** What a shop itself says about a shipment; the suite believes nobody else. */
export type ShopShipment = {
  remoteId: string;
  state: 'pending' | 'shipped' | 'voided';
  units: Units;
  carrierName: string;
  number: string;
  url: string | null;
};
type PlacedOrder = { remoteId: string; number: string; units: Units };
export type Wanted = {
  skus?: [string, number][];
  paid?: boolean;
  name?: string;
  currency?: string;
};

/** What a clerk of some shops can do besides. */
export type Clerk = {
  /** Changes the units of a line of a paid order; 0 removes the line. */
  edit(remoteId: string, remoteLineId: string, quantity: number): Promise<void>;
  /** Adds a product to a paid order. */
  add(remoteId: string, sku: string, quantity: number): Promise<void>;
  /** Units that have shipped come back, and are paid back. */
  giveBack(remoteId: string, units: Units): Promise<void>;
  hold(remoteId: string): Promise<void>;
  release(remoteId: string): Promise<void>;
  deleteProduct(sku: string): Promise<void>;
};

/** A shop for the conformance suite: what a customer, a clerk and the network do to it. */
export type Harness = {
  /** Through the proxy. `connectedAt`: a test's own, so that it does not see the orders of others. */
  open(options?: {
    signal?: AbortSignal;
    credentials?: unknown;
    connectedAt?: Date;
    now?: Date;
    settings?: object;
  }): Channel;
  /** A shop at an address where nobody listens, and an order id as its kind has them. */
  openNowhere(): { channel: Channel; orderId: string };
  /** A moment between what was done before and what is done after it, also by the shop's clock. */
  tick(): Promise<Date>;
  proxy: FaultProxy;
  /** Which requests of the connector create a shipment, finish it, write stock, read orders. */
  is: Record<'create' | 'finish' | 'stock' | 'readOrder', (request: ProxiedRequest) => boolean>;
  place(wanted?: Wanted): Promise<PlacedOrder>;
  pay(remoteId: string): Promise<void>;
  shipByHand(remoteId: string, units: Units, number: string): Promise<void>;
  cancel(remoteId: string, units?: Units): Promise<void>;
  /** Pays money back, in the shop's minor units. */
  refund(remoteId: string, amount: number): Promise<void>;
  shipments(remoteId: string): Promise<ShopShipment[]>;
  stock(sku: string): Promise<{ onHand: number; reserved: number; available: number }>;
  productId(sku: string): Promise<string>;
  productCount: number;
  changeProduct(sku: string, to: { sku?: string; name?: string; active?: boolean }): Promise<void>;
  webhooks: {
    /** Sends the shop's webhooks to an address, signed with the channel's secret. */
    connect(url: string): Promise<void>;
    /** A message as the shop would sign it. */
    signed(body: string, by: { secret?: 'current' | 'previous'; at: Date }): Headers;
    /** A body that names these orders. */
    naming(orderIds: string[]): string;
    /** Whether a message is the one that is sent at this. */
    isOf(what: 'payment' | 'cancel' | 'refund', body: string): boolean;
    /** Whether the signature covers a time. */
    isTimed: boolean;
    /** The shop writes the whole order into its messages, with the buyer. */
    hasBuyer?: boolean;
    /** As the hook of the API reads it; null for a message that is not genuine. */
    read(message: { body: Buffer; headers: Headers }, now?: Date): WebhookEvent | null;
  };
  /** Credentials with no more rights than we ask for, until they are revoked. */
  revocable(): Promise<{ credentials: unknown; revoke: () => Promise<void> }>;
  /** Credentials in their form that the shop does not know. */
  wrong: unknown;
  /** Credentials without the right to read products, and that right's name. */
  narrow(): Promise<{ credentials: unknown; missing: string }>;
  /** Whether the shop allows a SKU twice. */
  repeatsSkus: boolean;
  /** Price of one unit of `MUG-BLUE` in that currency, in its own minor units. */
  price: Record<'USD' | 'JPY' | 'KWD', number>;
  /** Never to be seen in an error: credentials and the buyer's address. */
  secrets: string[];
  clerk?: Partial<Clerk>;
  stop(): Promise<void>;
};

/** A test that holds for some shops only: by what they can, never by their kind. */
export const where = (holds: boolean) => (holds ? it : it.skip);

/** Reads messages as a kind does. */
export const readingAs =
  (kind: ShopKind, secrets: readonly string[]): Harness['webhooks']['read'] =>
  ({ body, headers }, now = new Date()) =>
    shops[kind].webhooks!.read(
      {
        rawBody: body,
        headers: Object.fromEntries(headers),
        now,
        read: (schema) => schema.parse(JSON.parse(body.toString())),
      },
      secrets,
    );

let made = 0;

/** A push of some units; every call is another shipment. */
export function aPush(order: PlacedOrder, changes: Partial<Push> = {}): Push {
  made += 1;
  return {
    shipmentId: `shp_${made}_${order.remoteId}`,
    revision: 1,
    remoteOrderId: order.remoteId,
    units: order.units,
    tracking: {
      method: 'tracked',
      carrier: 'ups',
      carrierName: 'UPS',
      number: `1Z${made}`,
      url: `https://track.example/1Z${made}`,
    },
    shippedAt: '2026-01-31T12:00:00.000Z',
    notifyBuyer: false,
    remoteIds: [],
    taken: [],
    ...changes,
  };
}

/** The fault that a call ends with. */
export async function faultOf(call: Promise<unknown>): Promise<Fault> {
  return (await errorOf(call)).fault;
}

export async function errorOf(call: Promise<unknown>): Promise<ChannelError> {
  const error: unknown = await call.then(
    () => new Error('The call succeeded.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ChannelError)) throw error;
  return error;
}

/** Every page from a cursor on. */
export async function walk<T>(read: (after: string | null) => Promise<Page<T>>, from: string | null = null) {
  const items: T[] = [];
  const cursors: string[] = [];
  for (let after = from; ;) {
    const page = await read(after);
    items.push(...page.items);
    cursors.push(page.next);
    if (!page.more) return { items, cursors, next: page.next };
    after = page.next;
  }
}

export const live = <S extends { state: ShopShipment['state'] }>(shipments: S[]) =>
  shipments.filter(({ state }) => state !== 'voided');

export function lineOf(order: RemoteOrder | null, remoteLineId: string | undefined) {
  const line = order?.lines.find((candidate) => candidate.remoteLineId === remoteLineId);
  expect(line).toBeDefined();
  return line!;
}

/** The first line's units, `quantity` of them. */
export function some(order: PlacedOrder, quantity: number): Units {
  return [{ remoteLineId: order.units[0]!.remoteLineId, quantity }];
}
