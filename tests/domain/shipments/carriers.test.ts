import { describe, expect, it } from '@jest/globals';
import {
  carrierCodes,
  carrierName,
  findCarrier,
  suggestedCarrier,
  trackingUrl,
} from '../../../domain/shipments/carriers.ts';
import { refusalOf } from '../../support/engine/refusal.ts';

describe('a carrier', () => {
  it('of the table has a name of its own and a public page over https with the number in it', () => {
    const codes = carrierCodes.filter((code) => code !== 'other');

    expect(new Set(codes.map((code) => carrierName(code))).size).toBe(codes.length);
    for (const code of codes) {
      const url = new URL(trackingUrl(code, 'ABC123')!);
      expect([url.protocol, url.href.includes('ABC123')]).toEqual(['https:', true]);
    }
  });

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
    expect(Object.fromEntries(url.searchParams)).toEqual({ tracknum: '1/../../?x=y&z#w $&' });
  });

  it.each([
    ['UPS', 'ups'],
    ['Fed Ex', 'fedex'],
    ['DHL-Express', 'dhl_express'],
    ['dhl', 'dhl_express'],
    ['u.s. postal service', 'usps'],
    ['Other', 'other'],
    ['Brown vans', undefined],
    ['', undefined],
  ])('that people spell %j is %j', (spelling, code) => {
    expect(findCarrier(spelling)).toBe(code);
  });

  it('is found by its code and its name, each of them one carrier’s alone', () => {
    for (const code of carrierCodes) expect(findCarrier(code)).toBe(code);
    for (const code of carrierCodes.slice(0, -1)) expect(findCarrier(carrierName(code))).toBe(code);
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
