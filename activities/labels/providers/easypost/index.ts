import { z } from 'zod';
import type { RefundStatus } from '../../../../domain/labels/label.ts';
import { refundStatuses } from '../../../../domain/labels/label.ts';
import {
  LabelError,
  type Bought,
  type LabelProvider,
  type ProviderFactory,
  type Purchase,
  type Rated,
  type RateRequest,
} from '../../provider.ts';
import { explain, Refusal, refused, unauthorized, unknownOutcome } from '../faults.ts';
import { fetchFile } from '../label-file.ts';
import { toText } from '../money.ts';
import { reasonFor } from '../reason.ts';
import { easyPostCalls, type EasyPostCalls } from './call.ts';
import { faultOfPurchase, faultOfRating, isScanned } from './refusals.ts';
import {
  carrierAccountsBody,
  codeOfCarrier,
  shipmentBody,
  shipmentsBody,
  toBought,
  toRate,
  toShipment,
  type ShipmentBody,
} from './wire.ts';

const credentialsSchema = z.object({ apiKey: z.string().min(1).max(200) });

/** @see https://docs.easypost.com */
export const openEasyPost: ProviderFactory = (credentials, tools) => {
  const parsed = credentialsSchema.safeParse(credentials);
  if (!parsed.success) throw unauthorized();
  const { apiKey } = parsed.data;
  const ask = easyPostCalls(apiKey, tools);
  const look = (shipmentId: string) => retrieve(ask, shipmentId);
  return {
    kind: 'easypost',
    traits: { refusesSecondPurchase: true },
    check: () => check(ask, apiKey),
    rate: (request) => rate(ask, request),
    buy: (purchase) => buy(ask, purchase),
    find: async (purchase) => boughtBy(purchase, await look(purchase.shipmentId)),
    fetchLabel: ({ fileUrl }) => fetchFile(fileUrl, tools),
    refund: ({ shipmentId }) => refund(ask, shipmentId),
    refundStatus: async ({ shipmentId }) => refundOf(await look(shipmentId)),
  };
};

/** Only production keys may list carriers, so that a test key is tried with the list of shipments. */
async function check(ask: EasyPostCalls, apiKey: string): ReturnType<LabelProvider['check']> {
  const isTest = apiKey.startsWith('EZTK');
  if (isTest) {
    await ask(shipmentsBody, (client) => client.Shipment.all({ page_size: 1 })).catch(notExpected);
    return { isTest, carriers: [] };
  }
  const accounts = await ask(carrierAccountsBody, (client) => client.CarrierAccount.all()).catch(notExpected);
  const codes = accounts.map(({ readable }) => codeOfCarrier(readable));
  return { isTest, carriers: [...new Set(codes)].filter((code) => code !== 'other').sort() };
}

const notExpected = explain(() => refused('invalid_request'));

async function rate(ask: EasyPostCalls, request: RateRequest): Promise<Rated> {
  // EasyPost insures in USD only; another amount would insure for less than was asked for.
  if (request.insuredValue && request.insuredValue.currency !== 'USD') throw refused('invalid_request');
  const wanted = toShipment(request);
  const asked = ask(shipmentBody, (client) => client.Shipment.create(wanted));
  const shipment = await asked.catch(explain(faultOfRating));
  const failures = (shipment.messages ?? []).map(({ carrier, message }) => ({
    carrier: carrier ?? 'EasyPost',
    reason: reasonFor(typeof message === 'string' ? message : JSON.stringify(message), request),
  }));
  return { shipmentId: shipment.id, rates: shipment.rates.map(toRate), failures };
}

async function buy(ask: EasyPostCalls, purchase: Purchase): Promise<Bought> {
  const { shipmentId, rateId, insuredValue } = purchase;
  // The client's type says number; the API wants the amount as text, which the client passes on as it is.
  const insured = insuredValue ? (toText(insuredValue) as unknown as number) : undefined;
  try {
    const shipment = await ask(shipmentBody, (client) => client.Shipment.buy(shipmentId, rateId, insured), {
      wrote: true,
    });
    return complete(toBought(shipment));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code !== 'SHIPMENT.POSTAGE.EXISTS') throw faultOfPurchase(error);
    const bought = boughtBy(purchase, await retrieveBought(ask, shipmentId));
    // Another rate of this shipment was bought, and a shipment has one label.
    if (!bought) throw refused('rate_expired');
    return bought;
  }
}

/** @throws LabelError `unknown_outcome` while the rate is chosen and its label is not there: it is being bought */
function boughtBy({ rateId }: Purchase, shipment: ShipmentBody): Bought | null {
  return shipment.selected_rate?.id === rateId ? complete(toBought(shipment)) : null;
}

function complete(bought: Bought | null): Bought {
  if (!bought) throw unknownOutcome();
  return bought;
}

/** A shipment that we made is never gone: a 404 means that the key is of another account, or of another mode. */
async function retrieve(ask: EasyPostCalls, shipmentId: string): Promise<ShipmentBody> {
  return ask(shipmentBody, (client) => client.Shipment.retrieve(shipmentId)).catch(explain(unauthorized));
}

/** It is bought, so that a failure to read it never means that nothing was done. */
async function retrieveBought(ask: EasyPostCalls, shipmentId: string): Promise<ShipmentBody> {
  try {
    return await retrieve(ask, shipmentId);
  } catch (error) {
    throw error instanceof LabelError ? unknownOutcome() : error;
  }
}

async function refund(ask: EasyPostCalls, shipmentId: string): Promise<RefundStatus> {
  try {
    return refundOf(await ask(shipmentBody, (client) => client.Shipment.refund(shipmentId)));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // It may be asked for already, or the carrier has the parcel: the shipment says which.
    const shipment = await retrieve(ask, shipmentId);
    const status = refundOf(shipment);
    if (status !== 'none') return status;
    throw refused(isScanned(error, shipment) ? 'label_scanned' : 'invalid_request');
  }
}

/** A status that we do not know yet is looked up again. */
function refundOf({ refund_status: status }: ShipmentBody): RefundStatus {
  if (!status) return 'none';
  return refundStatuses.find((known) => known === status) ?? 'submitted';
}
