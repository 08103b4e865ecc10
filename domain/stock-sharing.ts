/** What the channels that list a product know of its stock. */
export const sharingStates = ['up_to_date', 'needs_sync', 'suspended', 'not_listed'] as const;
type SharingState = (typeof sharingStates)[number];
/** `cause`: a code; `channels`: how many list the product. */
export type Sharing = { state: SharingState; cause: string | null; channels: number };

export const stockViews = ['needs_sync', 'oversold', 'suspended'] as const;
export type StockView = (typeof stockViews)[number];
