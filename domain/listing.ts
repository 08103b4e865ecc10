import { DomainError } from './errors.ts';

/** Who linked a listing to its product: an import, by SKU, or a person (`hand`). An import never changes a person's link. */
export type LinkOrigin = 'sku' | 'hand';

/**
 * What an import does with a listing's link when the channel reports this SKU (rules §6): `link` it to the product of the
 * SKU, or `keep` the link, or that there is none. The remote id is the link: a linked listing keeps its product, whatever
 * its SKU becomes. A listing that has this SKU and no product waits for a person, or a person left it so.
 * @param known `undefined` for a listing that is new
 * @param sku empty where the channel has none
 */
export const linkFor = (
  known: { productId: string | null; remoteSku: string } | undefined,
  sku: string,
): 'link' | 'keep' => {
  if (sku === '') return 'keep';
  return known === undefined || (known.productId === null && known.remoteSku !== sku) ? 'link' : 'keep';
};

/**
 * The SKU at the channel changed after the listing was linked, or after a person last decided about it. `from`: empty for a
 * new listing that is not linked, since its SKU was that of another listing, about which nobody has decided.
 */
export type SkuChange = { from: string; to: string };

export const skuChangeOf = ({ linkedSku, remoteSku }: { linkedSku: string; remoteSku: string }): SkuChange | null =>
  linkedSku === remoteSku ? null : { from: linkedSku, to: remoteSku };

/** @throws DomainError `sku_missing`: the channel has no SKU that a product may get, or be found by */
export function assertHasSku({ remoteSku }: { remoteSku: string }): void {
  if (remoteSku !== '') return;
  throw new DomainError('sku_missing', 'The channel has no SKU for it: keep the link, or relink it to a `productId`.');
}

/** The product that takes over the SKU of its channel. @throws DomainError `resolution_not_possible`: it has none yet */
export function productToRename({ productId }: { productId: string | null }): string {
  if (productId !== null) return productId;
  throw new DomainError('resolution_not_possible', 'It has no product to rename yet: relink it, or keep it so.');
}

/** Whether Write Inventory Back has a newer figure for the channel (rules §7). */
export const needsSync = (listing: {
  stockVersion: number;
  syncedVersion: number;
  suspended: boolean;
  delisted: boolean;
}): boolean => listing.stockVersion > listing.syncedVersion && !listing.suspended && !listing.delisted;
