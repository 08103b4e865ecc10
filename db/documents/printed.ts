import type { Actor } from '../../domain/account.ts';
import type { DocumentFormat } from '../../domain/paper/paper.ts';
import { derivedId } from '../engine/ids.ts';
import type { AccountDb } from '../engine/with-account.ts';
import { insertOrderEvent } from '../orders/events.ts';
import type { DocumentRecord } from './reading.ts';

/**
 * Notes on the order's timeline who got a label's file, and in which format. Nothing for other documents. Several times within
 * a minute by the same actor are noted once: a program that asks again prints once. `mayShip` false: a reader who does not pack;
 * to print jobs (db/paper/orders-to-print.ts) the label is then not printed yet.
 */
export async function noteLabelPrinted(
  db: AccountDb,
  { id, kind, orderId, labelId }: Pick<DocumentRecord, 'id' | 'kind' | 'orderId' | 'labelId'>,
  { actor, format, at, mayShip }: { actor: Actor; format: DocumentFormat; at: Date; mayShip: boolean },
): Promise<void> {
  if (kind !== 'label' || orderId === null) return;
  await insertOrderEvent(db, {
    id: derivedId('event', 'label_printed', id, format, actor.id, at.toISOString().slice(0, 16)),
    orderId,
    type: 'label_printed',
    actor,
    data: { labelId, documentId: id, format, ...(!mayShip && { readOnly: true }) },
  });
}
