import { readInAccount, withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { findLabel, requireLabel } from '../../db/labels/labels.ts';
import { noteBought, requireBought } from '../../db/labels/purchases.ts';
import { insertOrderEvent } from '../../db/orders/events.ts';
import type { LabelStatus } from '../../domain/labels/label.ts';
import type { Deps } from '../deps.ts';
import type { PlacedLabel } from './place.ts';
import { fail } from './refusals.ts';

type Status = { status: LabelStatus };

/**
 * How a purchase has ended; null while it has not. The row with the money is written first: where a crash came before its
 * copy, the copy follows now.
 */
export async function endedPurchase(deps: Deps, place: PlacedLabel): Promise<Status | null> {
  const { accountId, payerId, label } = place;
  if (label.status !== 'requested') return { status: label.status };
  if (payerId === accountId) return null;
  const paid = await readInAccount(deps.pool, payerId, (db) => findLabel(db, label.id));
  if (!paid || paid.status === 'requested') return null;
  return paid.status === 'failed' ? fail(deps, place, paid.failure!) : copyBought(deps, place);
}

/** The supplier's row gets all but the money. */
export async function copyBought(deps: Deps, { accountId, payerId, label }: PlacedLabel): Promise<Status> {
  if (accountId !== payerId) {
    const facts = await readInAccount(deps.pool, payerId, (db) => requireBought(db, label.id));
    await withAccount(deps.pool, accountId, async (db) => {
      if (await noteBought(db, label.id, { ...facts, cost: null, providerLabelId: null }))
        await noteBoughtEvent(db, label.id);
    });
  }
  deps.crashPoint('label.bought-committed');
  return { status: 'bought' };
}

export async function noteBoughtEvent(db: AccountDb, labelId: string): Promise<void> {
  const { orderId, actor, isReturn, carrier, service, trackingNumber, cost } = await requireLabel(db, labelId);
  const data = { labelId, carrier, service, trackingNumber, ...(isReturn && { isReturn }), ...(cost && { cost }) };
  await insertOrderEvent(db, { orderId, type: 'label_bought', actor, data });
}
