import { DomainError, type ErrorCode } from './errors.ts';
import { taskTypes, type TaskType } from './task.ts';

/** How an account connects a kind of shop: by keys that a person enters, or on the shop's own page of consent. */
export const installations = ['keys', 'oauth'] as const;
type Installation = (typeof installations)[number];

/** What holds of each channel of a kind. What depends on the shop are its traits (`activities/channels/channel.ts`). */
type Abilities = {
  /** An account adds it. A portal exists by its connection. */
  isShop: boolean;
  /** null: nobody connects it. */
  installs: Installation | null;
  /** Its orders are posted to us, and its own code is called only where it gives a callback. */
  takesPosts: boolean;
  /** It sells by itself: its orders are read before a figure of stock replaces its own. */
  hasOrdersToRead: boolean;
  /** `stored`: the task stores the orders it reads. `released`: each order is a waiting dropship workflow. */
  orders: 'stored' | 'released';
  /** `complete`: a run reads all products by remote id, and those not listed are gone. `changes`: those that changed since. */
  catalogue: 'complete' | 'changes';
  /** It compares versions, so a late figure replaces no newer one there. */
  versionedStock: boolean;
};

/** A shop that others run, which we read and write. */
const shop = {
  isShop: true,
  installs: 'keys',
  takesPosts: false,
  hasOrdersToRead: true,
  orders: 'stored',
  catalogue: 'changes',
  versionedStock: false,
} as const satisfies Abilities;

const kinds = {
  vendure: shop,
  shopify: shop,
  woocommerce: shop,
  medusa: shop,
  api: {
    isShop: true,
    installs: 'keys',
    takesPosts: true,
    hasOrdersToRead: false,
    orders: 'stored',
    catalogue: 'complete',
    versionedStock: false,
  },
  portal: {
    isShop: false,
    installs: null,
    takesPosts: false,
    // Its orders are dropships, which the merchant's figures contain already.
    hasOrdersToRead: false,
    orders: 'released',
    catalogue: 'complete',
    versionedStock: true,
  },
} as const satisfies Record<string, Abilities>;

export type ChannelKind = keyof typeof kinds;
export const channelKinds = Object.keys(kinds) as ChannelKind[];

/** Kinds that an account may add. */
export type ShopKind = {
  [Kind in ChannelKind]: (typeof kinds)[Kind]['isShop'] extends true ? Kind : never;
}[ChannelKind];

export const abilitiesOf = (kind: ChannelKind): Abilities => kinds[kind];
export const isShopKind = (kind: ChannelKind): kind is ShopKind => kinds[kind].isShop;

export const channelHealthStatuses = ['ok', 'failing', 'unauthorized'] as const;
export type ChannelHealthStatus = (typeof channelHealthStatuses)[number];

/** What a check of a channel finds besides permissions. */
export const channelProblems = ['location_not_chosen'] as const satisfies readonly ErrorCode[];
export type ChannelProblem = (typeof channelProblems)[number];

export type CalledChannel = { kind: ChannelKind; settings: Record<string, unknown> };

/** Whether a shipment is sent anywhere. The owner of an api channel without a callback reads it from our API. */
export const callsSomebody = ({ kind, settings }: CalledChannel): boolean =>
  !kinds[kind].takesPosts || settings['callbackUrl'] !== undefined;

/** Whether its calls leave the installation. A portal's other end is an account here. */
export const callsOutside = (channel: CalledChannel): boolean => kinds[channel.kind].isShop && callsSomebody(channel);

/** The tasks that have something to do: orders are posted to an api channel, and only a callback takes its stock. */
export function tasksOn(channel: CalledChannel): readonly TaskType[] {
  if (!kinds[channel.kind].takesPosts) return taskTypes;
  return callsSomebody(channel) ? ['write_inventory'] : [];
}

/**
 * Stored credentials are sent only to the address that they were given for. Otherwise a caller who may change the
 * address, but does not know the credentials, could have them sent to a server of its own.
 * @throws DomainError `invalid_request` naming `/credentials`
 */
export function assertCredentialsFollow(change: {
  newUrl: string | undefined;
  oldUrl: unknown;
  hasCredentials: boolean;
}): void {
  const { newUrl, oldUrl, hasCredentials } = change;
  if (newUrl === undefined || newUrl === oldUrl || hasCredentials) return;
  const detail = 'A new address needs its credentials with it.';
  throw new DomainError('invalid_request', detail, [{ pointer: '/credentials', detail }]);
}

/** A portal has no settings of its own: its connection has them. @throws DomainError `channel_is_portal` */
export function assertIsShop(kind: ChannelKind): asserts kind is ShopKind {
  if (isShopKind(kind)) return;
  throw new DomainError('channel_is_portal', 'A portal is changed by its connection.');
}

/** Only a portal has a merchant to share with. @throws DomainError `invalid_request` naming `/sharesLabelCost` */
export function assertIsPortal(kind: ChannelKind): void {
  if (!isShopKind(kind)) return;
  const detail = 'Only a portal has a merchant that gets the costs of labels.';
  throw new DomainError('invalid_request', detail, [{ pointer: '/sharesLabelCost', detail }]);
}
