import { dataOf } from '../../clients/typescript/src/index.ts';
import { workflowIds } from '../../workflows/names.ts';
import { startLabelProcess } from '../support/fakes/label-servers.ts';
import { startFaultProxy } from '../support/fakes/fault-proxy.ts';
import type { LabelLedgerEntry } from '../support/fakes/labels/ledger.ts';
import { waitUntil } from '../support/engine/wait-until.ts';
import { ProblemError } from '../support/engine/rest.ts';
import type { Dice } from '../support/models/dice.ts';
import { cancel, type TradedSku } from '../support/trade/cancel-trade.ts';
import {
  aLabelAccount,
  buyLabel,
  labelsOf,
  ratesOf,
  shipsFrom,
  voidLabel,
  type LabelAnswer,
} from '../support/trade/labels.ts';
import { resetSlowActivities, stateOf } from '../support/trade/reset.ts';
import { persistently, type Stage } from '../support/trade/stage.ts';
import { orderOf, placeOrder, ranTask, type OrderAnswer } from '../support/trade/trade.ts';

/** Labels of many orders among deaths of the worker and lost answers, and the sums that must be right at their end. */

export type LabelShop = Awaited<ReturnType<typeof startLabelShop>>;

/** A provider in its own process, so that its ledger survives whatever a test kills. */
export async function startLabelShop(kind: 'easypost' | 'shippo') {
  const server = await startLabelProcess(kind);
  const proxy = await startFaultProxy({ target: server.url });
  return { kind, server, proxy, stop: () => Promise.all([proxy.close(), server.stop()]) };
}

export type LabelTrade = TradedSku & { accounts: string[]; reference: () => string };

export async function aLabelTrade(traded: TradedSku, shops: readonly LabelShop[]): Promise<LabelTrade> {
  await shipsFrom(traded.supplier);
  const accounts: string[] = [];
  for (const { kind, server } of shops)
    accounts.push(await aLabelAccount(traded.supplier, { provider: kind, credentials: { apiKey: server.apiKey } }));
  let last = 0;
  return { ...traded, accounts, reference: () => `run-${(last += 1)}` };
}

export type Pair = { order: OrderAnswer; taken: OrderAnswer };

/** Orders of two units with their supplier. */
export async function someOrders(trade: LabelTrade, count: number): Promise<Pair[]> {
  const { merchant, supplier, channelId, sku } = trade;
  const placed: OrderAnswer[] = [];
  for (let number = 0; number < count; number += 1)
    placed.push(await placeOrder(merchant, { channelId, lines: [{ sku, quantity: 2 }] }));
  const wanted = new Map(placed.map((order) => [order.dropship!.id, order]));
  return waitUntil(
    async () => {
      await ranTask(supplier, trade.trade.portalId, 'import_orders');
      const { data } = await dataOf(supplier.rest.api.GET('/v1/orders', { params: { query: { limit: 200 } } }));
      const pairs = data.flatMap((taken) => {
        const order = wanted.get(taken.origin?.dropshipId ?? '');
        return order ? [{ order, taken }] : [];
      });
      return pairs.length === count && pairs;
    },
    { timeoutMs: 60_000, what: 'orders with their supplier' },
  );
}

/** Refusals that are an outcome of a run, since orders are cancelled and shipped at the same time. */
const outcomes = [
  'order_cancelled', 'nothing_left_to_ship', 'quantity_exceeds_open', 'order_shipped', 'no_cancel_requested', 'rate_expired',
  'label_not_bought', 'dropship_not_open', 'quote_not_found',
]; // prettier-ignore

async function unlessRefused<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await persistently(call, 300_000);
  } catch (error) {
    if (error instanceof ProblemError && outcomes.includes(error.problem.code)) return undefined;
    throw error;
  }
}

/** What happens to one order. `twice`: each purchase is sent two times at once. */
type Plan = { parcels: 1 | 2; provider: number; twice: boolean; voids: boolean; cancels: boolean };

export const planOf = (dice: Dice, providers: number): Plan => ({
  parcels: dice.pick([1, 1, 2] as const),
  provider: dice.between(0, providers - 1),
  twice: dice.between(1, 3) === 1,
  voids: dice.between(1, 5) === 1,
  cancels: dice.between(1, 6) === 1,
});

export async function play(trade: LabelTrade, { order, taken }: Pair, plan: Plan): Promise<void> {
  const buying = buyAll(trade, taken, plan);
  if (plan.cancels) await cancelAll(trade, { order, taken });
  const labels = await buying;
  const [first] = labels;
  if (plan.voids && first) await unlessRefused(() => voidLabel(trade.supplier, first.id, { key: `void-${first.id}` }));
}

async function buyAll(trade: LabelTrade, taken: OrderAnswer, plan: Plan): Promise<LabelAnswer[]> {
  const { supplier } = trade;
  const labelAccountId = trade.accounts[plan.provider]!;
  const bought: LabelAnswer[] = [];
  for (let number = 0; number < plan.parcels; number += 1) {
    const lines = [{ lineId: taken.lines[0]!.id, quantity: plan.parcels === 1 ? 2 : 1 }];
    const rating = await unlessRefused(() => ratesOf(supplier, taken.id, { lines, labelAccountId }));
    if (!rating) break;
    const wish = { quoteId: rating.quotes[0]!.id, key: `${taken.id}-${number}-${trade.reference()}` };
    const times = plan.twice ? [1, 2] : [1];
    const answers = await Promise.all(times.map(() => unlessRefused(() => buyLabel(supplier, taken.id, wish))));
    bought.push(...answers.slice(0, 1).flatMap((answer) => answer ?? []));
  }
  return bought;
}

async function cancelAll({ merchant, supplier }: LabelTrade, { order, taken }: Pair): Promise<void> {
  await unlessRefused(() => cancel(merchant, order.id, { key: `cancel-${order.id}` }));
  const params = { path: { id: taken.id }, header: { 'idempotency-key': `accept-${order.id}` } };
  const body = { reason: 'customer_request' } as const;
  await unlessRefused(() => dataOf(supplier.rest.api.POST('/v1/orders/{id}/cancel/accept', { params, body })));
}

const ends = ['recorded', 'voided', 'failed'];

/** Waits until nothing of these orders is under way any more. A person retries what parks or waits for minutes. */
export async function untilQuiet(stage: Stage, { supplier }: LabelTrade, pairs: readonly Pair[]): Promise<void> {
  let open: LabelAnswer[] = [];
  const causes = new Set<string>();
  const isQuiet = async () => {
    const labels = (await Promise.all(pairs.map(({ taken }) => labelsOf(supplier, taken.id)))).flat();
    for (const { attention } of labels) {
      if (!attention) continue;
      causes.add(attention.code);
      const params = { path: { id: attention.id } };
      const body = { action: 'retry', reason: 'fixed_at_source' } as const;
      await dataOf(supplier.rest.api.POST('/v1/attentions/{id}/resolve', { params, body })).catch(() => undefined);
    }
    open = labels.filter(({ status }) => !ends.includes(status));
    const workflows = open.map(({ id }) => workflowIds.label(id));
    await resetSlowActivities(stage, workflows);
    return open.length === 0;
  };
  await waitUntil(isQuiet, { timeoutMs: 300_000, everyMs: 500, what: 'labels that are at their end' }).catch(
    async (error: unknown) => {
      const dropshipOf = (label: LabelAnswer) => pairs.find(({ taken }) => taken.id === label.orderId)!.order.dropship!;
      const concerned = open.flatMap((label) => [
        workflowIds.label(label.id),
        workflowIds.dropship(dropshipOf(label).id),
      ]);
      const states = await Promise.all(concerned.map((id) => stateOf(stage, id)));
      throw new Error(`Still open: ${JSON.stringify({ open, states, causes: [...causes] }, null, 2)}`, {
        cause: error,
      });
    },
  );
}

const isCharge = ({ kind }: LabelLedgerEntry) => kind === 'charge';
const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

/** Minor units: what the providers have charged, what living labels cost, and what void labels get back. */
export async function moneyOf(shops: readonly LabelShop[], labels: readonly LabelAnswer[]) {
  const ledgers = (await Promise.all(shops.map(({ server }) => server.ledger()))).flat();
  const costOf = (some: readonly LabelAnswer[]) => sumOf(some.map(({ cost }) => cost?.amount ?? 0));
  return {
    charged: sumOf(ledgers.filter(isCharge).map(({ minor }) => minor)),
    charges: ledgers.filter(isCharge).map(({ trackingNumber }) => trackingNumber).sort(), // prettier-ignore
    living: costOf(labels.filter(({ status }) => status === 'recorded')),
    due: costOf(
      labels.filter(({ status, refund }) => status === 'voided' && ['submitted', 'refunded'].includes(refund)),
    ),
    trackings: labels.flatMap(({ trackingNumber }) => trackingNumber ?? []).sort(),
  };
}

/** The shipments of each order on both sides, with their labels. */
export async function shipmentsOf({ merchant, supplier }: LabelTrade, { order, taken }: Pair) {
  const [sold, sent] = [await orderOf(merchant, order.id), await orderOf(supplier, taken.id)];
  const shown = ({ shipments }: OrderAnswer) =>
    shipments
      .map(({ id, status, trackingNumber }) => ({ id, status, trackingNumber }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  return { merchant: shown(sold), supplier: shown(sent) };
}
