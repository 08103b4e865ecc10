import { daysToWaitForShop, type NeedsOfOrder } from '../../domain/erasure.ts';
import { endedStatuses } from '../../domain/dropships/dropship.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** Why this account still needs the data of these orders. */
export async function readNeeds(db: AccountDb, orderIds: readonly string[]): Promise<NeedsOfOrder> {
  const { rows } = await db.raw<{ rows: [NeedsOfOrder] }>(
    `select
       exists (select from orders where id = any(:orderIds) and status not in ('shipped', 'cancelled', 'split'))
         as "hasOpenUnits",
       exists (select from dropships where order_id = any(:orderIds) and ended_at is null and status <> all(:ended))
         as "hasLiveDropship",
       exists (select from attentions where order_id = any(:orderIds) and resolved_at is null and workflow_id is not null)
         as "isParked",
       exists (select from labels where order_id = any(:orderIds)
               and (status in ('requested', 'void_requested') or status = 'bought' and not is_return)) as "hasOpenLabel",
       exists (select from print_jobs where order_ids && :orderIds and status = 'running') as "isPrinting",
       exists (select from shipments where order_id = any(:orderIds) and confirmed_at is null
               and created_at > now() - make_interval(days => :days)) as "isOnItsWayToShop"`,
    { orderIds, ended: [...endedStatuses], days: daysToWaitForShop },
  );
  return rows[0];
}
