import { DomainError } from './errors.ts';
import { taskTypes, type TaskType } from './task.ts';

export const channelKinds = ['vendure', 'api', 'portal'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** Kinds that an account may add; a portal exists by its connection. */
export type ShopKind = Exclude<ChannelKind, 'portal'>;

export const channelHealthStatuses = ['ok', 'failing', 'unauthorized'] as const;
export type ChannelHealthStatus = (typeof channelHealthStatuses)[number];

export type CalledChannel = { kind: ChannelKind; settings: Record<string, unknown> };

/** Whether a shipment is sent anywhere. The owner of an api channel without a callback reads it from our API. */
export const callsSomebody = ({ kind, settings }: CalledChannel): boolean =>
  kind !== 'api' || settings['callbackUrl'] !== undefined;

/** Whether its calls leave the installation. A portal's other end is an account here. */
export const callsOutside = (channel: CalledChannel): boolean => channel.kind !== 'portal' && callsSomebody(channel);

/** The tasks that have something to do: orders are posted to an api channel, and only a callback takes its stock. */
export function tasksOn(channel: CalledChannel): readonly TaskType[] {
  if (channel.kind !== 'api') return taskTypes;
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
  if (kind !== 'portal') return;
  throw new DomainError('channel_is_portal', 'A portal is changed by its connection.');
}

/** Only a portal has a merchant to share with. @throws DomainError `invalid_request` naming `/sharesLabelCost` */
export function assertIsPortal(kind: ChannelKind): void {
  if (kind === 'portal') return;
  const detail = 'Only a portal has a merchant that gets the costs of labels.';
  throw new DomainError('invalid_request', detail, [{ pointer: '/sharesLabelCost', detail }]);
}
