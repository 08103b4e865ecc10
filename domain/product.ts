import { DomainError } from './errors.ts';
import type { Money } from './orders/order.ts';
import type { FulfillmentType } from './orders/routing.ts';

/** The longest SKU, wherever one comes in: what a shop's import stores can be counted, ordered and shipped. */
export const longestSku = 200;

/** `costMinor` in minor units of `costCurrency`; both or neither. */
export type ProductSupplier = {
  supplierId: string;
  supplierSku: string | null;
  costMinor: number | null;
  costCurrency: string | null;
  isDefault: boolean;
};

/** What labels, customs and pick lists need of a product, of one unit. Null: not entered. `bin`: where it lies. */
export type ShippingData = {
  weightGrams: number | null;
  hsCode: string | null;
  /** ISO 3166-1 alpha-2. */
  originCountry: string | null;
  customsValue: Money | null;
  bin: string | null;
};
export const noShippingData: ShippingData = {
  weightGrams: null,
  hsCode: null,
  originCountry: null,
  customsValue: null,
  bin: null,
};

/** A change of it: a field that is left out stays as it is. */
export type ShippingDataChange = { [Field in keyof ShippingData]?: ShippingData[Field] | undefined };

export const changedShippingData = (before: ShippingData, change: ShippingDataChange): ShippingData => ({
  weightGrams: change.weightGrams === undefined ? before.weightGrams : change.weightGrams,
  hsCode: change.hsCode === undefined ? before.hsCode : change.hsCode,
  originCountry: change.originCountry === undefined ? before.originCountry : change.originCountry,
  customsValue: change.customsValue === undefined ? before.customsValue : change.customsValue,
  bin: change.bin === undefined ? before.bin : change.bin,
});

/**
 * The suppliers of a product as they are stored: a single supplier is always the default.
 * @throws DomainError `invalid_request` for one supplier twice, `two_default_suppliers`, `default_supplier_missing`
 */
export function suppliersOf(
  fulfillmentType: FulfillmentType,
  suppliers: readonly ProductSupplier[],
): ProductSupplier[] {
  const ids = suppliers.map((supplier) => supplier.supplierId);
  const twice = ids.findIndex((id, index) => ids.indexOf(id) !== index);
  if (twice >= 0) {
    const detail = `names ${ids[twice]} twice`;
    throw new DomainError('invalid_request', 'A supplier is named twice.', [
      { pointer: `/suppliers/${twice}`, detail },
    ]);
  }
  const [only] = suppliers;
  if (suppliers.length === 1 && only) return [{ ...only, isDefault: true }];
  const defaults = suppliers.filter((supplier) => supplier.isDefault).length;
  if (defaults > 1) throw new DomainError('two_default_suppliers', 'A product has one default supplier.');
  if (defaults === 0 && fulfillmentType === 'automatically_dropshipped') {
    throw new DomainError(
      'default_supplier_missing',
      'An automatically dropshipped product needs a default supplier.',
      [{ pointer: '/suppliers', detail: 'one of them must have isDefault' }],
    );
  }
  return [...suppliers];
}

/** @throws DomainError `unknown_supplier` naming each that is not one of ours */
export function assertSuppliersKnown(suppliers: readonly ProductSupplier[], known: ReadonlySet<string>): void {
  const faults = suppliers.flatMap(({ supplierId }, index) =>
    known.has(supplierId)
      ? []
      : [{ pointer: `/suppliers/${index}/supplierId`, detail: `${supplierId} is not one of your suppliers` }],
  );
  const [first] = faults;
  if (first) throw new DomainError('unknown_supplier', `Unknown supplier: ${first.detail}.`, faults);
}
