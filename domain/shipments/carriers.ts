import { DomainError } from '../errors.ts';
import { carrierTable } from './carrier-table.ts';
import { normalTrackingNumber } from './shipment.ts';

/** `shops`: the spelling of each shop that has a list of its own, by the shop's prefix. `isWord`: the name stands alone. */
type Carrier = {
  code: string;
  name: string;
  countries: readonly string[];
  url: string | undefined;
  aliases: readonly string[];
  shops: Readonly<Record<string, string>>;
  isWord: boolean;
};

function toCarrier(line: string): Carrier {
  const [code, name, countries, url, last = ''] = line.split('|').map((cell) => cell.trim());
  const spellings = last.split(',').map((spelling) => spelling.trim());
  const ofShops = spellings.flatMap((spelling) => {
    const [, shop, own] = /^([a-z]+):(.+)$/.exec(spelling) ?? [];
    return shop === undefined ? [] : [[shop, own!] as const];
  });
  const aliases = spellings.map((spelling) => spelling.replace(/^[a-z]+:/, '')).filter((spelling) => spelling !== '!');
  return {
    code: code!,
    name: name!,
    countries: countries!.split(' '),
    url: url === '-' ? undefined : url,
    aliases: aliases.filter((alias) => alias !== ''),
    shops: Object.fromEntries(ofShops),
    isWord: spellings.includes('!'),
  };
}

/** The carriers that we know. */
export const carriers: readonly Carrier[] = carrierTable.trim().split('\n').map(toCarrier);
const byCode: ReadonlyMap<string, Carrier> = new Map(carriers.map((carrier) => [carrier.code, carrier]));

/**
 * The carrier's name for people: ours, or the supplier's for a carrier that is not in the table.
 * @throws DomainError `carrier_name_missing` for another carrier without a name
 */
export function carrierName(code: string, givenName?: string): string {
  const name = byCode.get(code)?.name ?? givenName;
  if (name) return name;
  const detail = 'The carrier "other" needs a carrierName.';
  throw new DomainError('carrier_name_missing', detail, [{ pointer: '/carrierName', detail }]);
}

/** A spelling without case, accents, blanks and punctuation. */
const plain = (spelling: string): string =>
  spelling
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** Words that are no service when they stand behind a carrier: its country, its legal form. */
const noService = new Set(
  (
    'at be bg ca ch cz de dk ee es fi fr gb gr hk hu ie in it jp kr lt lu lv mx my nl no nz pl pt ro se sg si sk th tr uk us usa ' +
    'eu au br austria osterreich australia belgium belgique belgie brasil brazil canada czechia denmark deutschland england ' +
    'espana europe europa finland france germany hungary india international ireland italia italy japan luxembourg mexico ' +
    'nederland netherlands norway poland polska portugal schweiz spain suisse sweden switzerland uae ukraine kingdom states ' +
    'united worldwide global ag bv co corp corporation courier couriers gmbh group inc limited llc ltd sa sas spa srl the'
  ).split(' '),
);

const spellings: ReadonlyMap<string, Carrier> = new Map(
  carriers.flatMap((carrier) =>
    [carrier.code, carrier.name, ...carrier.aliases].map((spelling) => [plain(spelling), carrier] as const),
  ),
);

/** `service`: the words behind the carrier's name, where they are not only its country or its legal form. */
type Spelled = { code: string; service?: string };

/**
 * Reads `UPS`, `dhl-express`, and a carrier with its service: `UPS Ground`. The longest spelling that is whole words wins.
 * @returns undefined for a carrier that is not in the table
 */
export function findCarrier(spelling: string): Spelled | undefined {
  const ends = [...spelling.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].slice(0, 12).map((word) => word.index + word[0].length);
  for (const [behind, end] of [...ends.entries()].reverse()) {
    const found = spellings.get(plain(spelling.slice(0, end)));
    if (!found) continue;
    const rest = spelling.slice(end).replace(/^[^\p{L}\p{N}]+/u, '');
    if (rest === '') return { code: found.code };
    // `UPS / FedEx` names two carriers: a person has to say which.
    if (second.test(spelling.slice(end)) && spellings.has(plain(rest.replace(/^(or|and|oder|und|ou|et)\s+/i, ''))))
      return undefined;
    // `Correos de Costa Rica` is another carrier than `Correos`.
    if ((found.isWord && behind === 0) || /^(de|del|do|of)\s/i.test(rest)) return undefined;
    return { code: found.code, ...serviceIn(rest) };
  }
  return undefined;
}

const second = /^\s*([/,&+|;]|(or|and|oder|und|ou|et)\s)/i;

function serviceIn(rest: string): { service?: string } {
  const words = rest.split(/[^\p{L}\p{N}\p{M}]+/u).filter((word) => word !== '');
  if (words.every((word) => noService.has(plain(word)))) return {};
  const service = rest.replace(/[\s:,-]+$/, '');
  return { service: service.includes('(') ? service : service.replace(/\)$/, '') };
}

type Entered = { carrier: string; carrierName?: string | undefined; service?: string | undefined };
/** `carrier`: a code of the table, or `other`. */
type Meant = { carrier: string; carrierName: string; service?: string };

/**
 * The carrier that a person or a file names. One that is not in the table is `other`, with the name as given.
 * @param entered.service wins over the service that stands behind the carrier's name
 * @throws DomainError `carrier_name_missing` for `other` without a name
 */
export function carrierMeant({ carrier, carrierName: givenName, service }: Entered): Meant {
  const found = findCarrier(carrier);
  const given = service === undefined ? {} : { service };
  if (found) {
    const { code, ...derived } = found;
    return { carrier: code, carrierName: carrierName(code), ...derived, ...given };
  }
  const name = givenName ?? (isOther(carrier) ? undefined : carrier.trim());
  return { carrier: 'other', carrierName: carrierName('other', name), ...given };
}

/** `other`, or nothing that could be a name. */
const isOther = (carrier: string): boolean => ['', 'other'].includes(plain(carrier));

/** What to say of a carrier that is not in the table; undefined for the others, and where `other` was sent on purpose. */
export function carrierNotice(carrier: string, trackingNumber?: string): string | undefined {
  if (isOther(carrier) || findCarrier(carrier)) return undefined;
  const likely = trackingNumber === undefined ? undefined : suggestedCarrier(trackingNumber);
  const hint = likely === undefined ? '' : ` The number looks like one of ${carrierName(likely)} (${likely}).`;
  return `The carrier is not in our table: recorded as "other" with this name, without a tracking page.${hint}`;
}

const shapes: readonly (readonly [string, RegExp])[] = [
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

/** The carriers whose numbers look like this one. Only a suggestion for a person, since carriers share shapes. */
export function likelyCarriers(trackingNumber: string): string[] {
  const number = normalTrackingNumber(trackingNumber);
  return shapes.filter(([, shape]) => shape.test(number)).map(([code]) => code);
}

/** The first of the carriers whose numbers look like this one. */
export const suggestedCarrier = (trackingNumber: string): string | undefined => likelyCarriers(trackingNumber)[0];

/** The carrier's public tracking page; `undefined` where we know none. People type a number in groups; a page wants none. */
export function trackingUrl(code: string, number: string): string | undefined {
  return byCode.get(code)?.url?.replace('{number}', () => encodeURIComponent(number.replace(/\s/g, '')));
}
