import { describe, expect, it } from '@jest/globals';
import { aPrintedLine, aPrintedOrder } from '../../support/paper/printed.ts';
import { inPickOrder, pickListOf } from '../../../domain/paper/pick-list.ts';

const order = (number: string, ...lines: ReturnType<typeof aPrintedLine>[]) =>
  aPrintedOrder({ id: `ord_${number}`, number, lines });

describe('a pick list', () => {
  it('sums the units of each product, by bin, those without a bin last', () => {
    const orders = [
      order('2', aPrintedLine(1, { bin: 'B-10' }), aPrintedLine(2, { bin: null, quantity: 1 })),
      order('1', aPrintedLine(1, { bin: 'B-10', quantity: 4, shipped: 1 }), aPrintedLine(3, { bin: 'B-9' })),
    ];

    const { picks, orders: picked } = pickListOf(orders, 'en');

    expect(picks.map(({ bin, sku, units, orders }) => [bin, sku, units, orders])).toEqual([
      ['B-9', 'SUM-300', 3, 1],
      ['B-10', 'SUM-100', 6, 2],
      [null, 'SUM-200', 1, 1],
    ]);
    expect(picked.map(({ number, lines }) => [number, lines.length])).toEqual([['2', 2], ['1', 2]]); // prettier-ignore
  });

  it('counts an order with a product on two lines once', () => {
    const { picks } = pickListOf([order('1', aPrintedLine(1), aPrintedLine(1, { lineId: 'line_9' }))], 'en');

    expect(picks).toMatchObject([{ units: 6, orders: 1 }]);
  });

  it('does not mix products without a SKU', () => {
    const lines = ['Mug', 'Cup'].map((name, at) => aPrintedLine(at, { sku: '', bin: null, name }));

    expect(pickListOf([order('1', ...lines)], 'en').picks).toHaveLength(2);
  });

  it('leaves out an order without anything to pack', () => {
    expect(pickListOf([order('1', aPrintedLine(1, { cancelled: 3 }))], 'en').orders).toEqual([]);
  });
});

describe('the orders of a print job', () => {
  const orders = [
    order('10', aPrintedLine(3, { sku: 'A-2', bin: null })),
    order('9', aPrintedLine(1, { sku: 'B-1', bin: 'C-1' }), aPrintedLine(2, { sku: 'C-1', bin: 'A-10' })),
    order('11', aPrintedLine(1, { sku: 'A-10', bin: 'A-9' })),
  ];
  const sorted = (sort: Parameters<typeof inPickOrder>[1]) => inPickOrder(orders, sort).map(({ number }) => number);

  it.each([
    ['number', ['9', '10', '11']],
    ['sku', ['10', '11', '9']],
    ['bin', ['11', '9', '10']],
  ] as const)('lie by %s, numbers in their natural order', (sort, numbers) => {
    expect(sorted(sort)).toEqual(numbers);
  });
});
