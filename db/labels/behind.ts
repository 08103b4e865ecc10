import type { Behind } from '../attentions.ts';
import type { SystemDb } from '../engine/with-account.ts';

/** A workflow that is parked behind older credentials of a label account, with the account that it works for. */
type LabelBehind = Behind & { accountId: string };

const behindLabelAccounts = (db: SystemDb) =>
  db('attentions as a')
    .join('label_accounts as l', 'l.id', 'a.label_account_id')
    .whereNull('a.resolved_at')
    .whereNull('l.deleted_at')
    .whereNotNull('a.workflow_id')
    .whereRaw('a.credentials_version < l.credentials_version');

/** Label accounts behind whose older credentials something is parked, perhaps in the account that they are lent to. */
export async function listLabelAccountsBehind(db: SystemDb, limit: number): Promise<string[]> {
  const rows = await behindLabelAccounts(db)
    .distinct<{ label_account_id: string }[]>('a.label_account_id')
    .limit(limit);
  return rows.map((row) => row.label_account_id);
}

/** Those of one label account, longest waiting first. `after`: the last attention of the page before. */
export async function listBehindLabelAccount(
  db: SystemDb,
  page: { labelAccountId: string; after: string | null; limit: number },
): Promise<LabelBehind[]> {
  const query = behindLabelAccounts(db)
    .where('a.label_account_id', page.labelAccountId)
    .orderBy(['a.since', 'a.id'])
    .limit(page.limit)
    .select<LabelBehind[]>({ attentionId: 'a.id', workflowId: 'a.workflow_id', accountId: 'a.account_id' });
  if (page.after !== null)
    void query.whereRaw('(a.since, a.id) > (select since, id from attentions where id = ?)', [page.after]);
  return query;
}
