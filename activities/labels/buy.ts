import { ApplicationFailure } from '@temporalio/common';
import type { LabelStatus } from '../../domain/labels/label.ts';
import { assertTakesShipments } from '../../domain/shipments/route.ts';
import { linesToShip } from '../../domain/shipments/shipment.ts';
import { readInAccount, withAccount } from '../../db/engine/with-account.ts';
import { isRetryDecided, lastCauseOf } from '../../db/labels/labels.ts';
import {
  findPurchase,
  forgetSent,
  lockPurchase,
  mayBeThere,
  noteBought,
  noteLost,
  noteSent,
  requirePurchase,
  type PurchaseRow,
} from '../../db/labels/purchases.ts';
import { requireQuote } from '../../db/labels/ratings.ts';
import { requireOrder } from '../../db/orders/view.ts';
import { workflowIds } from '../../workflows/names.ts';
import type { Deps } from '../deps.ts';
import { copyBought, endedPurchase, noteBoughtEvent } from './copy.ts';
import { withLabelAccount } from './open-account.ts';
import { requireStillLent } from './payer.ts';
import { placeOf, type LabelIds, type PlacedLabel } from './place.ts';
import { LabelError, type Bought, type LabelProvider, type Purchase } from './provider.ts';
import { fail, orFailed, refusalOf } from './refusals.ts';

/** A purchase that no look-up finds for so long, in milliseconds, is a person's to judge. */
const longestUnseenMs = 60_000;
const lookAgainMs = '5s';

type Status = { status: LabelStatus };

/**
 * Buys the label, once. That a purchase is sent is stored before its call; while it may have arrived, it is looked up and not
 * sent again, unless the provider itself refuses a second one.
 */
export async function buyLabel(deps: Deps, ids: LabelIds): Promise<Status> {
  const place = await placeOf(deps, ids);
  const ended = await endedPurchase(deps, place);
  if (ended) return ended;
  const before = await readInAccount(deps.pool, place.payerId, (db) => requirePurchase(db, ids.labelId));
  const buy = () =>
    withLabelAccount(deps, accountOf(place, before), (provider) => buyOnce(deps, place, { provider, before }));
  // Without the label account nobody can look for a purchase that may be there: a person must know.
  const except = mayBeThere(before) ? (['label_account_not_found'] as const) : [];
  return orFailed({ deps, place, except }, buy);
}

/** Whether a purchase that no look-up finds may still arrive. */
const isFresh = ({ sentAt }: PurchaseRow, now: Date): boolean =>
  sentAt !== null && now.getTime() - sentAt < longestUnseenMs;

/** Whether the purchase is lost and no person has decided yet: a crash may have come before the question. */
async function isUndecided({ pool }: Deps, { accountId, label }: PlacedLabel, { lostAt }: PurchaseRow) {
  if (lostAt === null) return false;
  return !(await readInAccount(pool, accountId, (db) => isRetryDecided(db, workflowIds.label(label.id), lostAt)));
}

const accountOf = ({ payerId }: PlacedLabel, { labelAccountId }: PurchaseRow) => ({
  accountId: payerId,
  labelAccountId,
});

export const purchaseOf = ({ label }: PlacedLabel, { providerShipmentId, providerRateId }: PurchaseRow) => ({
  shipmentId: providerShipmentId,
  rateId: providerRateId,
  labelId: label.id,
  insuredValue: label.content.insuredValue,
});

type Buying = { provider: LabelProvider; before: PurchaseRow };

async function buyOnce(deps: Deps, place: PlacedLabel, { provider, before }: Buying): Promise<Status> {
  const found = mayBeThere(before) ? await look(provider, purchaseOf(place, before)) : null;
  if (found) return storeBought(deps, place, found);
  if (await isUndecided(deps, place, before)) throw unknown({ nonRetryable: true });
  if (before.sentAt !== null && !provider.traits.refusesSecondPurchase) return waitOrPark(deps, place, before);
  await assertStillOpen(deps, place, before);
  if (!mayBeThere(before)) await assertStillOffered(deps, place);
  await claim(deps, place, before);
  deps.crashPoint('label.sent');
  const bought = await send(deps, place, { provider, before });
  deps.crashPoint('label.bought');
  return storeBought(deps, place, bought);
}

/** A look-up that is refused says nothing about the purchase. */
async function look(provider: LabelProvider, purchase: Purchase): Promise<Bought | null> {
  try {
    return await provider.find(purchase);
  } catch (error) {
    if (error instanceof LabelError && error.fault.kind === 'refused') throw stillUnknown();
    throw error;
  }
}

/**
 * The order may have been cancelled, shipped or split since the label was asked for.
 * @throws DomainError; ApplicationFailure to try again, while a purchase that was sent before may still arrive
 */
async function assertStillOpen({ pool, now }: Deps, { accountId, label }: PlacedLabel, before: PurchaseRow) {
  if (label.isReturn) return;
  const order = await readInAccount(pool, accountId, (db) => requireOrder(db, label.orderId));
  try {
    assertTakesShipments(order);
    linesToShip(order.lines, label.content.lines);
  } catch (error) {
    if (isFresh(before, now()) && refusalOf(error)) throw stillUnknown();
    throw error;
  }
}

/**
 * The purchase may have waited long for a key or a person: its quote may be over, or the merchant may lend no more.
 * @throws DomainError
 */
async function assertStillOffered({ pool }: Deps, { accountId, payerId, label }: PlacedLabel): Promise<void> {
  const quoteId = label.quoteId!;
  await readInAccount(pool, payerId, (db) =>
    payerId === accountId ? requireQuote(db, label.orderId, quoteId) : requireStillLent(db, quoteId),
  );
}

/** @throws ApplicationFailure where another try has sent it meanwhile */
async function claim({ pool, now }: Deps, { payerId, label }: PlacedLabel, before: PurchaseRow): Promise<void> {
  const isOurs = await withAccount(pool, payerId, async (db) => {
    const { status, sentAt } = await lockPurchase(db, label.id);
    if (status !== 'requested' || sentAt !== before.sentAt) return false;
    await noteSent(db, label.id, now());
    return true;
  });
  if (!isOurs) throw stillUnknown();
}

async function send({ pool, now }: Deps, place: PlacedLabel, { provider, before }: Buying): Promise<Bought> {
  try {
    return await provider.buy(purchaseOf(place, before));
  } catch (error) {
    if (!(error instanceof LabelError) || error.fault.kind === 'unknown_outcome') throw error;
    await withAccount(pool, place.payerId, (db) => forgetSent(db, place.label.id, before.sentAt));
    // An earlier purchase may still arrive: it may even be why this one is refused.
    if (error.fault.kind === 'refused' && isFresh(before, now())) throw stillUnknown();
    throw error;
  }
}

const unknown = (rest: Parameters<typeof ApplicationFailure.create>[0]) =>
  ApplicationFailure.create({
    type: 'label_outcome_unknown',
    message: 'The purchase was sent, and the provider does not show it.',
    ...rest,
  });
const stillUnknown = () => unknown({ nextRetryDelay: lookAgainMs });

async function waitOrPark({ pool, now }: Deps, { payerId, label }: PlacedLabel, before: PurchaseRow): Promise<never> {
  if (isFresh(before, now())) throw stillUnknown();
  await withAccount(pool, payerId, (db) => noteLost(db, label.id));
  throw unknown({ nonRetryable: true });
}

async function storeBought(deps: Deps, place: PlacedLabel, bought: Bought): Promise<Status> {
  const { id } = place.label;
  const { carrier, carrierName, service, trackingNumber, trackingUrl, cost, providerLabelId } = bought;
  const facts = { carrier, carrierName, service, trackingNumber, trackingUrl, cost, providerLabelId };
  await withAccount(deps.pool, place.payerId, async (db) => {
    if (await noteBought(db, id, { ...facts, boughtAt: deps.now() })) await noteBoughtEvent(db, id);
  });
  deps.crashPoint('label.payer-committed');
  return copyBought(deps, place);
}

/**
 * A person has given up the purchase. One that may have arrived is looked up once more: it is then to be taken back.
 * @returns `bought` where it is there
 */
export async function abandonLabel(deps: Deps, ids: LabelIds): Promise<Status> {
  const place = await placeOf(deps, ids);
  const ended = await endedPurchase(deps, place);
  if (ended) return ended;
  const before = await readInAccount(deps.pool, place.payerId, (db) => findPurchase(db, ids.labelId));
  if (!before || !mayBeThere(before)) return failLabel(deps, ids);
  const find = (provider: LabelProvider) => look(provider, purchaseOf(place, before));
  const found = await withLabelAccount(deps, accountOf(place, before), find);
  return found ? storeBought(deps, place, found) : failLabel(deps, ids);
}

/** Nothing is bought, as far as anybody knows. The cause is the one that a person was asked about. */
export async function failLabel(deps: Deps, ids: LabelIds): Promise<Status> {
  const place = await placeOf(deps, ids);
  const ended = await endedPurchase(deps, place);
  if (ended) return ended;
  const { accountId, label } = place;
  const code = await readInAccount(deps.pool, accountId, (db) => lastCauseOf(db, workflowIds.label(label.id)));
  return fail(deps, place, code ?? 'label_refused');
}
