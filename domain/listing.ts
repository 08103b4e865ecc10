import { DomainError } from './errors.ts';

/** Who linked a listing to its product: an import, by SKU, or a person (`hand`). An import never changes a person's link. */
export type LinkOrigin = 'sku' | 'hand';

type KnownListing = { remoteSku: string; linkedSku: string; productId: string | null };

/**
 * What an import does with a listing's link when the channel reports this SKU (rules §6): `link` it to the product of the
 * SKU, or `keep` the link, or that there is none. The remote id is the link: a linked listing keeps its product, whatever
 * its SKU becomes.
 * @param known `undefined` for a listing that is new
 * @param sku empty where the channel has none
 */
export const linkFor = (known: Pick<KnownListing, 'productId'> | undefined, sku: string): 'link' | 'keep' =>
  sku !== '' && (known?.productId ?? null) === null ? 'link' : 'keep';

/** The SKU at the channel changed after the listing was linked, or after a person last decided about it. */
export type SkuChange = { from: string; to: string };

export const skuChangeOf = ({ productId, linkedSku, remoteSku }: KnownListing): SkuChange | null =>
  productId === null || linkedSku === remoteSku ? null : { from: linkedSku, to: remoteSku };

/** @throws DomainError `sku_missing`: the channel has no SKU that a product may get, or be found by */
export function assertHasSku({ remoteSku }: Pick<KnownListing, 'remoteSku'>): void {
  if (remoteSku !== '') return;
  throw new DomainError('sku_missing', 'The channel has no SKU for it: keep the link, or relink it to a `productId`.');
}

/** Whether Write Inventory Back has a newer figure for the channel (rules §7). */
export const needsSync = (listing: {
  stockVersion: number;
  syncedVersion: number;
  suspended: boolean;
  delisted: boolean;
}): boolean => listing.stockVersion > listing.syncedVersion && !listing.suspended && !listing.delisted;
