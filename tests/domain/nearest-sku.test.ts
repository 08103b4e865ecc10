import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nearestSku, shownSku, skuKey, unknownSku } from '../../domain/nearest-sku.ts';

describe('the SKU that a person has probably meant', () => {
  const ours = ['SUM-100', 'SUM-200', 'MUG-BLUE', 'TEE', 'Ü-1'];

  it.each([
    ['sum-100', 'SUM-100'],
    ['SUM-100 ', 'SUM-100'],
    ['SUM-100\u00a0', 'SUM-100'],
    ['\ufeffSUM-100', 'SUM-100'],
    ['SUM\u2013100', 'SUM-100'],
    ['SUM-1OO', 'SUM-100'],
    ['ＳＵＭ-100', 'SUM-100'],
    ['SUM 100', 'SUM-100'],
    ['MUG-BLEU', 'MUG-BLUE'],
    ['MUGBLUE', 'MUG-BLUE'],
    ['TEA', 'TEE'],
    ['ü-1', 'Ü-1'],
    ['MUG-GREEN', undefined],
    ['TV', undefined],
    ['XYZ-999', undefined],
    ['', undefined],
  ])('of %j is %j', (sku, meant) => {
    expect(nearestSku(sku, ours)).toBe(meant);
  });

  it('prefers what looks the same to what is spelled nearly so', () => {
    expect(nearestSku('sum-1o0', ['SUM-10', 'SUM-1000', 'SUM-100'])).toBe('SUM-100');
  });

  it('is never the SKU itself, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string({ unit: 'binary' })), (sku, candidates) => {
        expect(nearestSku(sku, [...candidates, sku])).not.toBe(sku);
        expect(skuKey(skuKey(sku))).toBe(skuKey(sku));
      }),
    );
  });
});

describe('a SKU in a text', () => {
  it.each([
    ['SUM-100', '"SUM-100"'],
    ['SUM-100 ', '"SUM-100␠"'],
    [' A  B C', '"␠A␠␠B C"'],
    ['SUM-100\u00a0', '"SUM-100[NBSP]"'],
    ['A\u200bB\tC', '"A[ZERO WIDTH SPACE]B[TAB]C"'],
    ['A\u2009B\u2060', '"A[U+2009]B[U+2060]"'],
    ['A\u202eB\u2066', '"A[U+202E]B[U+2066]"'],
  ])('shows %j as %s', (sku, shown) => {
    expect(shownSku(sku)).toBe(shown);
  });

  it('is refused with the nearest, or with none', () => {
    expect(unknownSku('sum-100', 'SUM-100').message).toBe('No product has the SKU "sum-100". Did you mean SUM-100?');
    expect(unknownSku('NONE', undefined).message).toBe('No product has the SKU "NONE".');
  });
});
