import { randomBytes } from 'node:crypto';
import {
  oddPostalCodes,
  startLabelServer,
  type LabelServer,
  type LabelServerOptions,
  type Shop,
  type SimAnswer,
  type SimRequest,
  type SimulatedPurchase,
} from './labels/simulator.ts';

// The shapes are those that Shippo's own client accepts, and of Shippo's recordings (tests/activities/labels/providers/shapes.test.ts).

type Address = Record<string, unknown>;
type Rate = Record<string, unknown> & { object_id: string; amount: string; shipment: string };
type Shipment = { object_id: string; key: string; reference: string; to: Address; rates: Rate[] };
type Transaction = {
  object_id: string;
  key: string;
  rate: string;
  metadata: string;
  status: 'SUCCESS' | 'QUEUED' | 'ERROR';
  purchase: SimulatedPurchase | null;
  message: string;
  listedAt: number;
};
type State = { shipments: Map<string, Shipment>; rates: Map<string, Rate>; transactions: Transaction[] };

/** Cents of a parcel up to half a kilogram, and of each further started one. */
const offers = [
  { provider: 'USPS', name: 'Ground Advantage', token: 'usps_ground_advantage', base: 593, perStep: 40, days: 3 },
  { provider: 'USPS', name: 'Priority Mail', token: 'usps_priority', base: 690, perStep: 55, days: 2 },
  { provider: 'UPS', name: 'Ground', token: 'ups_ground', base: 740, perStep: 35, days: 4 },
];
const idOf = (): string => randomBytes(16).toString('hex');
const owner = 'owner@shippo.test';
const notFound: SimAnswer = { status: 404, body: { detail: 'Not found.' } };

/** A simulator of Shippo's API, as far as labels need it. It sells a rate as often as it is asked to. */
export const startShippoServer = (options: LabelServerOptions = {}): Promise<LabelServer> =>
  startLabelServer(
    {
      name: 'shippo',
      keys: {
        apiKey: 'shippo_live_first-account',
        otherKey: 'shippo_live_second-account',
        testKey: 'shippo_test_first-account',
      },
      keyOf: (authorization) => authorization.replace(/^ShippoToken /, ''),
      unauthorized: { status: 401, body: { detail: 'Token does not exist' } },
      routes: (shop) => {
        const state: State = { shipments: new Map(), rates: new Map(), transactions: [] };
        return { answer: routesOf(shop, state), finishQueued: () => finishQueued(shop, state) };
      },
    },
    options,
  );

function routesOf(shop: Shop, state: State) {
  return (request: SimRequest): SimAnswer => {
    const { method, path, key } = request;
    const [, list = '', id] = /^\/(\w+)(?:\/(\w+))?$/.exec(path) ?? [];
    if (list === 'carrier_accounts') return carrierAccounts(key);
    if (list === 'rates') return rate(state, id ?? '', key);
    if (list === 'shipments' && method === 'POST') return createShipment(shop, state, request);
    if (list === 'transactions' && method === 'POST') return buy(shop, state, request);
    if (list === 'transactions' && id === undefined) return listTransactions(shop, state, request);
    if (list === 'transactions') {
      const found = state.transactions.find((one) => one.object_id === id && one.key === key);
      return found ? { status: 200, body: shown(shop, found) } : notFound;
    }
    if (list === 'refunds' && method === 'POST') return refund(shop, state, request);
    return notFound;
  };
}

function carrierAccounts(key: string): SimAnswer {
  const of = (carrier: string, active: boolean) => ({
    account_id: 'shippo_account',
    active,
    carrier,
    carrier_name: carrier,
    is_shippo_account: true,
    metadata: '',
    object_id: idOf(),
    object_owner: owner,
    parameters: {},
    test: isTest(key),
  });
  return {
    status: 200,
    body: { next: null, previous: null, results: [of('usps', true), of('ups', true), of('dhl_express', false)] },
  };
}

function rate({ rates, shipments }: State, id: string, key: string): SimAnswer {
  const found = rates.get(id);
  return found && shipments.get(found.shipment)?.key === key ? { status: 200, body: found } : notFound;
}

function createShipment(shop: Shop, state: State, { body, key }: SimRequest): SimAnswer {
  const [from, to] = [body['address_from'] as Address, body['address_to'] as Address];
  const [parcel] = body['parcels'] as Record<string, string>[];
  if (!from || !to) return { status: 400, body: { address_to: ['This field is required.'] } };
  if (!parcel || !(Number(parcel['weight']) > 0))
    return { status: 400, body: { parcels: [{ weight: ['Ensure that this is more than 0.'] }] } };
  const shipment: Shipment = { object_id: idOf(), key, reference: textOf(body['metadata']), to, rates: [] };
  const isServed = to['zip'] !== oddPostalCodes.noService;
  if (isServed)
    shipment.rates = offers.map((offer) => rateOf(offer, { shipment, parcel, priceRise: shop.settings.priceRise }));
  state.shipments.set(shipment.object_id, shipment);
  for (const one of shipment.rates) state.rates.set(one.object_id, one);
  const text = `${String(to['name'])}, ${String(to['street1'])}, ${String(to['zip'])} is not served.`;
  return {
    status: 201,
    body: {
      carrier_accounts: [],
      object_created: now(),
      object_updated: now(),
      object_id: shipment.object_id,
      object_owner: owner,
      status: 'SUCCESS',
      address_from: from,
      address_to: to,
      address_return: from,
      parcels: [
        {
          object_state: 'VALID',
          object_created: now(),
          object_updated: now(),
          object_id: idOf(),
          object_owner: owner,
          ...parcel,
        },
      ],
      shipment_date: now(),
      customs_declaration: null,
      extra: body['extra'] ?? {},
      rates: shipment.rates,
      messages: isServed ? [] : [{ source: 'USPS', code: '', text }],
      metadata: shipment.reference,
      test: isTest(key),
    },
  };
}

function rateOf(
  offer: (typeof offers)[number],
  { shipment, parcel, priceRise }: { shipment: Shipment; parcel: Record<string, string>; priceRise: number },
): Rate {
  const steps = Math.ceil(Number(parcel['weight']) / 500);
  const amount = ((offer.base + offer.perStep * (steps - 1) + priceRise) / 100).toFixed(2);
  return {
    object_created: now(),
    object_id: idOf(),
    object_owner: owner,
    shipment: shipment.object_id,
    attributes: [],
    amount,
    currency: 'USD',
    amount_local: amount,
    currency_local: 'USD',
    provider: offer.provider,
    servicelevel: { name: offer.name, token: offer.token, terms: '' },
    estimated_days: offer.days,
    duration_terms: '',
    messages: [],
    carrier_account: idOf(),
    test: isTest(shipment.key),
    zone: '4',
  };
}

function buy(shop: Shop, state: State, { body, key }: SimRequest): SimAnswer {
  const chosen = state.rates.get(String(body['rate']));
  const shipment = chosen && state.shipments.get(chosen.shipment);
  if (!chosen || shipment?.key !== key)
    return { status: 400, body: { rate: ['Rate with supplied object_id not found.'] } };
  const purchase: SimulatedPurchase = {
    purchaseId: idOf(),
    shipmentId: shipment.object_id,
    reference: shipment.reference,
    label: textOf(body['metadata']),
    trackingNumber: shop.newTrackingNumber(),
    minor: Math.round(Number(chosen.amount) * 100),
    currency: 'USD',
    refund: 'none',
    isScanned: false,
  };
  const refusal =
    refusalOf(shipment.to) ?? (shop.charge(purchase) ? '' : 'Insufficient balance: add a payment method.');
  const transaction: Transaction = {
    object_id: purchase.purchaseId,
    key,
    rate: chosen.object_id,
    metadata: textOf(body['metadata']),
    status: refusal !== '' ? 'ERROR' : shop.settings.queues ? 'QUEUED' : 'SUCCESS',
    purchase: refusal === '' ? purchase : null,
    message: refusal,
    listedAt: Date.now() + shop.settings.hiddenMs,
  };
  state.transactions.push(transaction);
  return { status: 201, body: shown(shop, transaction) };
}

function refusalOf(to: Address): string | undefined {
  if (to['zip'] === oddPostalCodes.addressRefused) return `The address ${String(to['street1'])} is undeliverable.`;
  if (to['zip'] === oddPostalCodes.labelRefused) return 'The carrier does not take this shape.';
  return undefined;
}

function finishQueued(shop: Shop, { transactions }: State): void {
  shop.settings.queues = false;
  for (const one of transactions) if (one.status === 'QUEUED') one.status = 'SUCCESS';
}

function listTransactions(shop: Shop, { transactions }: State, { query, key }: SimRequest): SimAnswer {
  const wanted = query.get('rate');
  const listed = transactions.filter(
    (one) => one.key === key && one.listedAt <= Date.now() && (wanted === null || one.rate === wanted),
  );
  return { status: 200, body: { next: null, previous: null, results: listed.map((one) => shown(shop, one)) } };
}

function refund(shop: Shop, { transactions }: State, { body, key }: SimRequest): SimAnswer {
  const found = transactions.find((one) => one.object_id === body['transaction'] && one.key === key);
  const refused: SimAnswer = { status: 400, body: { transaction: ['This transaction cannot be refunded.'] } };
  if (!found?.purchase || found.purchase.isScanned) return refused;
  if (found.purchase.refund === 'submitted' || found.purchase.refund === 'refunded') return refused;
  shop.refund(found.purchase);
  const status = {
    submitted: 'QUEUED',
    refunded: 'SUCCESS',
    rejected: 'ERROR',
    not_applicable: 'ERROR',
    none: 'ERROR',
  }[found.purchase.refund];
  const at = { object_created: now(), object_updated: now(), object_id: idOf(), object_owner: owner };
  return { status: 201, body: { ...at, status, transaction: found.object_id, test: isTest(key) } };
}

const refundedStatus = {
  none: 'SUCCESS',
  submitted: 'REFUNDPENDING',
  refunded: 'REFUNDED',
  rejected: 'REFUNDREJECTED',
  not_applicable: 'REFUNDREJECTED',
};

function shown(shop: Shop, { object_id, key, rate: rateId, metadata, status, purchase, message }: Transaction) {
  const made = status === 'SUCCESS' ? purchase : null;
  return {
    object_state: 'VALID',
    status: made ? refundedStatus[made.refund] : status,
    object_created: now(),
    object_updated: now(),
    object_id,
    object_owner: owner,
    test: isTest(key),
    rate: rateId,
    tracking_number: made?.trackingNumber ?? '',
    tracking_status: made ? (made.isScanned ? 'TRANSIT' : 'UNKNOWN') : null,
    tracking_url_provider: made ? `https://track.shippo.test/${made.trackingNumber}` : '',
    label_url: made ? shop.fileUrl(made) : '',
    commercial_invoice_url: null,
    messages: message === '' ? [] : [{ source: 'USPS', code: '', text: message }],
    metadata,
    parcel: idOf(),
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const isTest = (key: string): boolean => key.startsWith('shippo_test_');
const now = (): string => new Date().toISOString();
