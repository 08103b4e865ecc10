import { DomainError, orRefusal } from '../../domain/errors.ts';
import {
  assertSuppliersKnown,
  changedShippingData,
  noShippingData,
  suppliersOf,
  type ProductSupplier,
  type ShippingDataChange,
} from '../../domain/product.ts';
import type { FulfillmentType } from '../../domain/orders/routing.ts';
import { assertVisible } from '../../domain/nearest-sku.ts';
import { findProductsBySku, upsertProducts, type ProductContent } from './products.ts';
import { knownSuppliers } from '../accounts/suppliers.ts';
import type { AccountDb } from '../engine/with-account.ts';

type BatchProduct = {
  sku: string;
  name: string;
  fulfillmentType?: FulfillmentType | undefined;
  suppliers?: readonly ProductSupplier[] | undefined;
  shipping?: ShippingDataChange | undefined;
};
type BatchOutcome = { id: string } | { refusal: DomainError };

/**
 * Inserts or overwrites products by SKU; a refused item fails alone. A repeated SKU counts the first time.
 * @returns one outcome per item, in their order
 */
export async function writeProductBatch(db: AccountDb, items: readonly BatchProduct[]): Promise<BatchOutcome[]> {
  const existing = new Map((await findProductsBySku(db, skusOf(items))).map((product) => [product.sku, product]));
  const known = await knownSuppliers(db, supplierIdsOf(items));
  const seen = new Set<string>();
  const prepared = items.map((item): ProductContent | DomainError => {
    if (seen.has(item.sku)) return new DomainError('duplicate_in_batch', `The SKU ${item.sku} comes twice.`);
    seen.add(item.sku);
    return orRefusal(() => {
      const before = existing.get(item.sku);
      assertVisible(item.sku, before?.sku);
      const fulfillmentType = item.fulfillmentType ?? before?.fulfillmentType ?? 'in_house';
      if (item.suppliers) assertSuppliersKnown(item.suppliers, known);
      const suppliers = suppliersOf(fulfillmentType, item.suppliers ?? before?.suppliers ?? []);
      const shipping = changedShippingData(before?.shipping ?? noShippingData, item.shipping ?? {});
      return { sku: item.sku, name: item.name, fulfillmentType, suppliers, shipping };
    });
  });
  const contents = prepared.filter((one): one is ProductContent => !(one instanceof DomainError));
  const ids = await upsertProducts(db, contents);
  return prepared.map((one) => (one instanceof DomainError ? { refusal: one } : { id: ids.get(one.sku)! }));
}

const skusOf = (items: readonly BatchProduct[]) => items.map(({ sku }) => sku);
const supplierIdsOf = (items: readonly BatchProduct[]) =>
  items.flatMap(({ suppliers = [] }) => suppliers.map(({ supplierId }) => supplierId));
