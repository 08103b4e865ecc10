import type { Tracking } from '../../../domain/shipments/shipment.ts';
import { methodText, trackingOf as trackingOfText } from '../tracking-text.ts';

/** The tracking whose text this is. A clerk may have entered a number alone. */
export const trackingOf = (text: string, number: string): Tracking =>
  trackingOfText(text === '' && number !== '' ? 'Other' : text, number);

/** The shop's own word for carriers that have the same in its list; it shows others by `_provider_name`. */
const providers = new Set(['ups', 'usps', 'fedex', 'dpd', 'gls']);
export const providerOf = ({ carrier }: Tracking): string =>
  carrier !== null && providers.has(carrier) ? carrier : 'other';

export const isSameTracking = (one: Tracking, other: Tracking): boolean =>
  methodText(one) === methodText(other) && one.number === other.number && one.url === other.url;
