import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  carrierMeant,
  carrierName,
  carriers,
  findCarrier,
  suggestedCarrier,
  trackingUrl,
} from '../../../domain/shipments/carriers.ts';
import { refusalOf } from '../../support/engine/refusal.ts';

const plain = (text: string) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

describe('the table of carriers', () => {
  it('has at least 100, each with a code, a name of its own, countries, and perhaps a page over https for a number', () => {
    expect(carriers.length).toBeGreaterThanOrEqual(100);
    expect(new Set(carriers.map(({ code }) => code)).size).toBe(carriers.length);
    expect(new Set(carriers.map(({ name }) => name)).size).toBe(carriers.length);
    for (const { code, countries } of carriers) {
      expect(code).toMatch(/^[a-z0-9_]+$/);
      for (const country of countries) expect(country).toMatch(/^(\*|[A-Z]{2})$/);
      const url = trackingUrl(code, 'ABC123');
      if (url === undefined) continue;
      expect([new URL(url).protocol, url.includes('ABC123'), url.includes('{')]).toEqual(['https:', true, false]);
    }
    expect(carriers.filter(({ url }) => url).length).toBeGreaterThanOrEqual(60);
  });

  it('gives each spelling to one carrier alone, which is found by it', () => {
    const owners = new Map<string, string>();
    for (const { code, name, aliases } of carriers)
      for (const spelling of [code, name, ...aliases]) {
        expect([spelling, owners.get(plain(spelling)) ?? code]).toEqual([spelling, code]);
        owners.set(plain(spelling), code);
        expect([spelling, findCarrier(spelling)]).toEqual([spelling, { code }]);
      }
  });

  it('has the spelling of a shop that has a list of its own', () => {
    const shopify = (code: string) => carriers.find((carrier) => carrier.code === code)?.shops['shopify'];

    expect([shopify('lso'), shopify('packeta'), shopify('ups')]).toEqual([
      'Lone Star Overnight',
      'Zásilkovna',
      undefined,
    ]);
  });

  it('is shown in docs/carriers.md', () => {
    const shown = readFileSync(join(import.meta.dirname, '../../../docs/carriers.md'), 'utf8');
    const rows = [...shown.matchAll(/^\| `([a-z0-9_]+)` +\| (.+?) +\| (.+?) +\| (yes|no) +\|$/gm)];

    expect(rows.map((row) => row.slice(1))).toEqual(
      carriers.map(({ code, name, countries, url }) => [
        code,
        name,
        countries.join(' ').replace('*', 'worldwide'),
        url ? 'yes' : 'no',
      ]),
    );
  });
});

describe('a carrier', () => {
  it('keeps its name, whatever the supplier calls it', () => {
    expect(carrierName('ups', 'Brown vans')).toBe('UPS');
  });

  it('that is not in the table has the supplier’s name for it and no page', () => {
    expect(carrierName('other', 'Bike courier')).toBe('Bike courier');
    expect(trackingUrl('other', '1')).toBeUndefined();
  });

  it.each([undefined, ''])('that is not in the table needs a name: %j', (name) => {
    expect(refusalOf(() => carrierName('other', name))).toEqual({
      code: 'carrier_name_missing',
      pointers: ['/carrierName'],
    });
  });

  it('never lets a number change the page’s address', () => {
    const url = new URL(trackingUrl('ups', '1/../../?x=y&z#w $&')!);

    expect(`${url.origin}${url.pathname}`).toBe('https://www.ups.com/track');
    expect(Object.fromEntries(url.searchParams)).toEqual({ tracknum: '1/../../?x=y&z#w$&' });
  });

  it('gets its number without the blanks that people type', () => {
    expect(trackingUrl('ups', '1Z 999 AA1')).toBe('https://www.ups.com/track?tracknum=1Z999AA1');
  });

  it.each([
    ['UPS', 'ups'],
    ['Fed Ex', 'fedex'],
    ['DHL-Express', 'dhl_express'],
    ['dhl', 'dhl_express'],
    ['u.s. postal service', 'usps'],
    ['Brown vans', undefined],
    ['upstart couriers', undefined],
    ['Bring Me Parcels', undefined],
    ['Correos de Costa Rica', undefined],
    ['Other', undefined],
    ['', undefined],
  ])('that people spell %j is %j', (spelling, code) => {
    expect(findCarrier(spelling)?.code).toBe(code);
  });

  it.each([
    [{ carrier: 'UPS Ground' }, { carrier: 'ups', carrierName: 'UPS', service: 'Ground' }],
    [
      { carrier: 'UPS Ground', service: 'Air' },
      { carrier: 'ups', carrierName: 'UPS', service: 'Air' },
    ],
    [{ carrier: 'USPS - Priority Mail®' }, { carrier: 'usps', carrierName: 'USPS', service: 'Priority Mail®' }],
    [{ carrier: 'FedEx (Home Delivery)' }, { carrier: 'fedex', carrierName: 'FedEx', service: 'Home Delivery' }],
    [{ carrier: 'DPD DE' }, { carrier: 'dpd', carrierName: 'DPD' }],
    [{ carrier: 'dpd uk' }, { carrier: 'dpd_uk', carrierName: 'DPD UK' }],
    [
      { carrier: 'ups', carrierName: 'Brown vans' },
      { carrier: 'ups', carrierName: 'UPS' },
    ],
    [{ carrier: ' Brown vans ' }, { carrier: 'other', carrierName: 'Brown vans' }],
    [
      { carrier: 'vans', carrierName: 'Brown vans', service: 'Day' },
      { carrier: 'other', carrierName: 'Brown vans', service: 'Day' },
    ],
    [
      { carrier: 'other', carrierName: 'Brown vans' },
      { carrier: 'other', carrierName: 'Brown vans' },
    ],
  ])('that is entered as %j is meant as %j', (entered, meant) => {
    expect(carrierMeant(entered)).toEqual(meant);
  });

  it.each([{ carrier: 'other' }, { carrier: '-' }])('that is entered as %j needs a name', (entered) => {
    expect(refusalOf(() => carrierMeant(entered))).toEqual({
      code: 'carrier_name_missing',
      pointers: ['/carrierName'],
    });
  });

  it.each([
    ['1Z 999AA1 0123456784', 'ups'],
    ['9400 1000 0000 0000 0000 00', 'usps'],
    ['RA123456785GB', 'royal_mail'],
    ['TBA123456789012', 'amazon_logistics'],
    ['hello', undefined],
  ])('is suggested for the number %j: %j', (number, code) => {
    expect(suggestedCarrier(number)).toBe(code);
  });
});
