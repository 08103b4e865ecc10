import { ApplicationFailure } from '@temporalio/common';
import { storeBytes, storeDocument } from '../../db/documents/documents.ts';
import { derivedId } from '../../db/engine/ids.ts';
import { readInAccount, withAccount } from '../../db/engine/with-account.ts';
import { noteDocument, requirePurchase } from '../../db/labels/purchases.ts';
import type { Deps } from '../deps.ts';
import { purchaseOf } from './buy.ts';
import { withLabelAccount } from './open-account.ts';
import { placeOf, type LabelIds, type PlacedLabel } from './place.ts';

/** Stores the label's bytes in the account that prints them. Idempotent: a provider's links die, so it asks for a fresh one. */
export async function storeLabel(deps: Deps, ids: LabelIds): Promise<void> {
  const place = await placeOf(deps, ids);
  const { accountId, label } = place;
  // A void takes over from a store that does not answer.
  if (label.documentId !== null || label.status !== 'bought') return;
  const { bytes, mediaType } = await fetchLabel(deps, place);
  deps.crashPoint('label.fetched');
  const stored = await storeBytes(deps.documents, accountId, { kind: 'label', bytes });
  await withAccount(deps.pool, accountId, async (db) => {
    const id = derivedId('document', accountId, label.id);
    const { orderId } = label;
    await storeDocument(db, deps.documents, { id, bytes: stored, mediaType, orderId, labelId: label.id });
    await noteDocument(db, label.id, id);
  });
  deps.crashPoint('label.stored');
}

async function fetchLabel(deps: Deps, place: PlacedLabel) {
  const { payerId, label } = place;
  const row = await readInAccount(deps.pool, payerId, (db) => requirePurchase(db, label.id));
  const { labelAccountId } = row;
  return withLabelAccount(deps, { accountId: payerId, labelAccountId }, async (provider) => {
    const bought = await provider.find(purchaseOf(place, row));
    if (bought) return provider.fetchLabel(bought);
    throw ApplicationFailure.create({
      type: 'label_outcome_unknown',
      message: 'The provider does not show a label that it has sold.',
    });
  });
}
