import { requireSupplier } from '../../db/accounts/suppliers.ts';
import { readInAccount, withAccount, withSystem } from '../../db/engine/with-account.ts';
import { requireLabel } from '../../db/labels/labels.ts';
import { requirePurchase } from '../../db/labels/purchases.ts';
import { listDueRefunds, postponeRefundLook } from '../../db/labels/voids.ts';
import { asksAgain } from '../../domain/labels/void.ts';
import type { Round } from '../../workflows/messages.ts';
import type { Deps } from '../deps.ts';
import { eachOf } from '../each-of.ts';
import { withLabelAccount } from './open-account.ts';
import { storeRefund } from './void.ts';

const everyMs = 60 * 60_000;
const lookedUpAtOnce = 200;

/** Asks how far the due refunds are. One that fails is due again the next day, so the rest is not held up. */
export async function lookUpRefunds(deps: Deps): Promise<Round & { lookedUp: number }> {
  for (let lookedUp = 0; ;) {
    const due = await withSystem(deps.pool, (db) => listDueRefunds(db, lookedUpAtOnce));
    await eachOf(due, async (one) => void (lookedUp += Number(await lookUp(deps, one))));
    if (due.length < lookedUpAtOnce) return { lookedUp, intervalMs: everyMs };
  }
}

/** `accountId`: of the row with the money. @returns false where another round has looked meanwhile */
async function lookUp(deps: Deps, { accountId, labelId }: { accountId: string; labelId: string }): Promise<boolean> {
  const { pool, now } = deps;
  const askedAt = await withAccount(pool, accountId, (db) => postponeRefundLook(db, labelId));
  if (askedAt === undefined) return false;
  const { label, row, shipperId } = await readInAccount(pool, accountId, async (db) => {
    const label = await requireLabel(db, labelId);
    const shipperId = label.lentTo === null ? accountId : (await requireSupplier(db, label.lentTo)).accountId;
    return { label, row: await requirePurchase(db, labelId), shipperId };
  });
  const of = { shipmentId: row.providerShipmentId, providerLabelId: row.providerLabelId! };
  const account = { accountId, labelAccountId: row.labelAccountId };
  const refund = await withLabelAccount(deps, account, async (provider) => {
    const seen = await provider.refundStatus(of);
    return asksAgain(seen, askedAt, now().getTime()) ? provider.refund(of) : seen;
  });
  await storeRefund(deps, { accountId: shipperId, payerId: accountId, label }, { refund, askedAt });
  return true;
}
