/** What the channels that list a product know of its stock. */
export const sharingStates = ['up_to_date', 'needs_sync', 'suspended', 'not_listed'] as const;
type SharingState = (typeof sharingStates)[number];
/** `cause`: a code; `channels`: how many list the product. */
export type Sharing = { state: SharingState; cause: string | null; channels: number };

/** @param listings of the product, on channels that are not removed. `cause`: why the last write of one failed */
export function sharingOf(listings: {
  channels: number;
  isSuspended: boolean;
  needsSync: boolean;
  cause: string | null;
}): Sharing {
  const { channels, isSuspended, needsSync, cause } = listings;
  if (channels === 0) return { state: 'not_listed', cause: null, channels };
  if (isSuspended) return { state: 'suspended', cause, channels };
  return { state: needsSync ? 'needs_sync' : 'up_to_date', cause, channels };
}

export const stockViews = ['needs_sync', 'oversold', 'suspended'] as const;
export type StockView = (typeof stockViews)[number];
