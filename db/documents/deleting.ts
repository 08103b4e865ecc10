import type { AccountDb } from '../engine/with-account.ts';

/**
 * Deletes what shows an order: its labels' and slips' documents, and each print job that it was in. Rows go at once, bytes of a
 * bucket with the next sweep of the orphans. Idempotent. @returns how many documents
 */
export async function eraseDocumentsOf(db: AccountDb, orderId: string): Promise<number> {
  const jobs = db('print_jobs').whereRaw('order_ids @> array[?]', [orderId]).whereNotNull('document_id');
  return db('documents')
    .where({ order_id: orderId })
    .orWhereIn('id', jobs.select('document_id') as never)
    .delete();
}

/** Deletes one document, such as a logo that is replaced. Idempotent. */
export async function deleteDocument(db: AccountDb, id: string): Promise<void> {
  await db('documents').where({ id }).delete();
}
