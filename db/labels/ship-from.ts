import { DomainError } from '../../domain/errors.ts';
import type { Address } from '../../domain/orders/order.ts';
import type { AccountDb } from '../engine/with-account.ts';

/**
 * The address of the own warehouse that a parcel leaves, or that a return comes to: the named one; else the one that its
 * lines are bound to; else the oldest with an address.
 * @throws DomainError `warehouse_not_found`, `ship_from_missing`
 */
export async function requireShipFrom(
  db: AccountDb,
  { warehouseId, lineIds }: { warehouseId: string | null; lineIds: readonly string[] },
): Promise<Address> {
  const row = await db('warehouses as w')
    .whereNull('w.supplier_id')
    .modify((query) => {
      if (warehouseId !== null) void query.where('w.id', warehouseId);
    })
    .orderByRaw(
      `exists (select from order_lines l where l.warehouse_id = w.id and l.id = any(?)) desc, w.address is null, w.created_at, w.id`,
      [lineIds as string[]],
    )
    .first<{ id: string; address: Address | null } | undefined>('w.id', 'w.address');
  if (!row && warehouseId !== null)
    throw new DomainError('warehouse_not_found', `There is no warehouse ${warehouseId} of your own.`);
  if (row?.address) return row.address;
  throw new DomainError(
    'ship_from_missing',
    row ? `Warehouse ${row.id} has no address.` : 'No warehouse has an address.',
  );
}
