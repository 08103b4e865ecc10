/** How a listing came to its product: by the SKU that the channel names, or by a person, whom no import overrules. */
export type LinkOrigin = 'sku' | 'hand';

export type KnownListing = { remoteSku: string; productId: string | null; linkedBy: LinkOrigin };

/**
 * What becomes of a listing's product when the channel names it with this SKU (domain rules §6): `link` it by the SKU,
 * `unlink` it as there is none, or `keep` it.
 * @param known `undefined` for a listing that is new
 * @param sku empty where the channel has none
 */
export function linkFor(known: KnownListing | undefined, sku: string): 'link' | 'unlink' | 'keep' {
  if (known?.linkedBy === 'hand') return 'keep';
  if (sku === '') return known && known.productId === null ? 'keep' : 'unlink';
  return known && known.productId !== null && known.remoteSku === sku ? 'keep' : 'link';
}

/** Whether Write Inventory Back has something to tell of it (domain rules §7). */
export const needsSync = (listing: {
  stockVersion: number;
  syncedVersion: number;
  suspended: boolean;
  delisted: boolean;
}): boolean => listing.stockVersion > listing.syncedVersion && !listing.suspended && !listing.delisted;
