import { originOfLabel, requireLabel, type Label } from '../../db/labels/labels.ts';
import { readInAccount, withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import type { LabelStatus } from '../../domain/labels/label.ts';
import type { Deps } from '../deps.ts';
import { endsOf, ownerOfOrder } from '../owners.ts';

/** The ids that a label's workflow knows. */
export type LabelIds = { orderId: string; labelId: string };

/**
 * A label, its account, and the account that pays. They are the same, but for a supplier whose merchant lends its label account:
 * then the merchant has a copy of the row, with the money.
 */
export type PlacedLabel = { accountId: string; payerId: string; label: Label };

/** The merchant comes from the live dropship, never from an argument (law 2). @throws DomainError `label_not_found` */
export async function placeOf({ pool }: Pick<Deps, 'pool'>, { orderId, labelId }: LabelIds): Promise<PlacedLabel> {
  const accountId = await ownerOfOrder(pool, orderId);
  const { label, dropshipId } = await readInAccount(pool, accountId, async (db) => ({
    label: await requireLabel(db, labelId),
    dropshipId: await originOfLabel(db, labelId),
  }));
  if (label.payer === 'account' || dropshipId === null) return { accountId, payerId: accountId, label };
  return { accountId, payerId: (await endsOf(pool, dropshipId)).merchantId, label };
}

/** The status alone, since results are in histories (law 8). */
export async function statusNow(deps: Pick<Deps, 'pool'>, ids: LabelIds): Promise<{ status: LabelStatus }> {
  const { label } = await placeOf(deps, ids);
  return { status: label.status };
}

/**
 * Writes the row with the money first, then the copy without it. A crash between the two is repeated: `work` is idempotent.
 * @param work.isPayer whether the row has the money
 */
export async function inBoth(
  { pool }: Pick<Deps, 'pool'>,
  { accountId, payerId }: Pick<PlacedLabel, 'accountId' | 'payerId'>,
  work: (db: AccountDb, isPayer: boolean) => Promise<void>,
): Promise<void> {
  await withAccount(pool, payerId, (db) => work(db, true));
  if (payerId !== accountId) await withAccount(pool, accountId, (db) => work(db, false));
}
