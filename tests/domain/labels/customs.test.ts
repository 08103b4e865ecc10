import { describe, expect, it } from '@jest/globals';
import { crossesCustoms, customsItems, type CustomsLine } from '../../../domain/labels/customs.ts';
import type { Address } from '../../../domain/orders/order.ts';

const at = (country: string, rest: Partial<Address> = {}): Address => ({
  name: 'Ada',
  address1: '1 Main Street',
  city: 'Town',
  postalCode: '10115',
  country,
  ...rest,
});

describe('a border of customs', () => {
  it.each([
    ['a country', at('US'), at('US')],
    ['a country of no area', at('JP'), at('JP')],
    ['the European Union', at('DE'), at('FR')],
    ['the European Union and Monaco', at('IT'), at('MC')],
    ['the United States and Puerto Rico', at('US'), at('PR')],
    ['Great Britain and the Isle of Man', at('GB'), at('IM')],
    ['Switzerland and Liechtenstein', at('LI'), at('CH')],
    ['Northern Ireland and Ireland', at('GB', { postalCode: 'bt1 1aa' }), at('IE')],
    ['Northern Ireland and England', at('GB', { postalCode: 'BT1 1AA' }), at('GB', { postalCode: 'SW1A 1AA' })],
    ['the Canary Islands', at('ES', { postalCode: '35001' }), at('ES', { postalCode: '35 002' })],
  ])('is not crossed within %s', (_name, from, to) => {
    expect([crossesCustoms(from, to), crossesCustoms(to, from)]).toEqual([false, false]);
  });

  it.each([
    ['two areas', at('DE'), at('CH')],
    ['the United States and Canada', at('US'), at('CA')],
    ['England and Ireland', at('GB', { postalCode: 'SW1A 1AA' }), at('IE')],
    ['Great Britain and Jersey', at('GB'), at('JE')],
    ['Finland and Åland', at('FI'), at('AX')],
    ['France and Réunion', at('FR'), at('RE')],
    ['Spain and the Canary Islands', at('ES'), at('ES', { postalCode: '38001' })],
    ['the Canary Islands and Ceuta', at('ES', { postalCode: '35001' }), at('ES', { postalCode: '51001' })],
    ['Germany and Büsingen', at('DE'), at('DE', { postalCode: '78266' })],
    ['the United States and its forces abroad', at('US'), at('US', { province: 'AE' })],
  ])('is crossed between %s', (_name, from, to) => {
    expect([crossesCustoms(from, to), crossesCustoms(to, from)]).toEqual([true, true]);
  });
});

const value = { amount: 1_250, currency: 'EUR' };
const aLine = (lineId: string, change: Partial<CustomsLine> = {}): CustomsLine => ({
  lineId,
  sku: `SKU-${lineId}`,
  name: `Mug ${lineId}`,
  weightGrams: 400,
  hsCode: '691200',
  originCountry: 'PT',
  customsValue: value,
  ...change,
});

describe('what customs asks of a parcel', () => {
  const abroad = { from: at('DE'), to: at('US') };

  it('is nothing within one area, whatever the products lack', () => {
    const lines = [aLine('a', { hsCode: null })];

    expect(customsItems([{ lineId: 'a', quantity: 1 }], lines, { from: at('DE'), to: at('FR') })).toBeNull();
  });

  it('is an item for each line that lies in it, by unit', () => {
    const items = customsItems([{ lineId: 'b', quantity: 3 }], [aLine('a', { hsCode: null }), aLine('b')], abroad);

    expect(items).toEqual([
      {
        sku: 'SKU-b',
        description: 'Mug b',
        quantity: 3,
        hsCode: '691200',
        originCountry: 'PT',
        weightGrams: 400,
        value,
      },
    ]);
  });

  it('is refused with the SKUs and fields that are missing', () => {
    const lines = [aLine('a', { hsCode: null, customsValue: null }), aLine('b'), aLine('c', { weightGrams: null })];
    const units = lines.map(({ lineId }) => ({ lineId, quantity: 1 }));

    expect(() => customsItems(units, lines, abroad)).toThrow(
      expect.objectContaining({
        code: 'customs_data_missing',
        message: 'Customs data is missing of SKU-a, SKU-c.',
        faults: [
          { pointer: '/lines/0', detail: 'SKU SKU-a lacks hsCode, customsValue' },
          { pointer: '/lines/2', detail: 'SKU SKU-c lacks weightGrams' },
        ],
      }),
    );
  });
});
