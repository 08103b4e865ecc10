import { DomainError } from '../../domain/errors.ts';
import type { AccountDb } from './with-account.ts';

/** `fingerprint` is of method, route and body; `answer` is null where it held a secret. */
export type StoredAnswer = { key: string; fingerprint: string; status: number; answer: unknown };

type Row = { key: string; fingerprint: string; status: number; answer: unknown };

/**
 * Takes the key for this transaction, without waiting: a waiting request would hold a connection of the pool.
 * @throws DomainError `request_in_progress` while another transaction holds it
 */
export async function takeKey(db: AccountDb, key: string): Promise<void> {
  const { rows } = await db.raw<{ rows: { taken: boolean }[] }>(
    'select pg_try_advisory_xact_lock(hashtextextended(?, 0)) as taken',
    [JSON.stringify([db.accountId, key])],
  );
  if (!rows[0]!.taken) throw inProgress();
}

/** The answer that was given under this key, if any. */
export async function findAnswer(db: AccountDb, key: string): Promise<StoredAnswer | undefined> {
  return db<Row>('idempotency_keys').where({ key }).first('key', 'fingerprint', 'status', 'answer');
}

/**
 * Stores an answer in the transaction of its effect. An activity that runs again stores the same row again.
 * @throws DomainError `request_in_progress` when the key has another request's answer by now
 */
export async function storeAnswer(db: AccountDb, stored: StoredAnswer): Promise<void> {
  const { key, fingerprint, status, answer } = stored;
  const row = { account_id: db.accountId, key, fingerprint, status, answer: asJson(answer) };
  const inserted = await db('idempotency_keys').insert(row).onConflict(['account_id', 'key']).ignore().returning('key');
  if (inserted.length > 0) return;
  const present = await findAnswer(db, key);
  if (present?.fingerprint !== fingerprint) throw inProgress();
}

const asJson = (answer: unknown): string | null =>
  answer === undefined || answer === null ? null : JSON.stringify(answer);

const inProgress = () =>
  new DomainError('request_in_progress', 'A request with this Idempotency-Key is being worked on; ask again.');
