import { DomainError } from '../../domain/errors.ts';
import type { Place } from '../../domain/stock.ts';
import { newId } from '../engine/ids.ts';
import { readPage, type Page, type PageRequest } from '../engine/paging.ts';
import { refusing } from '../engine/refusal.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** `supplierId` is set on the warehouse that stands for a supplier. */
type WarehouseRecord = { id: string; name: string; supplierId: string | null; createdAt: string };

type Row = { id: string; name: string; supplier_id: string | null; created_at: Date };
const columns = ['id', 'name', 'supplier_id', 'created_at'] as const;

const toWarehouse = (row: Row): WarehouseRecord => ({
  id: row.id,
  name: row.name,
  supplierId: row.supplier_id,
  createdAt: row.created_at.toISOString(),
});

export async function listWarehouses(db: AccountDb, request: PageRequest): Promise<Page<WarehouseRecord>> {
  const order = { column: 'created_at', idColumn: 'id' };
  return readPage<Row, WarehouseRecord>(db('warehouses').select(columns), { ...request, ...order }, toWarehouse);
}

/** Every warehouse of the account, the oldest first. */
export async function listPlaces(db: AccountDb): Promise<Place[]> {
  const rows = await db('warehouses')
    .orderBy(['created_at', 'id'])
    .select<Row[]>(...columns);
  return rows.map((row) => ({ id: row.id, name: row.name, isOwn: row.supplier_id === null }));
}

/** @throws DomainError `warehouse_name_taken` */
export async function insertWarehouse(db: AccountDb, name: string): Promise<WarehouseRecord> {
  const row = { account_id: db.accountId, id: newId('warehouse'), name };
  const [created] = await refusing(
    db<Row>('warehouses')
      .insert(row as never)
      .returning([...columns]),
    'warehouses_own_name',
    () => new DomainError('warehouse_name_taken', 'Another warehouse has this name.'),
  );
  return toWarehouse(created as Row);
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
