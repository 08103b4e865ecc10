import type { Actor } from '../../domain/account.ts';
import { erasedPlace, erasedText, isClosed, withoutPeople } from '../../domain/erasure.ts';
import { closeStepAttention } from '../attentions.ts';
import { eraseDocumentsOf } from '../documents/deleting.ts';
import { derivedId } from '../engine/ids.ts';
import type { AccountDb } from '../engine/with-account.ts';
import { insertOrderEvent } from '../orders/events.ts';
import { readNeeds } from './needs.ts';

/** `orderIds`: all of one order of a shop in this account. `actor`: as this account sees who asked. */
type ToErase = { orderIds: readonly string[]; actor: Actor };

/** Answers that are looked through in one statement. */
const answersAtOnce = 2_000;

/**
 * Erases what this account stores about the people of an order: all texts, documents and notes. Ids, codes, countries,
 * quantities, prices, times and tracking numbers stay. Idempotent.
 * @returns false where the account still needs the data; then nothing is erased
 */
export async function eraseOrders(db: AccountDb, { orderIds, actor }: ToErase): Promise<boolean> {
  if (orderIds.length === 0) return true;
  await db.raw('select id from orders where id = any(:orderIds) order by id for update', { orderIds });
  if (!isClosed(await readNeeds(db, orderIds))) return false;
  await closeEdits(db, { orderIds, actor });
  await eraseTexts(db, orderIds);
  for (const orderId of orderIds) await eraseDocumentsOf(db, orderId);
  await eraseAnswers(db, new Set(orderIds));
  await noteErasure(db, { orderIds, actor });
  return true;
}

/** An edit has the address that the shop has now. Nobody decides about it any more. */
async function closeEdits(db: AccountDb, { orderIds, actor }: ToErase): Promise<void> {
  const edited = await db('orders').whereIn('id', orderIds).whereNotNull('pending_edit').pluck<string[]>('id');
  for (const orderId of edited) await closeStepAttention(db, { orderId, step: 'edit', action: 'skip', actor });
}

/** A carrier that is not in our table has the name that a person wrote. */
const isWritten = `carrier = 'other'`;

async function eraseTexts(db: AccountDb, orderIds: readonly string[]): Promise<void> {
  const values = { orderIds, place: JSON.stringify(erasedPlace), word: erasedText };
  const statements = [
    // The hash is of the whole order: with it a guess of the address could be tried. An edit's id is such a hash too.
    `update orders set ship_to = :place::jsonb || jsonb_build_object('country', ship_to -> 'country'), bill_to = null,
       customer = null, customer_note = null, internal_note = null, tags = '{}', shop_facts = null, pending_edit = null,
       dismissed_edit = null, content_hash = '' where id = any(:orderIds)`,
    `update order_events set data = data || jsonb_build_object('note', :word::text)
     where order_id = any(:orderIds) and type = 'note_added'`,
    `update attentions set note = null where order_id = any(:orderIds) and note is not null`,
    `update shipments set tracking_url = null, service = null,
       carrier_name = case when ${isWritten} then :word::text else carrier_name end,
       sent_tracking = case when ${isWritten}
         then sent_tracking - 'url' || jsonb_build_object('carrierName', :word::text) else sent_tracking - 'url' end
     where order_id = any(:orderIds)`,
    `update labels set tracking_url = null, service = null,
       carrier_name = case when ${isWritten} then :word::text else carrier_name end where order_id = any(:orderIds)`,
    `delete from shipment_texts where order_id = any(:orderIds)`,
    // A label's provider may quote the address in its words.
    `delete from label_ratings where order_id = any(:orderIds)`,
    `update inbound_webhooks w set remote_order_ids = array_remove(w.remote_order_ids, o.remote_id)
     from (select distinct channel_id, remote_id from orders where id = any(:orderIds)) o
     where w.channel_id = o.channel_id and w.processed_at is not null and o.remote_id = any(w.remote_order_ids)`,
  ];
  for (const sql of statements) await db.raw(sql, values);
}

/** By pages: a busy account has many answers. */
async function eraseAnswers(db: AccountDb, orderIds: ReadonlySet<string>): Promise<void> {
  const mentions = [...orderIds].map((id) => `%${id}%`);
  for (let after = '', more = true; more;) {
    const { rows } = await db.raw<{ rows: { last: string | null; count: number; answers: Answered[] | null }[] }>(
      `select max(key) as last, count(*)::int as count,
              json_agg(json_build_object('key', key, 'answer', answer)) filter (where answer::text like any(:mentions)) as answers
       from (select key, answer from idempotency_keys where key > :after order by key limit :limit) page`,
      { mentions, after, limit: answersAtOnce },
    );
    const { last, count, answers } = rows[0]!;
    for (const { key, answer } of answers ?? [])
      await db('idempotency_keys')
        .where({ key })
        .update({ answer: JSON.stringify(withoutPeople(answer, orderIds)) });
    more = count === answersAtOnce;
    after = last ?? '';
  }
}

type Answered = { key: string; answer: unknown };

async function noteErasure(db: AccountDb, { orderIds, actor }: ToErase): Promise<void> {
  const fresh = await db('orders')
    .whereIn('id', orderIds)
    .whereNull('erased_at')
    .update({ erased_at: db.fn.now() })
    .returning<{ id: string; parent_id: string | null }[]>(['id', 'parent_id']);
  for (const { id } of fresh.filter((order) => order.parent_id === null)) {
    await insertOrderEvent(db, {
      id: derivedId('event', 'order_erased', id),
      orderId: id,
      type: 'order_erased',
      actor,
    });
  }
}
