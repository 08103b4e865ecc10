import { z } from 'zod';
import type { RefundStatus } from '../../../../domain/labels/label.ts';
import type { Bought, LabelProvider, ProviderFactory, Purchase, Rated, RateRequest } from '../../provider.ts';
import { explain, Refusal, refused, unauthorized, unknownOutcome } from '../faults.ts';
import { fetchFile } from '../label-file.ts';
import { reasonFor } from '../reason.ts';
import { shippoCalls, type ShippoCalls } from './call.ts';
import { faultOfMessages, faultOfPurchase, faultOfRating } from './refusals.ts';
import {
  carrierAccountsBody,
  codeOfCarrier,
  isScanned,
  rateBody,
  refundBody,
  refundOf,
  shipmentBody,
  statusOfRefund,
  toBought,
  toRate,
  toShipment,
  transactionBody,
  transactionsBody,
  type TransactionBody,
} from './wire.ts';

const credentialsSchema = z.object({ apiKey: z.string().min(1).max(200) });

/**
 * Shippo does not refuse a second purchase of a rate. Each transaction bears the label's id, so that `buy` looks for it first;
 * one that was made a moment ago may not be listed yet.
 * @see https://docs.goshippo.com
 */
export const openShippo: ProviderFactory = (credentials, tools) => {
  const parsed = credentialsSchema.safeParse(credentials);
  if (!parsed.success) throw unauthorized();
  const { apiKey } = parsed.data;
  const ask = shippoCalls(apiKey, tools);
  return {
    kind: 'shippo',
    traits: { refusesSecondPurchase: false },
    check: () => check(ask, apiKey),
    rate: (request) => rate(ask, request),
    buy: (purchase) => buy(ask, purchase),
    find: (purchase) => find(ask, purchase),
    fetchLabel: ({ fileUrl }) => fetchFile(fileUrl, tools),
    refund: ({ providerLabelId }) => refund(ask, providerLabelId),
    refundStatus: async ({ providerLabelId }) => refundOf(await look(ask, providerLabelId)),
  };
};

async function check(ask: ShippoCalls, apiKey: string): ReturnType<LabelProvider['check']> {
  const asked = ask(carrierAccountsBody, (client) => client.carrierAccounts.list({ results: 100 }));
  const { results } = await asked.catch(explain(() => refused('invalid_request')));
  const codes = results.filter(({ active }) => active !== false).map(({ carrier }) => codeOfCarrier(carrier));
  const carriers = [...new Set(codes)].filter((code) => code !== 'other').sort();
  return { isTest: apiKey.startsWith('shippo_test_'), carriers };
}

async function rate(ask: ShippoCalls, request: RateRequest): Promise<Rated> {
  const wanted = toShipment(request);
  const asked = ask(shipmentBody, (client) => client.shipments.create(wanted));
  const shipment = await asked.catch(explain(faultOfRating));
  const failures = (shipment.messages ?? []).map(({ source, text }) => ({
    carrier: source ?? 'Shippo',
    reason: reasonFor(text ?? '', request),
  }));
  return { shipmentId: shipment.object_id, rates: shipment.rates.map(toRate), failures };
}

async function buy(ask: ShippoCalls, purchase: Purchase): Promise<Bought> {
  const before = await find(ask, purchase);
  if (before) return before;
  // Read before the purchase: once money is spent, no further call may fail.
  const rateRead = await rateOf(ask, purchase.rateId);
  const request = { rate: purchase.rateId, metadata: purchase.labelId, labelFileType: 'PNG' as const, async: false };
  const asked = ask(transactionBody, (client) => client.transactions.create(request), { wrote: true });
  const transaction = await asked.catch(explain(faultOfPurchase));
  if (transaction.status === 'ERROR') throw faultOfMessages(transaction.messages ?? []);
  // Queued or waiting: the carrier has not answered Shippo yet.
  return complete(transaction.status === 'SUCCESS' ? toBought(transaction, rateRead) : null);
}

function complete(bought: Bought | null): Bought {
  if (!bought) throw unknownOutcome();
  return bought;
}

const noLabel = ['ERROR'];
const noAnswerYet = ['WAITING', 'QUEUED'];

async function find(ask: ShippoCalls, { rateId, labelId }: Purchase): Promise<Bought | null> {
  const asked = ask(transactionsBody, (client) => client.transactions.list({ rate: rateId, results: 100 }));
  const { results } = await asked.catch(explain(() => refused('invalid_request')));
  const ours = results.filter(({ rate, metadata }) => rate === rateId && metadata === labelId);
  const made = ours.find(({ status }) => !noLabel.includes(status) && !noAnswerYet.includes(status));
  if (made) return complete(toBought(made, await rateOf(ask, rateId)));
  if (ours.some(({ status }) => noAnswerYet.includes(status))) throw unknownOutcome();
  return null;
}

async function rateOf(ask: ShippoCalls, rateId: string) {
  const asked = ask(rateBody, (client) => client.rates.get(rateId));
  return asked.catch(explain(() => refused('rate_expired')));
}

/** A transaction that we made is never gone: a 404 means that the key is of another account, or of another mode. */
async function look(ask: ShippoCalls, transactionId: string): Promise<TransactionBody> {
  return ask(transactionBody, (client) => client.transactions.get(transactionId)).catch(explain(unauthorized));
}

async function refund(ask: ShippoCalls, transactionId: string): Promise<RefundStatus> {
  const before = await look(ask, transactionId);
  const asked = refundOf(before);
  // One that was rejected may be asked for again.
  if (asked === 'submitted' || asked === 'refunded') return asked;
  if (isScanned(before)) throw refused('label_scanned');
  const request = { transaction: transactionId, async: false };
  return ask(refundBody, (client) => client.refunds.create(request)).then(statusOfRefund, async (error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
    const after = await look(ask, transactionId);
    if (refundOf(after) === 'none') throw refused(isScanned(after) ? 'label_scanned' : 'invalid_request');
    return refundOf(after);
  });
}
