import { z } from 'zod';
import { carrierName, findCarrier } from '../../../../domain/shipments/carriers.ts';
import type { Address } from '../../../../domain/orders/order.ts';
import type { CustomsItem } from '../../../../domain/labels/customs.ts';
import type { Bought, ProviderRate, RateRequest } from '../../provider.ts';
import { exemptionOf } from '../exemption.ts';
import { currencyCode, decimal, sumOf, toMoney, toText } from '../money.ts';

// The shapes are those of EasyPost's recordings (tests/fixtures/labels/easypost-shapes.json); only what we read is listed.

const rate = z.object({
  id: z.string(),
  carrier: z.string(),
  service: z.string(),
  rate: decimal,
  currency: currencyCode,
  delivery_days: z.number().int().nullish(),
});
const fee = z.object({ type: z.string(), amount: decimal });
const message = z.object({ carrier: z.string().nullish(), message: z.unknown() });

export const shipmentBody = z.object({
  id: z.string(),
  rates: z.array(rate),
  messages: z.array(message).nullish(),
  selected_rate: rate.nullish(),
  tracking_code: z.string().nullish(),
  postage_label: z.object({ label_url: z.string() }).nullish(),
  tracker: z.object({ status: z.string().nullish(), public_url: z.string().nullish() }).nullish(),
  fees: z.array(fee).nullish(),
  refund_status: z.string().nullish(),
});
export type ShipmentBody = z.output<typeof shipmentBody>;
export const shipmentsBody = z.object({ shipments: z.array(z.unknown()) });
export const carrierAccountsBody = z.array(z.object({ type: z.string(), readable: z.string() }));
export const refusalBody = z.object({
  error: z.object({ code: z.string(), message: z.unknown(), errors: z.unknown() }),
});

/** Carriers that EasyPost names in its own way: with the contract behind the name. */
const ownNames: Record<string, string> = {
  upsdap: 'ups',
  upsmailinnovations: 'ups',
  fedexdefault: 'fedex',
  fedexsmartpost: 'fedex',
  uspsreturns: 'usps',
  dhlexpressdefault: 'dhl_express',
  dhlecs: 'dhl_ecommerce',
  dhlpaket: 'deutsche_post',
  lsodefault: 'lso',
  canadapostdefault: 'canada_post',
};

export const codeOfCarrier = (name: string): string =>
  ownNames[name.replace(/[^a-z0-9]/gi, '').toLowerCase()] ?? findCarrier(name)?.code ?? 'other';

function toCarrier(name: string): { carrier: string; carrierName: string } {
  const carrier = codeOfCarrier(name);
  return { carrier, carrierName: carrier === 'other' ? name : carrierName(carrier) };
}

export const toRate = (one: z.output<typeof rate>): ProviderRate => ({
  rateId: one.id,
  ...toCarrier(one.carrier),
  service: one.service,
  cost: toMoney(one.rate, one.currency),
  deliveryDays: one.delivery_days ?? null,
});

/** @returns null while the shipment has no label */
export function toBought({
  id,
  selected_rate: chosen,
  tracking_code,
  postage_label,
  tracker,
  fees,
}: ShipmentBody): Bought | null {
  if (!chosen || !postage_label || !tracking_code) return null;
  // Fees are in USD. The fee for postage is the rate itself, and is missing where the carrier charges its own account.
  const others = chosen.currency === 'USD' ? (fees ?? []).filter(({ type }) => type !== 'PostageFee') : [];
  return {
    providerLabelId: id,
    ...toCarrier(chosen.carrier),
    service: chosen.service,
    trackingNumber: tracking_code,
    trackingUrl: tracker?.public_url ?? null,
    cost: sumOf([chosen.rate, ...others.map(({ amount }) => amount)], chosen.currency),
    fileUrl: postage_label.label_url,
  };
}

const signatureOptions = {
  none: {},
  signature: { delivery_confirmation: 'SIGNATURE' },
  adult: { delivery_confirmation: 'ADULT_SIGNATURE' },
};

/**
 * `is_return` is not sent: EasyPost would swap the addresses again, and the caller has swapped them. A plain label from the
 * customer to the warehouse does the same.
 */
export const toShipment = ({ reference, from, to, parcel, customs, signature }: RateRequest) => ({
  reference,
  from_address: toAddress(from),
  to_address: toAddress(to),
  parcel: {
    weight: ounces(parcel.weightGrams),
    length: inches(parcel.lengthMm),
    width: inches(parcel.widthMm),
    height: inches(parcel.heightMm),
  },
  ...(customs && { customs_info: { ...toCustoms(customs, from), ...claimOf({ customs, from, to }) } }),
  options: { label_format: 'PNG', label_size: '4x6', ...signatureOptions[signature] },
});

const toAddress = ({
  name,
  company,
  address1,
  address2,
  city,
  province,
  postalCode,
  country,
  phone,
  email,
}: Address) => ({
  name,
  company: company ?? null,
  street1: address1,
  street2: address2 ?? null,
  city,
  state: province ?? null,
  zip: postalCode,
  country,
  phone: phone ?? null,
  email: email ?? null,
});

function claimOf(goods: Pick<RateRequest, 'customs' | 'from' | 'to'>): { eel_pfc?: string } {
  const exemption = exemptionOf(goods);
  return exemption === null ? {} : { eel_pfc: `NOEEI ${exemption}` };
}

/** Weight and value of an item are those of all its units. */
const toCustoms = (items: readonly CustomsItem[], from: Address) => ({
  customs_certify: true,
  customs_signer: from.name,
  contents_type: 'merchandise',
  restriction_type: 'none',
  non_delivery_option: 'return',
  customs_items: items.map(({ sku, description, quantity, hsCode, originCountry, weightGrams, value }) => ({
    description,
    quantity,
    weight: ounces(weightGrams * quantity),
    value: Number(toText({ ...value, amount: value.amount * quantity })),
    currency: value.currency,
    hs_tariff_number: hsCode,
    origin_country: originCountry,
    code: sku,
  })),
});

// One decimal, as EasyPost reads them. Up: a carrier charges more for a parcel that is heavier than its label says.
const up = (value: number): number => Math.ceil(value * 10 - 1e-6) / 10;
const ounces = (grams: number): number => up(grams / 28.349523125);
const inches = (mm: number): number => up(mm / 25.4);
