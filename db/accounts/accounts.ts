import { DomainError } from '../../domain/errors.ts';
import { readPage, type Page, type PageRequest } from '../engine/paging.ts';
import { insertWarehouse } from '../stock/warehouses.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

type AccountRecord = { id: string; name: string; createdAt: string };

type Row = { account_id: string; name: string; created_at: Date };
const columns = ['account_id', 'name', 'created_at'] as const;

const toAccount = (row: Row): AccountRecord => ({
  id: row.account_id,
  name: row.name,
  createdAt: row.created_at.toISOString(),
});

/** The account the transaction was opened for. @throws DomainError `account_not_found` */
export async function requireOwnAccount(db: AccountDb): Promise<AccountRecord> {
  const row = await db<Row>('accounts').first(...columns);
  if (!row) throw new DomainError('account_not_found', `There is no account ${db.accountId}.`);
  return toAccount(row);
}

/** Inserts the account the transaction was opened for, with a warehouse of its own; repeating it changes nothing. */
export async function insertAccount(db: AccountDb, name: string): Promise<AccountRecord> {
  const created = await db('accounts')
    .insert({ account_id: db.accountId, name })
    .onConflict('account_id')
    .ignore()
    .returning<{ account_id: string }[]>('account_id');
  if (created.length > 0) await insertWarehouse(db, { name: 'Main' });
  return requireOwnAccount(db);
}

/** Any account, for the operator. */
export async function findAccount(db: SystemDb, id: string): Promise<AccountRecord | undefined> {
  const row = await db<Row>('accounts')
    .where({ account_id: id })
    .first(...columns);
  return row && toAccount(row);
}

/** All accounts, for the operator. */
export async function listAccounts(db: SystemDb, request: PageRequest): Promise<Page<AccountRecord>> {
  const order = { column: 'created_at', idColumn: 'account_id' };
  return readPage<Row, AccountRecord>(db('accounts').select(columns), { ...request, ...order }, toAccount);
}

/** The names of accounts by id. An unknown id is left out. */
export async function readAccountNames(db: SystemDb, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db('accounts')
    .whereIn('account_id', [...new Set(ids)])
    .select<{ account_id: string; name: string }[]>('account_id', 'name');
  return new Map(rows.map((row) => [row.account_id, row.name]));
}
