import { keyIdOfSealed, type Sealer } from '../engine/sealing.ts';
import type { Pool } from '../engine/pool.ts';
import { withAccount, withSystem } from '../engine/with-account.ts';

/** Every table with a sealed value: the column, and the generated column with the id of the key that sealed it. */
const sealed = [
  { table: 'channels', id: 'id', column: 'credentials', keyId: 'credentials_key_id' },
  { table: 'label_accounts', id: 'id', column: 'credentials', keyId: 'credentials_key_id' },
  { table: 'installation_secrets', id: 'name', column: 'sealed', keyId: 'key_id' },
] as const;
type Sealed = (typeof sealed)[number];

/** How many values each key has sealed, by the id of the key. */
export async function countSealed(pool: Pool): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { table, keyId } of sealed) {
    const { rows } = await withSystem(pool, (db) =>
      db.raw<{ rows: { key_id: string; count: number }[] }>(
        `select ${keyId} as key_id, count(*)::int as count from ${table} where ${keyId} is not null group by 1`,
      ),
    );
    for (const row of rows) counts.set(row.key_id, (counts.get(row.key_id) ?? 0) + row.count);
  }
  return counts;
}

const rowsAtOnce = 200;

/**
 * Seals every value anew that another key than the newest has sealed, while all goes on: a row is locked for the time of its own
 * transaction. Idempotent; a pass that was cut off goes on with the next.
 * @returns how many values were sealed anew
 * @throws Error where a value was sealed with a key that the sealer does not have
 */
export async function resealAll(pool: Pool, sealer: Sealer): Promise<number> {
  let resealed = 0;
  for (const place of sealed) {
    for (let after: string | undefined = ''; after !== undefined;) {
      const rows: Found[] = await findOld(pool, place, { keyId: sealer.keyId, after });
      for (const row of rows) resealed += await resealRow(pool, sealer, { ...place, ...row });
      after = rows.length < rowsAtOnce ? undefined : rows.at(-1)!.rowId;
    }
  }
  return resealed;
}

type Found = { accountId: string; rowId: string };

async function findOld(
  pool: Pool,
  { table, id, keyId }: Sealed,
  { keyId: newest, after }: { keyId: string; after: string },
): Promise<Found[]> {
  const { rows } = await withSystem(pool, (db) =>
    db.raw<{ rows: Found[] }>(
      `select account_id as "accountId", ${id} as "rowId" from ${table}
       where ${keyId} <> :newest and ${id} > :after order by ${id} limit :limit`,
      { newest, after, limit: rowsAtOnce },
    ),
  );
  return rows;
}

/** Credentials that are replaced at the same moment wait for the lock, or are found sealed with the newest key. */
async function resealRow(pool: Pool, sealer: Sealer, row: Sealed & Found): Promise<number> {
  const { table, id, column, accountId, rowId } = row;
  const place = { accountId, table, id: rowId, column };
  return withAccount(pool, accountId, async (db) => {
    const { rows } = await db.raw<{ rows: { value: Buffer | null }[] }>(
      `select ${column} as value from ${table} where ${id} = :rowId for update`,
      { rowId },
    );
    const value = rows[0]?.value;
    if (!value || keyIdOfSealed(value) === sealer.keyId) return 0;
    const anew = sealer.seal(sealer.open(value, place), place);
    await db.raw(`update ${table} set ${column} = :anew where ${id} = :rowId`, { anew, rowId });
    return 1;
  });
}
