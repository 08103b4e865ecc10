import { createHash } from 'node:crypto';
import { DomainError } from '../../domain/errors.ts';
import type { DocumentKind, DocumentMediaType } from '../../domain/paper/paper.ts';
import type { Pool } from '../engine/pool.ts';
import { readInAccount, type AccountDb } from '../engine/with-account.ts';
import { BucketError, keyOf, type DocumentStore } from './store.ts';

/** A document without its bytes. `isVoid`: its label is void, or a person has asked for that. */
export type DocumentRecord = {
  id: string;
  kind: DocumentKind;
  orderId: string | null;
  labelId: string | null;
  mediaType: DocumentMediaType;
  size: number;
  sha256: Buffer;
  isInRow: boolean;
  isVoid: boolean;
};

/** Where bytes are read: the account's rows, and the store. */
export type From = { pool: Pool; store: DocumentStore; accountId: string };

/** Read in slices of the row, so that a large print job is not in memory as a whole. */
const sliceBytes = 1024 * 1024;

/** @throws DomainError `document_not_found`, also where its time is over and it is not deleted yet */
export async function requireDocument(db: AccountDb, id: string): Promise<DocumentRecord> {
  const [row] = await db('documents as d')
    .leftJoin('labels as l', (on) => on.on('l.id', 'd.label_id').andOn('l.account_id', 'd.account_id'))
    .where('d.id', id)
    .whereRaw('(d.expires_at is null or d.expires_at > now())')
    .select<Row[]>(
      ...(['kind', 'order_id', 'label_id', 'media_type', 'size', 'sha256'] as const).map((column) => `d.${column}`),
      db.raw('d.bytes is not null as is_in_row'),
      db.raw(`coalesce(l.status in ('void_requested', 'voided'), false) as is_void`),
    );
  if (!row) throw new DomainError('document_not_found', 'There is no such document, or its time is over.');
  return {
    id,
    kind: row.kind,
    orderId: row.order_id,
    labelId: row.label_id,
    mediaType: row.media_type,
    size: row.size,
    sha256: row.sha256,
    isInRow: row.is_in_row,
    isVoid: row.is_void,
  };
}

type Row = {
  kind: DocumentKind;
  order_id: string | null;
  label_id: string | null;
  media_type: DocumentMediaType;
  size: number;
  sha256: Buffer;
  is_in_row: boolean;
  is_void: boolean;
};

/**
 * The bytes in chunks of at most 1 MiB from a row. They are checked against the hash at their end.
 * @throws DomainError `document_not_found` where it was deleted meanwhile
 * @throws BucketError, also for bytes that are not those of the document
 */
export async function* readChunks(from: From, document: DocumentRecord): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of document.isInRow ? slices(from, document) : await objectOf(from, document)) {
    hash.update(chunk);
    yield chunk;
  }
  if (!hash.digest().equals(document.sha256)) throw new BucketError('other bytes than those of the document', false);
}

/** A document with all its bytes, at most 64 MiB. @throws as `requireDocument` and `readChunks` */
export async function readDocument(from: From, id: string): Promise<DocumentRecord & { bytes: Buffer }> {
  const document = await readInAccount(from.pool, from.accountId, (db) => requireDocument(db, id));
  return { ...document, bytes: await readBytes(from, document) };
}

/** All bytes of a document that is read already. @throws as `readChunks` */
export async function readBytes(from: From, document: DocumentRecord): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readChunks(from, document)) chunks.push(chunk);
  return Buffer.concat(chunks, document.size);
}

async function* slices({ pool, accountId }: From, { id, size }: DocumentRecord): AsyncGenerator<Uint8Array> {
  for (let start = 1; start <= size; start += sliceBytes) {
    const [row] = await readInAccount(pool, accountId, (db) =>
      db('documents')
        .where({ id })
        .select<{ slice: Buffer }[]>(db.raw('substring(bytes from ? for ?) as slice', [start, sliceBytes])),
    );
    if (!row) throw new DomainError('document_not_found', 'The document was deleted.');
    yield row.slice;
  }
}

async function objectOf({ store, accountId }: From, { sha256 }: DocumentRecord): Promise<AsyncIterable<Uint8Array>> {
  if (store.bucket === null) throw new BucketError('the bytes are in a bucket, and none is configured', false);
  const chunks = await store.bucket.get(keyOf(accountId, sha256));
  if (chunks === null) throw new BucketError('the bytes are missing', false);
  return chunks;
}
