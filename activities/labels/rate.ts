import { derivedId } from '../../db/engine/ids.ts';
import { storeAnswer } from '../../db/engine/idempotency.ts';
import { readInAccount, withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { listCustomsLines } from '../../db/labels/customs-lines.ts';
import { findRating, insertRating, requireRating, type NewQuote, type NewRating } from '../../db/labels/ratings.ts';
import { requireShipFrom } from '../../db/labels/ship-from.ts';
import { requireOrder, type Order } from '../../db/orders/view.ts';
import { DomainError } from '../../domain/errors.ts';
import { assertNotErased } from '../../domain/erasure.ts';
import { customsItems, type CustomsItem } from '../../domain/labels/customs.ts';
import type { LabelContent } from '../../domain/labels/label.ts';
import { assertInsurable, cheapestFirst, isLent, type LabelTerms } from '../../domain/labels/payer.ts';
import { unitsInParcel } from '../../domain/labels/parcel.ts';
import type { Address } from '../../domain/orders/order.ts';
import type { RateParcelInput } from '../../workflows/messages.ts';
import type { Deps } from '../deps.ts';
import { ownerOfOrder } from '../owners.ts';
import { withLabelAccount, type LabelPlace } from './open-account.ts';
import { findPayer, type Payer } from './payer.ts';
import type { ProviderRate, RateRequest } from './provider.ts';

/** A quote can be bought for so long. */
const quoteMs = 24 * 60 * 60_000;

export const createRateActivities = (deps: Deps) => ({
  rateParcel: (input: RateParcelInput) => rateParcel(deps, input),
});

/** What a provider is asked, read in the account of the order. */
type Plan = { order: Order; content: LabelContent; from: Address; to: Address; customs: CustomsItem[] | null };

/**
 * Asks a provider for the rates of one parcel and writes them as a rating of the order, once: a repeat by `ratingId` finds
 * it. Where the merchant pays, its account gets the same rating with costs and the ids of the provider, and the supplier's
 * rating has none of them (law 2). It costs nothing: a shipment that a crash leaves at the provider is never bought.
 * @throws DomainError `order_not_found`, `order_erased`, `order_is_split`, `order_cancelled`, `order_dropshipped`,
 *   `nothing_left_to_ship`, `line_not_found`, `quantity_exceeds_open`, `warehouse_not_found`, `ship_from_missing`, `customs_data_missing`, and as
 *   `findPayer`; `carrier_not_allowed` where no rate is left that may be bought
 * @throws ApplicationFailure as `withLabelAccount`
 */
export async function rateParcel(deps: Deps, input: RateParcelInput): Promise<void> {
  const accountId = await ownerOfOrder(deps.pool, input.orderId);
  const plan = await readInAccount(deps.pool, accountId, (db) => planOf(db, input));
  if (!plan) return;
  const { originDropshipId } = plan.order;
  const payer = await findPayer(deps.pool, { accountId, originDropshipId, named: input.labelAccountId });
  assertInsurable(payer.payer, plan.content);
  const rating =
    payer.payer === 'account'
      ? await rateOnce(deps, payer.place, { input, plan, orderId: input.orderId })
      : await rateAtMerchant(deps, payer, { input, plan });
  await withAccount(deps.pool, accountId, async (db) => {
    await insertRating(db, rating);
    if (input.key) await storeAnswer(db, { ...input.key, status: 200, answer: await requireRating(db, rating.id) });
  });
}

/** @returns undefined for a rating that is written already */
async function planOf(
  db: AccountDb,
  { ratingId, orderId, content, isReturn }: RateParcelInput,
): Promise<Plan | undefined> {
  if (await findRating(db, ratingId)) return undefined;
  const order = await requireOrder(db, orderId);
  assertNotErased(order);
  const lines = unitsInParcel(order, { requested: content.lines, isReturn });
  const lineIds = lines.map(({ lineId }) => lineId);
  const warehouse = await requireShipFrom(db, { warehouseId: content.shipFromWarehouseId, lineIds });
  const [from, to] = isReturn ? [order.shipTo, warehouse] : [warehouse, order.shipTo];
  const customs = customsItems(lines, await listCustomsLines(db, lineIds), { from, to });
  return { order, content: { ...content, lines }, from, to, customs };
}

/** `orderId`: the order of the account that pays. `terms`: of a merchant that pays. */
type Rating = { input: RateParcelInput; plan: Plan; orderId: string; lentTo?: string; terms?: LabelTerms };

async function rateOnce(deps: Deps, place: LabelPlace, { input, plan, ...about }: Rating): Promise<NewRating> {
  const { ratingId: id, isReturn } = input;
  return withLabelAccount(deps, place, async (provider, { carriers }) => {
    const { shipmentId, rates, failures } = await provider.rate(requestOf(input, plan));
    const own = rates.filter(({ carrier }) => carriers.length === 0 || carriers.includes(carrier));
    const allowed = own.filter((rate) => !about.terms || isLent(about.terms, rate));
    if (allowed.length === 0 && own.length > 0) throw noneAllowed();
    return {
      id,
      orderId: about.orderId,
      labelAccountId: place.labelAccountId,
      payer: 'account',
      lentTo: about.lentTo ?? null,
      isReturn,
      content: plan.content,
      quotes: cheapestFirst(allowed).map((rate) => quoteOf(id, rate)),
      failures,
      providerShipmentId: shipmentId,
      expiresAt: new Date(deps.now().getTime() + quoteMs).toISOString(),
    };
  });
}

const requestOf = ({ ratingId, isReturn }: RateParcelInput, plan: Plan): RateRequest => ({
  reference: ratingId,
  from: plan.from,
  to: plan.to,
  parcel: plan.content.parcel,
  customs: plan.customs,
  insuredValue: plan.content.insuredValue,
  signature: plan.content.signature,
  isReturn,
});

const quoteOf = (ratingId: string, rate: ProviderRate): NewQuote => ({
  id: derivedId('quote', ratingId, rate.rateId),
  carrier: rate.carrier,
  carrierName: rate.carrierName,
  service: rate.service,
  deliveryDays: rate.deliveryDays,
  cost: rate.cost,
  providerRateId: rate.rateId,
});

const noneAllowed = () =>
  new DomainError('carrier_not_allowed', 'None of the rates has a carrier, service and price that are allowed.');

/** @returns the supplier's rating: field by field, without money, words of the provider and ids there */
async function rateAtMerchant(
  deps: Deps,
  { place, orderId, lentTo, terms }: Extract<Payer, { payer: 'merchant' }>,
  { input, plan }: Pick<Rating, 'input' | 'plan'>,
): Promise<NewRating> {
  const { pool, crashPoint } = deps;
  const find = (db: AccountDb) => findRating(db, input.ratingId);
  // After a crash between the two accounts the merchant has it: its quotes are the ones that can be bought.
  if (!(await readInAccount(pool, place.accountId, find))) {
    const rating = await rateOnce(deps, place, { input, plan: inMerchantsLines(plan), orderId, lentTo, terms });
    await withAccount(pool, place.accountId, (db) => insertRating(db, rating));
  }
  crashPoint('rating.merchant-committed');
  const rating = await readInAccount(pool, place.accountId, (db) => requireRating(db, input.ratingId));
  return {
    id: input.ratingId,
    orderId: input.orderId,
    labelAccountId: place.labelAccountId,
    payer: 'merchant',
    lentTo: null,
    isReturn: input.isReturn,
    content: plan.content,
    quotes: rating.quotes.map(({ id, carrier, carrierName, service, deliveryDays }) => {
      return { id, carrier, carrierName, service, deliveryDays, cost: null, providerRateId: null };
    }),
    failures: rating.failures.map(({ carrier }) => ({ carrier, reason: null })),
    providerShipmentId: null,
    expiresAt: rating.expiresAt,
  };
}

/** The warehouse is the supplier's own affair. */
function inMerchantsLines(plan: Plan): Plan {
  const remoteIds = new Map(plan.order.lines.map((line) => [line.lineId, line.remoteLineId]));
  const lines = plan.content.lines.map(({ lineId, quantity }) => ({ lineId: remoteIds.get(lineId)!, quantity }));
  return { ...plan, content: { ...plan.content, lines, shipFromWarehouseId: null } };
}
