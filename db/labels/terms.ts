import type { LabelPolicy } from '../../domain/labels/account.ts';
import { ownTerms, type LabelTerms } from '../../domain/labels/payer.ts';
import { moneyOf } from '../engine/money.ts';
import type { AccountDb } from '../engine/with-account.ts';

export type TermsRow = {
  label_policy: LabelPolicy;
  lent_label_account_id: string | null;
  lent_services: string[];
  // A bigint, which pg gives as text; it fits a number.
  max_label_cost_minor: string | null;
  max_label_cost_currency: string | null;
};

export const termsColumns = [
  'label_policy',
  'lent_label_account_id',
  'lent_services',
  'max_label_cost_minor',
  'max_label_cost_currency',
] as const;

export const toTerms = (row: TermsRow): LabelTerms => ({
  policy: row.label_policy,
  lentLabelAccountId: row.lent_label_account_id,
  services: row.lent_services,
  maxCost: moneyOf(row.max_label_cost_minor, row.max_label_cost_currency),
});

/**
 * What a merchant set for the labels of a supplier. Once the connection has ended, nothing is lent.
 * @param db of the merchant
 * @param supplierId its entry of the supplier
 */
export async function readLabelTerms(db: AccountDb, supplierId: string): Promise<LabelTerms> {
  const row = await db('suppliers as s')
    .join('connections as n', 'n.id', 's.connection_id')
    .where('s.id', supplierId)
    .whereIn('n.status', ['active', 'paused'])
    .first<TermsRow | undefined>(termsColumns.map((column) => `s.${column}`));
  return row ? toTerms(row) : ownTerms;
}
