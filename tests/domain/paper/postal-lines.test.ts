import { describe, expect, it } from '@jest/globals';
import type { Address } from '../../../domain/orders/order.ts';
import { postalLines } from '../../../domain/paper/postal-lines.ts';

const at = (change: Partial<Address>): Address => ({
  name: 'Ada',
  address1: 'Street 1',
  city: 'City',
  postalCode: '1234',
  country: 'DE',
  ...change,
});

describe('an address on paper', () => {
  it.each<[string, Partial<Address>, string[]]>([
    ['Germany', {}, ['Ada', 'Street 1', '1234 City', 'Germany']],
    ['United States', { country: 'US', province: 'OR', company: 'Co', address2: '' }, ['Ada', 'Co', 'Street 1', 'City, OR 1234', 'United States']], // prettier-ignore
    ['Italy', { country: 'IT', province: 'MI' }, ['Ada', 'Street 1', '1234 City, MI', 'Italy']],
    ['Ireland', { country: 'IE', postalCode: '' }, ['Ada', 'Street 1', 'City', 'Ireland']],
    ['Monaco', { country: 'MC', city: '', postalCode: '98000' }, ['Ada', 'Street 1', '98000', 'Monaco']],
  ])('of %s has the lines of its country', (name, change, lines) => {
    expect(postalLines(at(change), name)).toEqual(lines);
  });

  it('in Japan, in its own script, begins with the largest part', () => {
    const address = at({ country: 'JP', name: '山田', address1: '丸の内1-9-1', city: '千代田区', province: '東京都', postalCode: '100-0005' }); // prettier-ignore

    expect(postalLines(address, '日本')).toEqual(['日本', '〒100-0005', '東京都千代田区', '丸の内1-9-1', '山田']);
  });

  it('in Japan, in Latin letters, begins with the name', () => {
    expect(postalLines(at({ country: 'JP' }), 'Japan')).toEqual(['Ada', 'Street 1', 'City, 1234', 'Japan']);
  });
});
