import type { Channel } from '../../api/queries/channels.ts';

export type ShopKind = Exclude<Channel['kind'], 'portal'>;

export const isShop = (channel: Channel): channel is Channel & { readonly kind: ShopKind } => channel.kind !== 'portal';

/** Where the shop is, or where its messages go. */
export const addressOf = ({ settings }: Channel): string | undefined =>
  settings.url ?? settings.shop ?? settings.callbackUrl;
