import { createHash } from 'node:crypto';
import type { Bought, LabelProvider, ProviderFactory, ProviderRate, Purchase, RateRequest } from '../../provider.ts';
import { refused } from '../faults.ts';
import { sampleLabel } from './label-image.ts';

/** A country's postal code that the test carrier does not serve, so that newcomers and tests see a parcel without a rate. */
const notServed = '00000';
const carrier = { carrier: 'other', carrierName: 'Test carrier' };
const services: Record<string, { name: string; days: number; percent: number }> = {
  economy: { name: 'Economy', days: 6, percent: 100 },
  standard: { name: 'Standard', days: 3, percent: 150 },
  express: { name: 'Express', days: 1, percent: 400 },
};
const labelScheme = 'test-label:';

/**
 * Free labels marked SAMPLE, for the demo and for newcomers. It stores nothing: a rate's id says its service and price, and all
 * of a purchase follows from the label's id. So a purchase is the same however often it is made, and `find` finds it always.
 */
export const openTestProvider: ProviderFactory = () => ({
  kind: 'test',
  traits: { refusesSecondPurchase: true },
  check: async () => ({ isTest: true, carriers: [] }),
  rate: async (request) => rate(request),
  buy: async (purchase) => boughtOf(purchase),
  find: async (purchase) => boughtOf(purchase),
  fetchLabel: async ({ fileUrl }) => ({ bytes: sampleLabel(contentOf(fileUrl)), mediaType: 'image/png' }),
  refund: async () => 'refunded',
  refundStatus: async () => 'refunded',
});

function rate(request: RateRequest): Awaited<ReturnType<LabelProvider['rate']>> {
  const shipmentId = `test_shp_${hashOf(request.reference).slice(0, 24)}`;
  if (request.to.postalCode === notServed) {
    const failures = [{ carrier: carrier.carrierName, reason: 'The address is outside of the served area.' }];
    return { shipmentId, rates: [], failures };
  }
  return {
    shipmentId,
    rates: Object.keys(services).map((service) => toRate(service, priceOf(service, request))),
    failures: [],
  };
}

/** In cents: by started pounds, dearer by signature, twice as much abroad. */
function priceOf(service: string, { parcel, signature, from, to }: RateRequest): number {
  const pounds = Math.ceil(parcel.weightGrams / 453.59237);
  const base = 395 + 85 * (pounds - 1) + { none: 0, signature: 300, adult: 600 }[signature];
  return Math.round((base * services[service]!.percent * (from.country === to.country ? 1 : 2)) / 100);
}

const toRate = (service: string, cents: number): ProviderRate => ({
  rateId: `test_rate_${service}_${cents}`,
  ...carrier,
  service: services[service]!.name,
  cost: { amount: cents, currency: 'USD' },
  deliveryDays: services[service]!.days,
});

/** @throws LabelError `rate_expired` for a rate that this provider does not give */
function boughtOf({ rateId, labelId }: Purchase): Bought {
  const [, service = '', cents = ''] = /^test_rate_([a-z]+)_(\d{1,9})$/.exec(rateId) ?? [];
  if (!services[service]) throw refused('rate_expired');
  const trackingNumber = trackingNumberOf(labelId);
  const { cost, carrier: code, carrierName, service: name } = toRate(service, Number(cents));
  const fileUrl = `${labelScheme}?${new URLSearchParams({ service, number: trackingNumber }).toString()}`;
  const providerLabelId = `test_lbl_${hashOf(labelId).slice(0, 24)}`;
  return {
    providerLabelId,
    carrier: code,
    carrierName,
    service: name,
    trackingNumber,
    trackingUrl: null,
    cost,
    fileUrl,
  };
}

/** `TEST` and 16 digits: no carrier has numbers of this form. */
const trackingNumberOf = (labelId: string): string =>
  `TEST${(BigInt(`0x${hashOf(labelId)}`) % 10n ** 16n).toString().padStart(16, '0')}`;

function contentOf(fileUrl: string): { service: string; trackingNumber: string } {
  const said = new URLSearchParams(fileUrl.startsWith(labelScheme) ? fileUrl.slice(labelScheme.length) : '');
  const [service, trackingNumber] = [services[said.get('service') ?? ''], said.get('number') ?? ''];
  if (!service || !/^TEST\d{16}$/.test(trackingNumber)) throw refused('invalid_request');
  return { service: service.name, trackingNumber };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
