import { DomainError } from '../../domain/errors.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

/** In-house shipments whose push workflow a crash left unstarted: committed `seconds` ago and not started. */
export async function listUnstartedPushes(
  db: SystemDb,
  filter: { seconds: number; limit: number },
): Promise<{ orderId: string; shipmentId: string }[]> {
  const rows = await db('shipments')
    .whereNull('push_started_at')
    .whereNull('dropship_id')
    .whereRaw(`created_at < now() - make_interval(secs => ?)`, [filter.seconds])
    .orderBy('created_at')
    .limit(filter.limit)
    .select<{ id: string; order_id: string }[]>('id', 'order_id');
  return rows.map((row) => ({ orderId: row.order_id, shipmentId: row.id }));
}

/** The input of the push workflow of an in-house shipment. */
export type PushStart = {
  orderId: string;
  shipmentId: string;
  accountId: string;
  channelId: string;
  orderNumber: string;
  /** Of the shipment; above 1 after a correction or a void. */
  revision: number;
};

/** @throws DomainError `shipment_not_found` */
export async function requirePushStart(db: AccountDb, shipmentId: string): Promise<PushStart> {
  const row = await db('shipments as s')
    .join('orders as o', 'o.id', 's.order_id')
    .where('s.id', shipmentId)
    .first<{ order_id: string; channel_id: string; number: string; revision: number } | undefined>(
      's.order_id',
      'o.channel_id',
      'o.number',
      's.revision',
    );
  if (!row) throw new DomainError('shipment_not_found', 'There is no shipment with this id.');
  return {
    orderId: row.order_id,
    shipmentId,
    accountId: db.accountId,
    channelId: row.channel_id,
    orderNumber: row.number,
    revision: row.revision,
  };
}

/** The unstarted pushes of an order that has just been stored, of all its leaves. */
export async function listPushStarts(db: AccountDb, orderId: string): Promise<PushStart[]> {
  const rows = await db('shipments as s')
    .join('orders as o', 'o.id', 's.order_id')
    .join('orders as stored', (join) =>
      join.on('stored.channel_id', 'o.channel_id').andOn('stored.remote_id', 'o.remote_id'),
    )
    .where('stored.id', orderId)
    .whereNull('s.push_started_at')
    .whereNull('s.dropship_id')
    .orderBy('s.created_at')
    .select<{ id: string }[]>('s.id');
  return Promise.all(rows.map(({ id }) => requirePushStart(db, id)));
}
