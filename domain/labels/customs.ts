import { DomainError, type Fault } from '../errors.ts';
import type { Address, Money } from '../orders/order.ts';
import type { ShipmentLine } from '../shipments/shipment.ts';

/** A line of an order with what customs asks, of one unit. Null: not entered yet. */
export type CustomsLine = {
  lineId: string;
  sku: string;
  name: string;
  weightGrams: number | null;
  hsCode: string | null;
  originCountry: string | null;
  customsValue: Money | null;
};

/** Of one unit, but for `quantity`. */
export type CustomsItem = {
  sku: string;
  description: string;
  quantity: number;
  hsCode: string;
  originCountry: string;
  weightGrams: number;
  value: Money;
};

/**
 * Areas that parcels cross without a customs declaration, by their countries. Sources: the customs territory of the European
 * Union (Union Customs Code, article 4, with Monaco), where territories with a code of their own, such as AX, GP and RE,
 * are outside the tax area and need a declaration; domestic mail of the United States (USPS, Domestic Mail Manual 608.2).
 */
const countriesOf: Readonly<Record<string, string>> = {
  EU: 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MC MT NL PL PT RO SE SI SK',
  US: 'US PR VI GU AS MP UM FM MH PW',
  GB: 'GB IM',
  CH: 'CH LI',
};
const areaOfCountry = new Map(
  Object.entries(countriesOf).flatMap(([area, codes]) => codes.split(' ').map((code) => [code, area] as const)),
);

/** Parts of a country outside its area, by postal code: Canary Islands, Ceuta, Melilla; Büsingen, Heligoland; Livigno. */
const parts: Readonly<Record<string, RegExp>> = {
  ES: /^(35|38|51|52)\d{3}$/,
  DE: /^(78266|27498)$/,
  IT: /^(23041)$/,
};
/** Addresses of the forces are domestic to their post, and abroad to customs. */
const forces = ['AA', 'AE', 'AP'];

/** Northern Ireland belongs to two areas. */
function areasOf({ country, postalCode, province = '' }: Address): string[] {
  const code = postalCode.replaceAll(/\s/g, '').toUpperCase();
  const [, part] = parts[country]?.exec(code) ?? [];
  if (part !== undefined) return [`${country}-${part}`];
  if (country === 'US' && forces.includes(province.toUpperCase())) return [`US-${province.toUpperCase()}`];
  if (country === 'GB' && code.startsWith('BT')) return ['GB', 'EU'];
  return [areaOfCountry.get(country) ?? country];
}

/** Whether a parcel from one address to the other crosses a border of customs. */
export function crossesCustoms(from: Address, to: Address): boolean {
  const there = areasOf(to);
  return !areasOf(from).some((area) => there.includes(area));
}

/**
 * What customs asks of the units in a parcel.
 * @param units what lies in it, by the ids of `lines`
 * @returns null where the parcel stays within one area of customs
 * @throws DomainError `customs_data_missing` naming the SKUs, with a fault for each line
 */
export function customsItems(
  units: readonly ShipmentLine[],
  lines: readonly CustomsLine[],
  { from, to }: { from: Address; to: Address },
): CustomsItem[] | null {
  if (!crossesCustoms(from, to)) return null;
  const items = units.map(({ lineId, quantity }) => {
    const line = lines.find((candidate) => candidate.lineId === lineId)!;
    return { line, item: itemOf(line, quantity) };
  });
  const incomplete = items.filter(({ item }) => item === null).map(({ line }) => line);
  if (incomplete.length > 0) throw missing(units, incomplete);
  return items.flatMap(({ item }) => item ?? []);
}

function itemOf(line: CustomsLine, quantity: number): CustomsItem | null {
  const { sku, name, weightGrams, hsCode, originCountry, customsValue } = line;
  if (weightGrams === null || hsCode === null || originCountry === null || customsValue === null) return null;
  return { sku, description: name, quantity, hsCode, originCountry, weightGrams, value: customsValue };
}

function missing(units: readonly ShipmentLine[], incomplete: readonly CustomsLine[]): DomainError {
  const faults = incomplete.map((line): Fault => {
    const index = units.findIndex(({ lineId }) => lineId === line.lineId);
    return { pointer: `/lines/${index}`, detail: `SKU ${line.sku} lacks ${lacking(line).join(', ')}` };
  });
  const skus = [...new Set(incomplete.map(({ sku }) => sku))].join(', ');
  return new DomainError('customs_data_missing', `Customs data is missing of ${skus}.`, faults);
}

const lacking = (line: CustomsLine): string[] =>
  (['weightGrams', 'hsCode', 'originCountry', 'customsValue'] as const).filter((field) => line[field] === null);
