import { DomainError } from '../../domain/errors.ts';
import type { Address } from '../../domain/orders/order.ts';
import type { Warehouse } from '../../domain/stock.ts';
import { newId } from '../engine/ids.ts';
import { readPage, type Page, type PageRequest } from '../engine/paging.ts';
import { refusing } from '../engine/refusal.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** `supplierId` is set on the warehouse that stands for a supplier. `address`: from which its parcels go. */
type WarehouseRecord = {
  id: string;
  name: string;
  supplierId: string | null;
  address: Address | null;
  createdAt: string;
};

type Row = { id: string; name: string; supplier_id: string | null; address: Address | null; created_at: Date };
const columns = ['id', 'name', 'supplier_id', 'address', 'created_at'] as const;

const toWarehouse = (row: Row): WarehouseRecord => ({
  id: row.id,
  name: row.name,
  supplierId: row.supplier_id,
  address: row.address,
  createdAt: row.created_at.toISOString(),
});

export async function listWarehouses(db: AccountDb, request: PageRequest): Promise<Page<WarehouseRecord>> {
  const order = { column: 'created_at', idColumn: 'id' };
  return readPage<Row, WarehouseRecord>(db('warehouses').select(columns), { ...request, ...order }, toWarehouse);
}

/** Every warehouse of the account, the oldest first. */
export async function listAllWarehouses(db: AccountDb): Promise<Warehouse[]> {
  const rows = await db('warehouses')
    .orderBy(['created_at', 'id'])
    .select<Row[]>(...columns);
  return rows.map((row) => ({ id: row.id, name: row.name, isOwn: row.supplier_id === null }));
}

/** @throws DomainError `warehouse_name_taken` */
export async function insertWarehouse(
  db: AccountDb,
  { name, address }: { name: string; address?: object | undefined },
): Promise<WarehouseRecord> {
  const row = {
    account_id: db.accountId,
    id: newId('warehouse'),
    name,
    address: address ? JSON.stringify(address) : null,
  };
  const [created] = await refusing(
    db<Row>('warehouses')
      .insert(row as never)
      .returning([...columns]),
    'warehouses_own_name',
    nameTaken,
  );
  return toWarehouse(created as Row);
}

const nameTaken = () => new DomainError('warehouse_name_taken', 'Another warehouse has this name.');

/**
 * Changes an own warehouse; the one that stands for a supplier follows the supplier.
 * @throws DomainError `warehouse_not_found`, `stock_of_supplier`, `warehouse_name_taken`
 */
export async function changeWarehouse(
  db: AccountDb,
  id: string,
  { name, address }: { name?: string | undefined; address?: object | null | undefined },
): Promise<WarehouseRecord> {
  const before = await db('warehouses')
    .where({ id })
    .first<Row | undefined>(...columns);
  if (!before) throw new DomainError('warehouse_not_found', `There is no warehouse ${id}.`);
  if (before.supplier_id !== null) throw new DomainError('stock_of_supplier', 'The warehouse stands for a supplier.');
  const change = {
    ...(name !== undefined && { name }),
    ...(address !== undefined && { address: address && JSON.stringify(address) }),
  };
  if (Object.keys(change).length === 0) return toWarehouse(before);
  const [row] = await refusing(
    db('warehouses')
      .where({ id })
      .update(change)
      .returning<Row[]>([...columns]),
    'warehouses_own_name',
    nameTaken,
  );
  return toWarehouse(row!);
}

/** The warehouse that stands for a supplier; another warehouse may have the same name. Idempotent. */
export async function insertSupplierWarehouse(
  db: AccountDb,
  warehouse: { supplierId: string; name: string },
): Promise<void> {
  await db('warehouses')
    .insert({
      account_id: db.accountId,
      id: newId('warehouse'),
      name: warehouse.name,
      supplier_id: warehouse.supplierId,
    })
    .onConflict(['account_id', 'supplier_id'])
    .ignore();
}
