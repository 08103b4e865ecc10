import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  availableOnHand,
  maximumOnHand,
  onHandAfter,
  warehouseToSet,
  published,
  warehouseFor,
  type Warehouse,
} from '../../domain/stock.ts';
import { refusalOf } from '../support/engine/refusal.ts';

describe('a level', () => {
  it('has available what is on hand and not committed; nobody is promised less than nothing', () => {
    expect(availableOnHand({ physicalOnHand: 10, committed: 3 })).toBe(7);
    expect(published(availableOnHand({ physicalOnHand: 2, committed: 3 }))).toBe(0);
  });

  it.each([
    [4, { physicalOnHand: 9 }, 9],
    [4, { physicalOnHand: 0 }, 0],
    [4, { adjustBy: 3 }, 7],
    [4, { adjustBy: -4 }, 0],
    [4, { adjustBy: 0 }, 4],
  ])('of %i, after %j, is %i', (before, wish, after) => {
    expect(onHandAfter(before, wish)).toBe(after);
  });

  it('is never adjusted out of its bounds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: maximumOnHand }),
        fc.integer({ min: -maximumOnHand, max: maximumOnHand }),
        (before, adjustBy) => {
          const after = before + adjustBy;
          const refusal = refusalOf(() => expect(onHandAfter(before, { adjustBy })).toBe(after));
          expect(refusal?.code).toBe(after < 0 ? 'below_zero' : after > maximumOnHand ? 'invalid_request' : undefined);
        },
      ),
    );
  });
});

describe('the warehouse whose stock is set', () => {
  const warehouses: Warehouse[] = [
    { id: 'wh_supplier', name: 'Acme', isOwn: false },
    { id: 'wh_main', name: 'Main', isOwn: true },
    { id: 'wh_north', name: 'North', isOwn: true },
  ];

  it('is the one that is named, else the oldest own', () => {
    expect(warehouseToSet(warehouses, 'wh_north').id).toBe('wh_north');
    expect(warehouseToSet(warehouses, undefined).id).toBe('wh_main');
  });

  it('is neither a supplier’s nor another account’s', () => {
    expect(refusalOf(() => warehouseToSet(warehouses, 'wh_supplier'))?.code).toBe('stock_of_supplier');
    expect(refusalOf(() => warehouseToSet(warehouses, 'wh_foreign'))?.code).toBe('warehouse_not_found');
  });
});

describe('the warehouse that an order takes from', () => {
  const level = (warehouseId: string, physicalOnHand: number, committed = 0) => ({
    warehouseId,
    physicalOnHand,
    committed,
  });

  it.each([
    ['the first that has them all', [level('a', 2), level('b', 5), level('c', 9)], 'b'],
    ['the first, where no other has more left', [level('a', 9, 8), level('b', 4)], 'a'],
    ['what others hold does not count', [level('a', 9, 5), level('b', 5)], 'b'],
  ])('is %s', (_what, levels, chosen) => {
    expect(warehouseFor(levels, 5)).toBe(chosen);
  });
});
