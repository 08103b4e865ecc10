import type { Channel } from '../../api/queries/channels.ts';

// What the set-up of a kind of shop asks for. The service has no list of this: a new kind is added here.

export type ShopKind = Exclude<Channel['kind'], 'portal'>;

/** How the service signs in at a shop. */
export type Login = 'password' | 'apiKey';

interface Kind {
  readonly kind: ShopKind;
  /** Ways to sign in; none where the shop calls us. */
  readonly logins: readonly Login[];
  /** Permissions that the check asks the shop about, by the shop's own names. */
  readonly permissions: readonly Permission[];
  readonly takesPosts: boolean;
  /** Whether a setting names the field that marks digital products. */
  readonly hasDigitalField?: boolean;
}

type Permission = 'ReadOrder' | 'ReadCatalog' | 'ReadStockLocation' | 'UpdateOrder' | 'UpdateCatalog';

export const kinds: Readonly<Record<ShopKind, Kind>> = {
  vendure: {
    kind: 'vendure',
    logins: ['password', 'apiKey'],
    permissions: ['ReadOrder', 'ReadCatalog', 'ReadStockLocation', 'UpdateOrder', 'UpdateCatalog'],
    takesPosts: false,
    hasDigitalField: true,
  },
  medusa: { kind: 'medusa', logins: ['apiKey'], permissions: [], takesPosts: false },
  api: { kind: 'api', logins: [], permissions: [], takesPosts: true },
};

export const shopKinds: readonly ShopKind[] = ['vendure', 'medusa', 'api'];

export const isShop = (channel: Channel): channel is Channel & { readonly kind: ShopKind } => channel.kind !== 'portal';

/** Whether the shop's code posts its orders. Then it names the channel by its id. */
export const takesPosts = (kind: ShopKind): boolean => kinds[kind].takesPosts;

/** Where the shop is, or where its messages go. */
export const addressOf = ({ settings }: Channel): string | undefined => settings.url ?? settings.callbackUrl;
