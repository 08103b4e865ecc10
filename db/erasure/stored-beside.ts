import type { SharedField } from '../../domain/connection.ts';
import type { DocumentKind } from '../../domain/paper/paper.ts';
import type { Address } from '../../domain/orders/order.ts';
import type { AccountDb } from '../engine/with-account.ts';
import { isoTime } from '../engine/iso-time.ts';

/** What an account stores about a buyer beside the order itself. Times are ISO. */
type StoredBeside = {
  /** As the shop reported it last. */
  shipToInShop: Address | null;
  /** Words of people of the account, on the timeline and with decisions. */
  notes: { at: string; text: string }[];
  documents: { id: string; kind: DocumentKind; createdAt: string }[];
  /** Those that have got the order, with what the account shares with them now. */
  suppliers: { name: string; sharedFields: SharedField[] }[];
};

const listOf = (object: string, from: string) => `(select coalesce(json_agg(${object}), '[]') from ${from})`;

const notes = listOf(
  `json_build_object('at', ${isoTime('written.at')}, 'text', written.text)`,
  `(select e.occurred_at as at, e.data ->> 'note' as text from order_events e where e.order_id = o.id and e.type = 'note_added'
    union all
    select a.resolved_at, a.note from attentions a where a.order_id = o.id and a.note is not null and a.resolved_at is not null
    order by 1) written`,
);
const documents = listOf(
  `json_build_object('id', d.id, 'kind', d.kind, 'createdAt', ${isoTime('d.created_at')})`,
  `documents d where d.order_id = o.id and (d.expires_at is null or d.expires_at > now())`,
);
const suppliers = listOf(
  `json_build_object('name', s.name, 'sharedFields', s.shared_fields)`,
  `dropships d join suppliers s on s.id = d.supplier_id where d.order_id = o.id and d.supplier_order_id is not null`,
);

/** By order. */
export async function readStoredBeside(db: AccountDb, orderIds: readonly string[]): Promise<Map<string, StoredBeside>> {
  const { rows } = await db.raw<{ rows: (StoredBeside & { id: string })[] }>(
    `select o.id, o.shop_facts -> 'shipTo' as "shipToInShop", ${notes} as notes, ${documents} as documents,
            ${suppliers} as suppliers
     from orders o where o.id = any(:orderIds)`,
    { orderIds },
  );
  return new Map(rows.map(({ id, ...beside }) => [id, beside]));
}
