import { carriers } from '../../../domain/shipments/carriers.ts';
import type { Tracking } from '../../../domain/shipments/shipment.ts';

/** As Shopify has it: a company, which may be any text, a number and an address. */
type TrackingInfo = { company: string | null; number: string | null; url: string | null };

const wordOf = { untracked: 'Untracked', digital: 'Digital delivery', pickup: 'Pickup' } as const;

/**
 * The company: the carrier, or how the units reach the buyer without a number. Without an address of ours it is spelled as
 * in Shopify's list, so that Shopify finds the address.
 */
export function companyOf({ method, carrier, carrierName, url }: Tracking): string {
  if (method === 'digital' || method === 'pickup') return wordOf[method];
  const known = url === undefined ? carriers.find(({ code }) => code === carrier) : undefined;
  return known?.shops['shopify'] ?? carrierName ?? wordOf.untracked;
}

/** The tracking whose company this is; without a number it says only what `companyOf` made of it. */
export function trackingOf({ company, number, url }: TrackingInfo): Tracking {
  const text = company ?? '';
  const known = carriers.find(({ name, shops }) => name === text || shops['shopify'] === text);
  const address = url ? { url } : {};
  if (number) return { method: 'tracked', carrier: known?.code ?? 'other', carrierName: text, number, ...address };
  const isWord = text === '' || Object.values(wordOf).some((word) => word === text);
  const method = text === wordOf.digital ? 'digital' : text === wordOf.pickup ? 'pickup' : 'untracked';
  const named = isWord
    ? { carrier: null, carrierName: null }
    : { carrier: known?.code ?? 'other', carrierName: known?.name ?? text };
  return { method, ...named, number: null, ...address };
}
