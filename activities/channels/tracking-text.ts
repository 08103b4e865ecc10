import { carriers } from '../../domain/shipments/carriers.ts';
import type { Tracking } from '../../domain/shipments/shipment.ts';

/** The text of a fulfillment in a shop that has no list of carriers: the carrier, or how the units reach the buyer without a number. */
export function methodText({ method, carrierName: name }: Tracking): string {
  if (method === 'digital' || method === 'pickup') return wordOf[method];
  return name ?? wordOf.untracked;
}

const wordOf = { untracked: 'Untracked', digital: 'Digital delivery', pickup: 'Pickup' } as const;

/** The tracking whose text this is; without a number it says only what `methodText` made of it. */
export function trackingOf(text: string, number: string): Tracking {
  const carrier = carriers.find(({ name }) => name === text)?.code ?? 'other';
  if (number !== '') return { method: 'tracked', carrier, carrierName: text, number };
  const isWord = Object.values(wordOf).some((word) => word === text);
  const method = text === wordOf.digital ? 'digital' : text === wordOf.pickup ? 'pickup' : 'untracked';
  const named = isWord || text === '' ? { carrier: null, carrierName: null } : { carrier, carrierName: text };
  return { method, ...named, number: null };
}
