import { carriers } from '../../../domain/shipments/carriers.ts';
import type { Tracking } from '../../../domain/shipments/shipment.ts';

const wordOf = { untracked: 'Untracked', digital: 'Digital delivery', pickup: 'Pickup' } as const;

/** The text that people read as the carrier: its name, or how the units reach the buyer without a number. */
export function carrierText({ method, carrierName: name }: Tracking): string {
  if (method === 'digital' || method === 'pickup') return wordOf[method];
  return name ?? wordOf.untracked;
}

/** The tracking whose text this is; without a number it says only what `carrierText` made of it. */
export function trackingOf(text: string, number: string): Tracking {
  const carrier = carriers.find(({ name }) => name === text)?.code ?? 'other';
  if (number !== '') return { method: 'tracked', carrier, carrierName: text === '' ? 'Other' : text, number };
  const isWord = Object.values(wordOf).some((word) => word === text);
  const method = text === wordOf.digital ? 'digital' : text === wordOf.pickup ? 'pickup' : 'untracked';
  const named = isWord || text === '' ? { carrier: null, carrierName: null } : { carrier, carrierName: text };
  return { method, ...named, number: null };
}

/** The shop's own word for carriers that have the same in its list; it shows others by `_provider_name`. */
const providers = new Set(['ups', 'usps', 'fedex', 'dpd', 'gls']);
export const providerOf = ({ carrier }: Tracking): string =>
  carrier !== null && providers.has(carrier) ? carrier : 'other';

export const isSameTracking = (one: Tracking, other: Tracking): boolean =>
  carrierText(one) === carrierText(other) && one.number === other.number && one.url === other.url;
