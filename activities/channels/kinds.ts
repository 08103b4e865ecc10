import { channelKinds, isShopKind, type ShopKind } from '../../domain/channel.ts';
import { apiKind } from './api-kind.ts';
import type { ShopDescription } from './kind.ts';
import { shopifyKind } from './shopify/kind.ts';
import { medusaKind } from './medusa/kind.ts';
import { vendureKind } from './vendure/kind.ts';
import { woocommerceKind } from './woocommerce/kind.ts';

/** Each kind of shop as the API knows it. Nothing here loads a connector: the API imports this file alone of this room. */
export const shops: Readonly<Record<ShopKind, ShopDescription>> = {
  vendure: vendureKind,
  shopify: shopifyKind,
  woocommerce: woocommerceKind,
  medusa: medusaKind,
  api: apiKind,
};

/** Without credentials there is no access: they were never given, or the shop has ended it. */
export const needsCredentials = (kind: ShopKind): boolean => !shops[kind].credentials.safeParse({}).success;

/** The kinds at whose shops we make webhooks, and remove them. */
export const kindsWithWebhooks: readonly ShopKind[] = channelKinds
  .filter(isShopKind)
  .filter((kind) => shops[kind].webhooks?.made === 'by_us');
