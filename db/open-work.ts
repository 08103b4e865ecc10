import { endedStatuses } from '../domain/dropships/dropship.ts';
import type { LabelStatus } from '../domain/labels/label.ts';
import type { AccountDb } from './engine/with-account.ts';

/** Ids of the rows of an account that a workflow has something to do for. */
export type OpenWork = Readonly<Record<'dropships' | 'pushes' | 'labels' | 'printJobs', string[]>>;

const openLabels = ['requested', 'bought', 'void_requested'] satisfies LabelStatus[];

/** Its shop does not show the last revision of the shipment, and nobody has decided that it need not. */
const isBehind = `s.pushed_revision is distinct from s.revision and not exists (
  select from attentions a where a.order_id = s.order_id and a.step = 'push' and a.action = 'skip')`;

/** What is open by the rows of the account alone, whatever Temporal knows. */
export async function listOpenWork(db: AccountDb): Promise<OpenWork> {
  const idsOf = async (sql: string, values: Record<string, readonly string[]> = {}) =>
    (await db.raw<{ rows: { id: string }[] }>(sql, values)).rows.map(({ id }) => id);
  return {
    // A correction or void of the supplier's own row, which has not reached the merchant, reopens a dropship as well.
    dropships: await idsOf(
      `select d.id from dropships d where d.status <> all(:ended) and (d.status <> 'shipped'
         or exists (select from shipments s where s.dropship_id = d.id and ${isBehind}))
       union
       select o.dropship_id from shipments s join orders o on o.id = s.order_id
       where o.dropship_id is not null and s.relayed_at is null`,
      { ended: endedStatuses },
    ),
    pushes: await idsOf(
      `select s.id from shipments s join orders o on o.id = s.order_id
       where s.dropship_id is null and o.dropship_id is null and ${isBehind}`,
    ),
    labels: await idsOf(`select id from labels where status = any(:open)`, { open: openLabels }),
    printJobs: await idsOf(`select id from print_jobs where finished_at is null`),
  };
}
