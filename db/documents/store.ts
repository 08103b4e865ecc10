/**
 * Where the bytes of documents are: in their rows (`bucket` null), or in a bucket of an S3-compatible store. Both the worker and
 * the API have it as the dependency `documents`.
 */
export type DocumentStore = { readonly bucket: Bucket | null };

/** Bytes lie in the documents' rows, under row-level security and in the one backup. */
export const inPostgres: DocumentStore = { bucket: null };

/** An object of the bucket. `size`: in bytes; `modifiedAt`: when it was put last, each put renews it. */
export type StoredObject = { key: string; size: number; modifiedAt: Date };

/** A bucket as documents use it. All calls are idempotent. Each throws `BucketError` where the store does not do it. */
export interface Bucket {
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** The bytes in chunks, or null where there is no such object. */
  get(key: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** Null where there is no such object. */
  look(key: string): Promise<StoredObject | null>;
  delete(key: string): Promise<void>;
  /** A page of the objects, in the order of their keys. @param after the last key of the page before; '' for the first */
  list(after: string): Promise<{ objects: StoredObject[]; more: boolean }>;
}

/**
 * The store did not do what it was asked. `isPassing`: the same call may go through the next time; otherwise the configuration
 * is wrong. No bytes, keys or secrets are in it.
 */
export class BucketError extends Error {
  readonly isPassing: boolean;
  constructor(cause: string, isPassing: boolean) {
    super(`document store: ${cause}`);
    this.name = 'BucketError';
    this.isPassing = isPassing;
  }
}

/** Equal bytes of one account are one object. */
export const keyOf = (accountId: string, sha256: Buffer): string => `${accountId}/${sha256.toString('hex')}`;
