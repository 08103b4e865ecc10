import type { Product, ProductBatch } from '../../../../clients/typescript/src/index.ts';
import type { FulfillmentType } from './types.ts';

/** In place of a supplier: takes all away. */
export const nobody = 'none';

export interface Assignment {
  /** Empty: the suppliers stay as they are. */
  readonly supplierId: string;
  readonly isDefault: boolean;
  /** Undefined: it stays as it is. */
  readonly type: FulfillmentType | undefined;
}

/** What a request takes of a product's supplier: without its name. */
const supplierIn = ({ name: _, ...supplier }: Product['suppliers'][number]) => supplier;

/** The item of a batch that gives a product this assignment, and leaves everything else as it is. */
export function assigned({ sku, name, suppliers }: Product, wish: Assignment): ProductBatch['items'][number] {
  const { supplierId, isDefault, type } = wish;
  const item = { sku, name, ...(type && { fulfillmentType: type }) };
  if (supplierId === '') return item;
  if (supplierId === nobody) return { ...item, suppliers: [] };
  const others = suppliers
    .filter((one) => one.supplierId !== supplierId)
    .map((one) => ({ ...supplierIn(one), isDefault: one.isDefault && !isDefault }));
  const known = suppliers.find((one) => one.supplierId === supplierId);
  const wanted = {
    ...(known ? supplierIn(known) : { supplierId }),
    isDefault: isDefault || (known?.isDefault ?? false),
  };
  return { ...item, suppliers: [...others, wanted] };
}
