import { createHash } from 'node:crypto';
import { DomainError } from '../../domain/errors.ts';
import { daysStored, maximumBytes, type DocumentKind, type DocumentMediaType } from '../../domain/paper/paper.ts';
import { newId } from '../engine/ids.ts';
import type { AccountDb } from '../engine/with-account.ts';
import { BucketError, keyOf, type DocumentStore } from './store.ts';

/** Bytes that `storeBytes` has stored, or that the row will hold. It comes before the transaction of the row. */
export type StoredBytes = {
  readonly accountId: string;
  readonly kind: DocumentKind;
  readonly sha256: Buffer;
  readonly size: number;
  /** Null where a bucket has them. */
  readonly inRow: Uint8Array | null;
};

export type NewDocument = {
  /** Derived from what the document shows, where the work may be repeated (law 5). Left out: a random id. */
  id?: string;
  bytes: StoredBytes;
  mediaType: DocumentMediaType;
  orderId?: string | null;
  labelId?: string | null;
};

/**
 * The first half of storing a document, outside of any transaction: an upload must not hold a connection. Idempotent.
 * @throws DomainError `payload_too_large`, for a print job `print_job_too_large`, for a logo `logo_refused`
 * @throws BucketError
 */
export async function storeBytes(
  store: DocumentStore,
  accountId: string,
  { kind, bytes }: { kind: DocumentKind; bytes: Uint8Array },
): Promise<StoredBytes> {
  assertSize(kind, bytes.length);
  const sha256 = createHash('sha256').update(bytes).digest();
  await store.bucket?.put(keyOf(accountId, sha256), bytes);
  return { accountId, kind, sha256, size: bytes.length, inRow: store.bucket ? null : bytes };
}

function assertSize(kind: DocumentKind, size: number): void {
  const most = maximumBytes[kind];
  if (size > 0 && size <= most) return;
  const code = kind === 'print_job' ? 'print_job_too_large' : kind === 'logo' ? 'logo_refused' : 'payload_too_large';
  throw new DomainError(code, `The document has ${size} bytes; it may have 1 to ${most}.`);
}

/**
 * The second half: the row, in the transaction of its cause. A document whose id exists stays as it is, unless its time is over.
 * Holds the lock of the bytes, so that the orphans' sweep sees the row or has deleted nothing.
 * @throws BucketError, passing, where the bytes were deleted meanwhile: store them again
 */
export async function storeDocument(db: AccountDb, store: DocumentStore, document: NewDocument): Promise<string> {
  const { bytes, mediaType } = document;
  if (bytes.accountId !== db.accountId) throw new Error('The bytes are stored for another account.');
  const id = document.id ?? newId('document');
  if (store.bucket !== null && bytes.inRow === null) {
    await lockBytes(db, bytes.sha256, 'shared');
    const found = await store.bucket.look(keyOf(db.accountId, bytes.sha256));
    if (found?.size !== bytes.size) throw new BucketError('the bytes are gone again', true);
  }
  const days = daysStored[bytes.kind];
  await db('documents')
    .insert({
      account_id: db.accountId,
      id,
      kind: bytes.kind,
      order_id: document.orderId ?? null,
      label_id: document.labelId ?? null,
      media_type: mediaType,
      size: bytes.size,
      sha256: bytes.sha256,
      created_at: db.raw('now()'),
      bytes: bytes.inRow === null ? null : Buffer.from(bytes.inRow),
      expires_at: days === null ? null : db.raw('now() + make_interval(days => ?)', [days]),
    })
    .onConflict(['account_id', 'id'])
    .merge(['kind', 'order_id', 'label_id', 'media_type', 'size', 'sha256', 'bytes', 'created_at', 'expires_at'])
    .whereRaw('documents.expires_at <= now()');
  return id;
}

/** Serializes rows and deletions of the same bytes until the end of the transaction. */
export async function lockBytes(db: AccountDb, sha256: Buffer, how: 'shared' | 'alone'): Promise<void> {
  const lock = how === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  await db.raw(`select ${lock}(hashtextextended(?, 0))`, [keyOf(db.accountId, sha256)]);
}
