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

// The shapes are those of EasyPost's recordings: tests/activities/labels/providers/shapes.test.ts compares them.

type Address = Record<string, string | null>;
type Rate = Record<string, unknown> & { id: string; carrier: string; service: string; rate: string };
type Shipment = {
  id: string;
  key: string;
  createdAt: string;
  request: {
    reference: string | null;
    from_address: Address;
    to_address: Address;
    parcel: Record<string, number>;
  } & Record<string, unknown>;
  rates: Rate[];
  chosen: Rate | null;
  purchase: SimulatedPurchase | null;
  fees: { object: 'Fee'; type: string; amount: string; charged: boolean; refunded: boolean }[];
};

/** Cents of a parcel up to one pound, and of each further started pound. */
const offers = [
  { carrier: 'USPS', service: 'GroundAdvantage', base: 593, perPound: 40, days: 3 },
  { carrier: 'USPS', service: 'Priority', base: 690, perPound: 55, days: 2 },
  { carrier: 'UPS', service: 'Ground', base: 740, perPound: 35, days: 4 },
  { carrier: 'USPS', service: 'Express', base: 3_310, perPound: 120, days: 2 },
];
const keys = { apiKey: 'EZAKfirst-account', otherKey: 'EZAKsecond-account', testKey: 'EZTKfirst-account' };
const refusal = (status: number, code: string, message: string): SimAnswer => ({
  status,
  body: { error: { code, message, errors: [] } },
});
const idOf = (prefix: string): string => `${prefix}_${randomBytes(16).toString('hex')}`;

/** A simulator of EasyPost's API, as far as labels need it. It refuses a second purchase of a shipment. */
export const startEasyPostServer = (options: LabelServerOptions = {}): Promise<LabelServer> =>
  startLabelServer(
    {
      name: 'easypost',
      keys,
      keyOf: (authorization) =>
        Buffer.from(authorization.replace(/^Basic /i, ''), 'base64')
          .toString()
          .replace(/:$/, ''),
      unauthorized: refusal(401, 'APIKEY.INACTIVE', 'This api key is no longer active.'),
      routes: (shop) => ({ answer: routesOf(shop, new Map()) }),
    },
    options,
  );

function routesOf(shop: Shop, shipments: Map<string, Shipment>) {
  return ({ method, path, key, body }: SimRequest): SimAnswer => {
    if (path === '/v2/carrier_accounts') return carrierAccounts(key);
    if (method === 'POST' && path === '/v2/shipments') return create({ shop, shipments, key, body });
    if (path === '/v2/shipments') return { status: 200, body: { shipments: [], has_more: false } };
    const [, id = '', act = ''] = /^\/v2\/shipments\/(shp_\w+)(?:\/(buy|refund))?$/.exec(path) ?? [];
    const shipment = shipments.get(id);
    if (!shipment || shipment.key !== key)
      return refusal(404, 'NOT_FOUND', 'The requested resource could not be found.');
    if (method === 'POST' && act === 'buy') return buy(shop, shipment, body);
    if (method === 'POST' && act === 'refund') return refund(shop, shipment);
    return { status: 200, body: shown(shop, shipment) };
  };
}

function carrierAccounts(key: string): SimAnswer {
  if (key === keys.testKey)
    return refusal(403, 'MODE.UNAUTHORIZED', 'This resource requires a production API Key to access.');
  const of = (type: string, readable: string) => ({
    id: idOf('ca'),
    object: 'CarrierAccount',
    type,
    clone: false,
    readable,
    fields: [],
  });
  return { status: 200, body: [of('UspsAccount', 'USPS'), of('UpsDapAccount', 'UPS')] };
}

function create(by: {
  shop: Shop;
  shipments: Map<string, Shipment>;
  key: string;
  body: Record<string, unknown>;
}): SimAnswer {
  const request = by.body['shipment'] as Shipment['request'] | undefined;
  if (!request) return refusal(422, 'PARAMETER.REQUIRED', 'Missing required parameter.');
  if (!(request.parcel['weight']! > 0))
    return refusal(422, 'PARCEL.PARAMETERS.INVALID', 'weight must be greater than 0');
  const shipment: Shipment = {
    id: idOf('shp'),
    key: by.key,
    createdAt: now(),
    request,
    rates: [],
    chosen: null,
    purchase: null,
    fees: [],
  };
  if (request.to_address['zip'] !== oddPostalCodes.noService)
    shipment.rates = offers.map((offer) => rateOf(offer, shipment, by.shop.settings.priceRise));
  by.shipments.set(shipment.id, shipment);
  return { status: 201, body: shown(by.shop, shipment) };
}

function rateOf(offer: (typeof offers)[number], { id, key, request }: Shipment, priceRise: number): Rate {
  const pounds = Math.ceil(request.parcel['weight']! / 16);
  return {
    id: idOf('rate'),
    object: 'Rate',
    created_at: now(),
    updated_at: now(),
    mode: modeOf(key),
    service: offer.service,
    carrier: offer.carrier,
    rate: ((offer.base + offer.perPound * (pounds - 1) + priceRise) / 100).toFixed(2),
    currency: 'USD',
    delivery_days: offer.days,
    delivery_date: null,
    delivery_date_guaranteed: false,
    est_delivery_days: offer.days,
    shipment_id: id,
    carrier_account_id: idOf('ca'),
  };
}

function buy(shop: Shop, shipment: Shipment, body: Record<string, unknown>): SimAnswer {
  if (shipment.purchase) return refusal(422, 'SHIPMENT.POSTAGE.EXISTS', 'Postage already exists for this shipment.');
  const wanted = (body['rate'] as { id?: string } | undefined)?.id;
  const chosen = shipment.rates.find(({ id }) => id === wanted);
  if (!chosen) return refusal(422, 'SHIPMENT.MISSING_RATE', 'No rate found.');
  const zip = shipment.request.to_address['zip'];
  if (zip === oddPostalCodes.addressRefused)
    return refusal(
      422,
      'SHIPMENT.POSTAGE.FAILURE',
      `Unable to buy. ${shipment.request.to_address['street1']}: undeliverable as addressed.`,
    );
  if (zip === oddPostalCodes.labelRefused)
    return refusal(422, 'SHIPMENT.POSTAGE.FAILURE', 'The carrier does not take this shape.');
  const fees = feesOf(chosen, body['insurance'] as string | undefined);
  const purchase: SimulatedPurchase = {
    purchaseId: shipment.id,
    shipmentId: shipment.id,
    reference: shipment.request.reference ?? '',
    label: null,
    trackingNumber: shop.newTrackingNumber(),
    minor: Math.round(fees.reduce((sum, { amount }) => sum + Number(amount), 0) * 100),
    currency: 'USD',
    refund: 'none',
    isScanned: false,
  };
  if (!shop.charge(purchase))
    return refusal(402, 'PAYMENT_REQUIRED', 'Insufficient funds. Please add funds to your account.');
  Object.assign(shipment, { chosen, purchase, fees });
  return { status: 200, body: shown(shop, shipment) };
}

/** Insurance costs half a percent, and half a dollar at least. */
function feesOf({ rate }: Rate, insurance: string | undefined): Shipment['fees'] {
  const of = (type: string, amount: number) => ({
    object: 'Fee' as const,
    type,
    amount: amount.toFixed(5),
    charged: true,
    refunded: false,
  });
  const insured = insurance === undefined ? [] : [of('InsuranceFee', Math.max(0.5, Number(insurance) * 0.005))];
  return [of('LabelFee', 0), of('PostageFee', Number(rate)), ...insured];
}

function refund(shop: Shop, shipment: Shipment): SimAnswer {
  if (!shipment.purchase) return refusal(422, 'SHIPMENT.POSTAGE.REQUIRED', 'The shipment has no postage.');
  if (shipment.purchase.isScanned)
    return refusal(422, 'SHIPMENT.REFUND.UNAVAILABLE', 'Unable to request refund. The parcel has been shipped.');
  if (shipment.purchase.refund === 'submitted' || shipment.purchase.refund === 'refunded')
    return refusal(422, 'SHIPMENT.REFUND.FAILURE', 'Label refund already requested.');
  shop.refund(shipment.purchase);
  return { status: 200, body: shown(shop, shipment) };
}

function shown(shop: Shop, { id, key, createdAt, request, rates, chosen, purchase, fees }: Shipment) {
  const { to_address: to, from_address: from } = request;
  const quoted = `Unable to rate to ${to['name']}, ${to['street1']}, ${to['zip']}.`;
  const messages =
    rates.length > 0 ? [] : [{ carrier: 'USPS', carrier_account_id: idOf('ca'), type: 'rate_error', message: quoted }];
  return {
    created_at: createdAt,
    is_return: false,
    messages,
    mode: modeOf(key),
    options: request['options'] ?? {},
    reference: request.reference,
    status: 'unknown',
    tracking_code: purchase?.trackingNumber ?? null,
    updated_at: now(),
    customs_info: null,
    from_address: from,
    insurance: null,
    order_id: null,
    parcel: request.parcel,
    postage_label: purchase && labelOf(shop, purchase),
    rates,
    refund_status: purchase && purchase.refund !== 'none' ? purchase.refund : null,
    scan_form: null,
    selected_rate: chosen,
    tracker: purchase && chosen && trackerOf(purchase, chosen, key),
    to_address: to,
    forms: [],
    fees,
    id,
    object: 'Shipment',
  };
}

const labelOf = (shop: Shop, purchase: SimulatedPurchase) => ({
  object: 'PostageLabel',
  id: idOf('pl'),
  label_resolution: 300,
  label_size: '4x6',
  label_type: 'default',
  label_file_type: 'image/png',
  label_url: shop.fileUrl(purchase),
  label_pdf_url: null,
});

const trackerOf = ({ trackingNumber, isScanned }: SimulatedPurchase, { carrier }: Rate, key: string) => ({
  id: idOf('trk'),
  object: 'Tracker',
  mode: modeOf(key),
  tracking_code: trackingNumber,
  status: isScanned ? 'in_transit' : 'unknown',
  carrier,
  tracking_details: [],
  public_url: `https://track.easypost.com/${trackingNumber}`,
});

const modeOf = (key: string): string => (key === keys.testKey ? 'test' : 'production');
const now = (): string => new Date().toISOString();
