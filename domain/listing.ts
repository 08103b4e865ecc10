/** Who linked a listing to its product: an import, by SKU, or a person (`hand`). An import never changes a person's link. */
export type LinkOrigin = 'sku' | 'hand';

export type KnownListing = { remoteSku: string; productId: string | null; linkedBy: LinkOrigin };

/**
 * What an import does with a listing's link when the channel reports this SKU (rules §6): `link` it to the product of
 * the SKU, `unlink` it since there is no SKU, or `keep` the link.
 * @param known `undefined` for a listing that is new
 * @param sku empty where the channel has none
 */
export function linkFor(known: KnownListing | undefined, sku: string): 'link' | 'unlink' | 'keep' {
  if (known?.linkedBy === 'hand') return 'keep';
  if (sku === '') return known && known.productId === null ? 'keep' : 'unlink';
  return known && known.productId !== null && known.remoteSku === sku ? 'keep' : 'link';
}

/** Whether Write Inventory Back has a newer figure for the channel (rules §7). */
export const needsSync = (listing: {
  stockVersion: number;
  syncedVersion: number;
  suspended: boolean;
  delisted: boolean;
}): boolean => listing.stockVersion > listing.syncedVersion && !listing.suspended && !listing.delisted;
