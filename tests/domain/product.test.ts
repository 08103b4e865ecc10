import { describe, expect, it } from '@jest/globals';
import { assertSuppliersKnown, suppliersOf, type ProductSupplier } from '../../domain/product.ts';

const aSupplier = (supplierId: string, isDefault = false): ProductSupplier => ({
  supplierId,
  supplierSku: null,
  costMinor: null,
  costCurrency: null,
  isDefault,
});
const refusal = (code: string) => expect.objectContaining({ code });

describe('the suppliers of a product', () => {
  it('have the only one as default', () => {
    expect(suppliersOf('in_house', [aSupplier('sup_a')])).toEqual([aSupplier('sup_a', true)]);
    expect(suppliersOf('automatically_dropshipped', [aSupplier('sup_a')])).toEqual([aSupplier('sup_a', true)]);
  });

  it('have none as default where none is needed', () => {
    const two = [aSupplier('sup_a'), aSupplier('sup_b')];

    expect(suppliersOf('dropshippable', two)).toEqual(two);
    expect(suppliersOf('in_house', [])).toEqual([]);
  });

  it.each([
    ['automatically_dropshipped', [], 'default_supplier_missing'],
    ['automatically_dropshipped', [aSupplier('sup_a'), aSupplier('sup_b')], 'default_supplier_missing'],
    ['dropshippable', [aSupplier('sup_a', true), aSupplier('sup_b', true)], 'two_default_suppliers'],
    ['dropshippable', [aSupplier('sup_a'), aSupplier('sup_a')], 'invalid_request'],
  ] as const)('of a product %s are refused: %j', (type, suppliers, code) => {
    expect(() => suppliersOf(type, suppliers)).toThrow(refusal(code));
  });

  it('are known, and each that is not is named', () => {
    const suppliers = [aSupplier('sup_a'), aSupplier('sup_x'), aSupplier('sup_y')];

    expect(() => assertSuppliersKnown(suppliers, new Set(['sup_a']))).toThrow(
      expect.objectContaining({
        code: 'unknown_supplier',
        faults: [
          { pointer: '/suppliers/1/supplierId', detail: 'sup_x is not one of your suppliers' },
          { pointer: '/suppliers/2/supplierId', detail: 'sup_y is not one of your suppliers' },
        ],
      }),
    );
  });
});
