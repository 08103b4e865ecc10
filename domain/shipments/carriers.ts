import { DomainError } from '../errors.ts';
import { normalTrackingNumber } from './shipment.ts';

type Carrier = { name: string; url: string; aliases: readonly string[] };

/**
 * The carriers by our code: the name for people, the public tracking page (`{number}`), other spellings. Shops get the
 * name. The connector of a shop with its own list of carriers maps the codes.
 */
const table = {
  ups: { name: 'UPS', url: 'https://www.ups.com/track?tracknum={number}', aliases: ['united parcel service'] },
  usps: {
    name: 'USPS',
    url: 'https://tools.usps.com/go/TrackConfirmAction?tLabels={number}',
    aliases: ['us postal service'],
  },
  fedex: { name: 'FedEx', url: 'https://www.fedex.com/fedextrack/?trknbr={number}', aliases: ['federal express'] },
  dhl_express: {
    name: 'DHL Express',
    url: 'https://www.dhl.com/en/express/tracking.html?AWB={number}',
    aliases: ['dhl'],
  },
  dhl_ecommerce: {
    name: 'DHL eCommerce',
    url: 'https://www.dhl.com/us-en/home/tracking.html?tracking-id={number}',
    aliases: ['dhl global mail'],
  },
  ontrac: { name: 'OnTrac', url: 'https://www.ontrac.com/tracking/?number={number}', aliases: [] },
  amazon_logistics: { name: 'Amazon Logistics', url: 'https://track.amazon.com/tracking/{number}', aliases: ['amzl'] },
  canada_post: {
    name: 'Canada Post',
    url: 'https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={number}',
    aliases: [],
  },
  royal_mail: {
    name: 'Royal Mail',
    url: 'https://www.royalmail.com/track-your-item#/tracking-results/{number}',
    aliases: [],
  },
  dpd: { name: 'DPD', url: 'https://tracking.dpd.de/status/en_US/parcel/{number}', aliases: [] },
  gls: { name: 'GLS', url: 'https://gls-group.com/track/{number}', aliases: [] },
  deutsche_post: {
    name: 'Deutsche Post',
    url: 'https://www.dhl.de/en/privatkunden/pakete-empfangen/verfolgen.html?piececode={number}',
    aliases: ['dhl paket'],
  },
  australia_post: {
    name: 'Australia Post',
    url: 'https://auspost.com.au/mypost/track/details/{number}',
    aliases: ['auspost'],
  },
} as const satisfies Record<string, Carrier>;

export const carrierCodes = [...(Object.keys(table) as (keyof typeof table)[]), 'other'] as const;
export type CarrierCode = keyof typeof table | 'other';

/**
 * The carrier's name for people: ours, or the supplier's for a carrier that is not in the table.
 * @throws DomainError `carrier_name_missing` for `other` without a name
 */
export function carrierName(code: CarrierCode, givenName?: string): string {
  if (code !== 'other') return table[code].name;
  if (givenName) return givenName;
  const detail = 'The carrier "other" needs a carrierName.';
  throw new DomainError('carrier_name_missing', detail, [{ pointer: '/carrierName', detail }]);
}

/** A spelling without case, blanks and punctuation. */
const plain = (spelling: string): string => spelling.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

const spellings: ReadonlyMap<string, CarrierCode> = new Map([
  ...Object.entries(table).flatMap(([code, { name, aliases }]) =>
    [code, name, ...aliases].map((spelling) => [plain(spelling), code as CarrierCode] as const),
  ),
  ['other', 'other'] as const,
]);

/** @param spelling the carrier's code, its name or an alias */
export const findCarrier = (spelling: string): CarrierCode | undefined => spellings.get(plain(spelling));

const shapes: readonly (readonly [CarrierCode, RegExp])[] = [
  ['ups', /^1Z[0-9A-Z]{16}$/],
  ['usps', /^(9[1-5]\d{18,20}|[A-Z]{2}\d{9}US)$/],
  ['fedex', /^(\d{12}|\d{15})$/],
  ['dhl_express', /^\d{10}$/],
  ['dhl_ecommerce', /^GM\d{16,18}$/],
  ['ontrac', /^[CD]\d{14}$/],
  ['amazon_logistics', /^TBA\d{12}$/],
  ['canada_post', /^(\d{16}|[A-Z]{2}\d{9}CA)$/],
  ['royal_mail', /^[A-Z]{2}\d{9}GB$/],
  ['dpd', /^\d{14}$/],
  ['gls', /^\d{11}$/],
  ['deutsche_post', /^(JJD\d{15,20}|00340\d{15}|[A-Z]{2}\d{9}DE)$/],
  ['australia_post', /^[A-Z]{2}\d{9}AU$/],
];

/** The carrier whose numbers look like this one. Only a suggestion for a person, since carriers share shapes. */
export function suggestedCarrier(trackingNumber: string): CarrierCode | undefined {
  const number = normalTrackingNumber(trackingNumber);
  return shapes.find(([, shape]) => shape.test(number))?.[0];
}

/** The carrier's public tracking page; `undefined` where we know none. */
export function trackingUrl(code: CarrierCode, number: string): string | undefined {
  return code === 'other' ? undefined : table[code].url.replace('{number}', encodeURIComponent(number));
}
