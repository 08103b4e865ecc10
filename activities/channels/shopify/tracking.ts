import { carriers } from '../../../domain/shipments/carriers.ts';
import type { Tracking } from '../../../domain/shipments/shipment.ts';
import { methodText, trackingOf as trackingOfText } from '../tracking-text.ts';

/** As Shopify has it: a company, which may be any text, a number and an address. */
type TrackingInfo = { company: string | null; number: string | null; url: string | null };

/**
 * The company: the carrier, or how the units reach the buyer without a number. Without an address of ours it is spelled as
 * in Shopify's list, so that Shopify finds the address.
 */
export function companyOf(tracking: Tracking): string {
  const { method, carrier, url } = tracking;
  const isCarried = method !== 'digital' && method !== 'pickup' && url === undefined;
  const known = isCarried ? carriers.find(({ code }) => code === carrier) : undefined;
  return known?.shops['shopify'] ?? methodText(tracking);
}

/** The tracking whose company this is; without a number it says only what `companyOf` made of it. */
export function trackingOf({ company, number, url }: TrackingInfo): Tracking {
  const text = company ?? '';
  const known = carriers.find(({ name, shops }) => name === text || shops['shopify'] === text);
  const tracking = trackingOfText(known?.name ?? text, number ?? '');
  return { ...tracking, ...(number && { carrierName: text }), ...(url && { url }) };
}
