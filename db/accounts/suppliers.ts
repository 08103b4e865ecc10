import type { ConnectionStatus, SharedField } from '../../domain/connection.ts';
import { DomainError } from '../../domain/errors.ts';
import { assertLends, type LabelTerms } from '../../domain/labels/payer.ts';
import { newId } from '../engine/ids.ts';
import { readPage, type Page, type PageRequest } from '../engine/paging.ts';
import { lockLabelAccount } from '../labels/accounts.ts';
import { termsColumns, toTerms, type TermsRow } from '../labels/terms.ts';
import { insertSupplierWarehouse } from '../stock/warehouses.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** The merchant's entry about the supplier of a connection. `accountId`: the supplier's; `status`: of the connection. */
export type SupplierRecord = {
  id: string;
  connectionId: string;
  accountId: string;
  status: ConnectionStatus;
  name: string;
  warehouse: { id: string; name: string };
  sharedFields: SharedField[];
  /** From the merchant's shipping method to the supplier's. */
  shippingMethods: Record<string, string>;
  defaultShippingMethod: string | null;
  /** Who pays its labels, and what may be bought with the label account that is lent. */
  labels: LabelTerms;
  createdAt: string;
};

type SupplierChange = {
  name?: string | undefined;
  sharedFields?: readonly SharedField[] | undefined;
  shippingMethods?: Readonly<Record<string, string>> | undefined;
  defaultShippingMethod?: string | null | undefined;
  labels?: { [Field in keyof LabelTerms]?: LabelTerms[Field] | undefined } | undefined;
};

type Row = {
  id: string;
  connection_id: string;
  supplier_account_id: string;
  status: ConnectionStatus;
  name: string;
  warehouse_id: string;
  warehouse_name: string;
  shared_fields: SharedField[];
  shipping_methods: Record<string, string>;
  default_shipping_method: string | null;
  created_at: Date;
} & TermsRow;

const suppliers = (db: AccountDb) =>
  db('suppliers as s')
    .join('warehouses as w', 'w.supplier_id', 's.id')
    .join('connections as n', 'n.id', 's.connection_id')
    .select({
      id: 's.id',
      connection_id: 's.connection_id',
      supplier_account_id: 'n.supplier_account_id',
      status: 'n.status',
      name: 's.name',
      warehouse_id: 'w.id',
      warehouse_name: 'w.name',
      shared_fields: 's.shared_fields',
      shipping_methods: 's.shipping_methods',
      default_shipping_method: 's.default_shipping_method',
      ...Object.fromEntries(termsColumns.map((column) => [column, `s.${column}`])),
      created_at: 's.created_at',
    });

const toSupplier = (row: Row): SupplierRecord => ({
  id: row.id,
  connectionId: row.connection_id,
  accountId: row.supplier_account_id,
  status: row.status,
  name: row.name,
  warehouse: { id: row.warehouse_id, name: row.warehouse_name },
  sharedFields: row.shared_fields,
  shippingMethods: row.shipping_methods,
  defaultShippingMethod: row.default_shipping_method,
  labels: toTerms(row),
  createdAt: row.created_at.toISOString(),
});

/** @throws DomainError `supplier_not_found` */
export async function requireSupplier(db: AccountDb, id: string): Promise<SupplierRecord> {
  const row = await suppliers(db).where('s.id', id).first<Row | undefined>();
  if (!row) throw new DomainError('supplier_not_found', `There is no supplier ${id}.`);
  return toSupplier(row);
}

export async function findSupplierByConnection(
  db: AccountDb,
  connectionId: string,
): Promise<SupplierRecord | undefined> {
  const row = await suppliers(db).where('s.connection_id', connectionId).first<Row | undefined>();
  return row && toSupplier(row);
}

export async function listSuppliers(db: AccountDb, request: PageRequest): Promise<Page<SupplierRecord>> {
  const order = { column: 's.created_at', idColumn: 's.id' };
  return readPage<Row, SupplierRecord>(suppliers(db), { ...request, ...order }, toSupplier);
}

/** Those of the ids that are suppliers of the account. */
export async function knownSuppliers(db: AccountDb, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db('suppliers')
    .whereIn('id', [...new Set(ids)])
    .select<{ id: string }[]>('id');
  return new Set(rows.map((row) => row.id));
}

/**
 * The merchant's entry about a supplier, with the warehouse named after it. Idempotent, as a connection is set up again
 * after a crash. Two suppliers may have the same name.
 */
export async function insertSupplier(
  db: AccountDb,
  { connectionId, name }: { connectionId: string; name: string },
): Promise<SupplierRecord> {
  await db('suppliers')
    .insert({ account_id: db.accountId, id: newId('supplier'), connection_id: connectionId, name })
    .onConflict(['account_id', 'connection_id'])
    .ignore();
  const [row] = await db('suppliers').where({ connection_id: connectionId }).select<{ id: string }[]>('id');
  await insertSupplierWarehouse(db, { supplierId: row!.id, name });
  return requireSupplier(db, row!.id);
}

/** @throws DomainError `supplier_not_found`, `label_account_not_found`, and as `assertLends` */
export async function changeSupplier(db: AccountDb, id: string, change: SupplierChange): Promise<SupplierRecord> {
  const row = {
    ...(change.labels && (await termsRow(db, id, change.labels))),
    ...(change.name !== undefined && { name: change.name }),
    ...(change.sharedFields && { shared_fields: [...new Set(change.sharedFields)] }),
    ...(change.shippingMethods && { shipping_methods: JSON.stringify(change.shippingMethods) }),
    ...(change.defaultShippingMethod !== undefined && { default_shipping_method: change.defaultShippingMethod }),
  };
  if (Object.keys(row).length > 0) await db('suppliers').where({ id }).update(row);
  return requireSupplier(db, id);
}

/** A label account that is lent cannot be removed at the same moment: both take its lock. */
async function termsRow(db: AccountDb, id: string, change: NonNullable<SupplierChange['labels']>) {
  await db('suppliers').where({ id }).forUpdate().first('id');
  const { labels: before } = await requireSupplier(db, id);
  const { policy = before.policy, services = before.services } = change;
  const { lentLabelAccountId = before.lentLabelAccountId, maxCost = before.maxCost } = change;
  assertLends({ policy, lentLabelAccountId });
  if (lentLabelAccountId !== null) await lockLabelAccount(db, lentLabelAccountId);
  return {
    label_policy: policy,
    lent_label_account_id: lentLabelAccountId,
    lent_services: [...new Set(services)],
    max_label_cost_minor: maxCost?.amount ?? null,
    max_label_cost_currency: maxCost?.currency ?? null,
  };
}
