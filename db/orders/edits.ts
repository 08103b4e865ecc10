import { createHash } from 'node:crypto';
import type { Actor } from '../../domain/account.ts';
import type { ResolutionReason } from '../../domain/attention.ts';
import { isImported } from '../../domain/dropships/dropship.ts';
import { DomainError } from '../../domain/errors.ts';
import {
  assertNothingShipped,
  changesOf,
  type EditChange,
  type StoredOrder,
  type PendingEdit,
  type ShopFacts,
  type OrderInShop,
} from '../../domain/orders/edit.ts';
import { assertEditable, type IncomingOrder } from '../../domain/orders/order.ts';
import { applyEdit } from './apply-edit.ts';
import { raiseAttention, closeStepAttention } from '../attentions.ts';
import { insertOrderEvent } from './events.ts';
import { requireOrder } from './view.ts';
import { isTopOfRemote } from './family.ts';
import { lockOrder } from './orders.ts';
import type { AccountDb } from '../engine/with-account.ts';

type Row = {
  ship_to: ShopFacts['shipTo'];
  shipping_method: string | null;
  shop_facts: ShopFacts | null;
  pending_edit: PendingEdit | null;
  dismissed_edit: string | null;
  erased_at: Date | null;
};
const columns = ['ship_to', 'shipping_method', 'shop_facts', 'pending_edit', 'dismissed_edit', 'erased_at'];

const readRow = (db: AccountDb, id: string): Promise<Row> => db('orders').where({ id }).first<Row>(columns);

/**
 * Compares an order with its shop, and notes an edit, or that there is none any more. Idempotent; an edit that was
 * dismissed is not shown again. @returns whether anything is new
 */
export async function noteEdit(
  db: AccountDb,
  seen: { orderId: string; order: IncomingOrder; actor: Actor; at: Date },
): Promise<{ isNew: boolean }> {
  const { orderId, order, actor, at } = seen;
  await lockOrder(db, orderId);
  const row = await readRow(db, orderId);
  // The shop still has the address: it must not come back.
  if (row.erased_at !== null) return { isNew: false };
  const inShop: OrderInShop = { shipTo: order.shipTo, shippingMethod: order.shippingMethod, lines: order.lines };
  const changes = changesOf(await readStoredOrder(db, orderId, row), inShop);
  const id = idOf(changes);
  if (changes.length === 0 || id === row.dismissed_edit) {
    // Back where it was: if the shop makes the same edit again, it must be shown again.
    if (changes.length === 0 && row.dismissed_edit !== null) await change(db, orderId, { dismissed_edit: null });
    return withdraw(db, { orderId, row, actor });
  }
  if (row.pending_edit?.id === id) return { isNew: false };
  const edit: PendingEdit = { id, seenAt: at.toISOString(), changes, inShop };
  await change(db, orderId, { pending_edit: JSON.stringify(edit) });
  await raiseAttention(db, { orderId, workflowId: null, step: 'edit', code: 'order_edited' });
  await insertOrderEvent(db, { orderId, type: 'order_edited', actor, data: { editId: id, changes: shown(changes) } });
  return { isNew: true };
}

/** The shop's order is cancelled: its edit needs no decision any more. */
export async function forgetEdit(
  db: AccountDb,
  { channelId, remoteId, actor }: { channelId: string; remoteId: string; actor: Actor },
): Promise<void> {
  const known = await db('orders')
    .where({ channel_id: channelId, remote_id: remoteId })
    .whereNotNull('pending_edit')
    .first<{ id: string } | undefined>('id');
  if (!known) return;
  await lockOrder(db, known.id);
  await withdraw(db, { orderId: known.id, row: await readRow(db, known.id), actor });
}

async function withdraw(
  db: AccountDb,
  { orderId, row, actor }: { orderId: string; row: Row; actor: Actor },
): Promise<{ isNew: boolean }> {
  if (!row.pending_edit) return { isNew: false };
  await change(db, orderId, { pending_edit: null });
  await closeStepAttention(db, { orderId, step: 'edit', action: 'skip', actor });
  const data = { editId: row.pending_edit.id };
  await insertOrderEvent(db, { orderId, type: 'edit_withdrawn', actor, data });
  return { isNew: true };
}

type Decision = { orderId: string; editId: string; actor: Actor };

/**
 * Makes the order equal to the shop's, while no unit of it has crossed or shipped.
 * @returns the dropships to start
 * @throws DomainError `no_edit_pending`, `order_already_imported`, `order_is_split`, `order_cancelled`, `order_shipped`,
 *   `order_dropshipped`
 */
export async function acceptEdit(db: AccountDb, { orderId, editId, actor }: Decision): Promise<string[]> {
  await lockOrder(db, orderId);
  const { changes, inShop } = await requireEdit(db, orderId, editId);
  const order = await requireOrder(db, orderId);
  assertEditable(order.status, isImported(order));
  assertNothingShipped(order.lines, changes);
  const { shipTo, shippingMethod } = inShop;
  const has = (kind: EditChange['kind']) => changes.some((one) => one.kind === kind);
  await change(db, orderId, {
    pending_edit: null,
    shop_facts: JSON.stringify({ shipTo, shippingMethod }),
    ...(has('ship_to_changed') && { ship_to: JSON.stringify(shipTo) }),
    ...(has('shipping_method_changed') && { shipping_method: shippingMethod }),
  });
  await closeStepAttention(db, { orderId, step: 'edit', action: 'retry', actor });
  await insertOrderEvent(db, { orderId, type: 'edit_accepted', actor, data: { editId, changes: shown(changes) } });
  return applyEdit(db, { order, changes, inShop: inShop.lines, actor });
}

/** Leaves the order as it is, until the shop edits it again. @throws DomainError `no_edit_pending` */
export async function dismissEdit(
  db: AccountDb,
  { orderId, editId, actor, ...why }: Decision & { reason: ResolutionReason; noteId?: string | undefined },
): Promise<void> {
  await lockOrder(db, orderId);
  await requireEdit(db, orderId, editId);
  await change(db, orderId, { pending_edit: null, dismissed_edit: editId });
  await closeStepAttention(db, { orderId, step: 'edit', action: 'skip', actor });
  await insertOrderEvent(db, { orderId, type: 'edit_dismissed', actor, data: { editId, ...why } });
}

/** The same for the edit that waits now, if there is any. */
export async function dismissPending(
  db: AccountDb,
  decision: { orderId: string; reason: ResolutionReason; actor: Actor },
): Promise<void> {
  await lockOrder(db, decision.orderId);
  const { pending_edit: edit } = await readRow(db, decision.orderId);
  if (edit) await dismissEdit(db, { ...decision, editId: edit.id });
}

async function requireEdit(db: AccountDb, orderId: string, editId: string): Promise<PendingEdit> {
  const { pending_edit: edit } = await readRow(db, orderId);
  if (edit?.id === editId) return edit;
  const detail = edit ? `The order was edited again: ${edit.id}.` : 'No edit of this order waits for a decision.';
  throw new DomainError('no_edit_pending', detail);
}

const change = (db: AccountDb, id: string, columnsToSet: object) => db('orders').where({ id }).update(columnsToSet);

async function readStoredOrder(db: AccountDb, orderId: string, row: Row): Promise<StoredOrder> {
  const { rows: lines } = await db.raw<{ rows: StoredOrder['lines'] }>(
    `select l.id as "lineId", l.remote_line_id as "remoteLineId", l.sku, l.quantity,
            (select coalesce(sum(u.quantity - u.cancelled), 0)::int from orders leaf join order_lines u on u.order_id = leaf.id
             where leaf.channel_id = o.channel_id and leaf.remote_id = o.remote_id and leaf.status <> 'split'
               and u.remote_line_id = l.remote_line_id) as remaining
     from order_lines l join orders o on o.id = l.order_id
     where o.id = :orderId and ${isTopOfRemote('o')} order by l.position`,
    { orderId },
  );
  return { shipTo: row.ship_to, shippingMethod: row.shipping_method, shop: row.shop_facts, lines };
}

/** The same edit has the same id, whenever it is seen. */
const idOf = (changes: readonly EditChange[]): string =>
  createHash('sha256').update(JSON.stringify(changes)).digest('hex').slice(0, 16);

/** As a timeline may show it: without addresses and texts. */
const shown = (changes: readonly EditChange[]) =>
  changes.map((one) =>
    'remoteLineId' in one
      ? { kind: one.kind, remoteLineId: one.remoteLineId, sku: one.sku, from: one.from, to: one.to }
      : { kind: one.kind },
  );
