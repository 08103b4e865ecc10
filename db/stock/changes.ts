import type { StockReason } from '../../domain/stock.ts';
import type { Author } from '../accounts/audit-events.ts';
import { newId } from '../engine/ids.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** `adjustBy`: left out for a count. */
type StockChange = {
  productId: string;
  warehouseId: string;
  before: number;
  after: number;
  adjustBy?: number;
  reason?: StockReason;
};

/** Records who changed levels, from what to what and why. A file changes 100,000 of them: they are no audit rows. */
export async function recordStockChanges(
  db: AccountDb,
  author: Author,
  changes: readonly StockChange[],
): Promise<void> {
  if (changes.length === 0) return;
  await db.raw(
    `insert into stock_changes (account_id, id, product_id, warehouse_id, before, after, adjust_by, reason, actor_kind,
       actor_id, request_id)
     select :accountId, x.id, x."productId", x."warehouseId", x.before, x.after, x."adjustBy", x.reason, :kind, :actorId,
       :requestId
     from jsonb_to_recordset(:changes::jsonb) as x(id text, "productId" text, "warehouseId" text, before int, after int,
       "adjustBy" int, reason text)`,
    {
      accountId: db.accountId,
      kind: author.actor.kind,
      actorId: author.actor.id,
      requestId: author.requestId,
      changes: JSON.stringify(changes.map((change) => ({ id: newId('event'), ...change }))),
    },
  );
}
