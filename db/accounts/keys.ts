import type { Scope } from '../../domain/account.ts';
import { DomainError } from '../../domain/errors.ts';
import { readPage, type Page, type PageRequest } from '../engine/paging.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

export type KeyRecord = {
  id: string;
  accountId: string;
  name: string;
  /** The first characters of the key, to recognize it by. */
  hint: string;
  scopes: Scope[];
  createdAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
  /** It opens nothing from then on. */
  expiresAt: string | null;
  /** The id of its successor. */
  replacedBy: string | null;
};

type Row = {
  id: string;
  account_id: string;
  name: string;
  hint: string;
  scopes: Scope[];
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
  expires_at: Date | null;
  replaced_by: string | null;
};
const columns = [
  'id', 'account_id', 'name', 'hint', 'scopes', 'created_at', 'last_used_at', 'revoked_at', 'expires_at', 'replaced_by',
] as const; // prettier-ignore

const toKey = (row: Row): KeyRecord => ({
  id: row.id,
  accountId: row.account_id,
  name: row.name,
  hint: row.hint,
  scopes: row.scopes,
  createdAt: row.created_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null,
  expiresAt: row.expires_at?.toISOString() ?? null,
  replacedBy: row.replaced_by,
});

/** Finds a key while its account is not known yet. It finds keys that have ended too. */
export async function findKeyByHash(db: SystemDb, hash: Buffer): Promise<(KeyRecord & { hash: Buffer }) | undefined> {
  const row = await db<Row & { key_hash: Buffer }>('api_keys')
    .where({ key_hash: hash })
    .first(...columns, 'key_hash');
  return row && { ...toKey(row), hash: row.key_hash };
}

/** @throws DomainError `key_not_found` */
export async function requireKey(db: AccountDb, id: string): Promise<KeyRecord> {
  const row = await db<Row>('api_keys')
    .where({ id })
    .first(...columns);
  if (!row) throw new DomainError('key_not_found', `There is no key ${id}.`);
  return toKey(row);
}

/** The account of a key, for the operator, who may revoke any. */
export async function accountOfKey(db: SystemDb, id: string): Promise<string | undefined> {
  return (await db<Row>('api_keys').where({ id }).first('account_id'))?.account_id;
}

export async function listKeys(db: AccountDb, request: PageRequest): Promise<Page<KeyRecord>> {
  return readPage<Row, KeyRecord>(db('api_keys').select(columns), { ...request, ...order }, toKey);
}

/** The operator's list, of all accounts. */
export async function listAllKeys(db: SystemDb, request: PageRequest): Promise<Page<KeyRecord>> {
  return readPage<Row, KeyRecord>(db('api_keys').select(columns), { ...request, ...order }, toKey);
}

const order = { column: 'created_at', idColumn: 'id' };

export async function insertKey(
  db: AccountDb,
  key: { id: string; name: string; hint: string; hash: Buffer; scopes: readonly Scope[]; expiresAt: Date | null },
): Promise<KeyRecord> {
  const { id, name, hint, hash, scopes, expiresAt } = key;
  const [row] = await db<Row>('api_keys')
    .insert({ account_id: db.accountId, id, name, hint, key_hash: hash, scopes, expires_at: expiresAt } as never)
    .returning([...columns]);
  return toKey(row as Row);
}

/** Under a lock: two successors of one key would both be meant. @throws DomainError `key_not_found` */
export async function lockKey(db: AccountDb, id: string): Promise<KeyRecord> {
  await db('api_keys').where({ id }).forUpdate().first('id');
  return requireKey(db, id);
}

/** The key ends at this time, or before it where it would have ended anyway. */
export async function replaceKey(
  db: AccountDb,
  { id, replacedBy, endsAt }: { id: string; replacedBy: string; endsAt: Date },
): Promise<void> {
  const ends = db.raw('least(expires_at, ?::timestamptz)', [endsAt]);
  await db('api_keys').where({ id }).update({ replaced_by: replacedBy, expires_at: ends });
}

/** Idempotent. @throws DomainError `key_not_found` */
export async function revokeKey(db: AccountDb, id: string): Promise<void> {
  const count = await db('api_keys')
    .where({ id })
    .update({ revoked_at: db.raw('coalesce(revoked_at, now())') });
  if (count === 0) throw new DomainError('key_not_found', `There is no key ${id}.`);
}

/** Notes that the key was used; several processes at once note it once. */
export async function touchKey(db: AccountDb, id: string, now: Date): Promise<void> {
  await db('api_keys')
    .where({ id })
    .whereRaw(`(last_used_at is null or last_used_at < ?::timestamptz - interval '1 minute')`, [now])
    .update({ last_used_at: now });
}
