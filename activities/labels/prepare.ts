import { derivedId } from '../../db/engine/ids.ts';
import { readInAccount, withAccount } from '../../db/engine/with-account.ts';
import { insertLabel, type Label } from '../../db/labels/labels.ts';
import { findPurchase, mayBeThere, noteQuote, noteStarted } from '../../db/labels/purchases.ts';
import { quoteFor, requireQuote, requireRating } from '../../db/labels/ratings.ts';
import type { LabelStatus } from '../../domain/labels/label.ts';
import { assertWithin } from '../../domain/labels/purchase.ts';
import type { Deps } from '../deps.ts';
import { endedPurchase } from './copy.ts';
import { requireStillLent } from './payer.ts';
import { placeOf, type LabelIds, type PlacedLabel } from './place.ts';
import { rateParcel } from './rate.ts';
import { orFailed } from './refusals.ts';

/** The label's workflow runs. @returns where it goes on */
export async function openLabel(deps: Deps, ids: LabelIds): Promise<{ status: LabelStatus }> {
  const { accountId, label } = await placeOf(deps, ids);
  await withAccount(deps.pool, accountId, (db) => noteStarted(db, label.id));
  return { status: label.status };
}

/**
 * Finds what is to be bought: the quote, or that of the service which the label names. Where a merchant lends its label account,
 * it gets its copy of the label, with the ids of the provider. Idempotent: the rating's id is derived from the label's.
 */
export async function prepareLabel(deps: Deps, ids: LabelIds): Promise<{ status: LabelStatus }> {
  const asked = await placeOf(deps, ids);
  const ended = await endedPurchase(deps, asked);
  if (ended) return ended;
  const purchase = await readInAccount(deps.pool, asked.payerId, (db) => findPurchase(db, ids.labelId));
  // What a run before this one has sent cannot fail any more by the terms of now.
  if (purchase && mayBeThere(purchase)) return { status: 'requested' };
  return orFailed({ deps, place: asked }, async () => {
    if (asked.label.quoteId === null) await rate(deps, asked);
    const place = await placeOf(deps, ids);
    if (place.payerId !== place.accountId) await copyToLender(deps, place);
    deps.crashPoint('label.prepared');
    return { status: 'requested' };
  });
}

async function rate(deps: Deps, { accountId, label }: PlacedLabel): Promise<void> {
  const { id, orderId, labelAccountId, isReturn, content, maxCost } = label;
  const ratingId = derivedId('rating', id);
  const named = labelAccountId === null ? {} : { labelAccountId };
  await rateParcel(deps, { ratingId, orderId, isReturn, content, ...named });
  await withAccount(deps.pool, accountId, async (db) => {
    const quote = await requireQuote(db, orderId, quoteFor(await requireRating(db, ratingId), wantedOf(label)).id);
    assertWithin(quote.cost, maxCost);
    await noteQuote(db, id, { ...quote, quoteId: quote.id });
  });
}

const wantedOf = ({ carrier, service }: Label) => ({ carrier: carrier!, ...(service !== null && { service }) });

/** The terms are read again: the merchant may have changed them since the rates were asked for. */
async function copyToLender({ pool }: Deps, { payerId, label }: PlacedLabel): Promise<void> {
  await withAccount(pool, payerId, async (db) => {
    const quote = await requireStillLent(db, label.quoteId!);
    await insertLabel(db, {
      ...quote,
      id: label.id,
      quoteId: quote.id,
      maxCost: null,
      actor: { kind: 'supplier', id: quote.lentTo! },
    });
  });
}
