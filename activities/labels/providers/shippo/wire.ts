import type { Shippo } from 'shippo';
import { z } from 'zod';
import { carrierName, findCarrier } from '../../../../domain/shipments/carriers.ts';
import type { RefundStatus } from '../../../../domain/labels/label.ts';
import type { Address } from '../../../../domain/orders/order.ts';
import type { CustomsItem } from '../../../../domain/labels/customs.ts';
import type { Bought, ProviderRate, RateRequest } from '../../provider.ts';
import { exemptionOf } from '../exemption.ts';
import { currencyCode, decimal, toMoney, toText } from '../money.ts';

// The shapes are those of Shippo's recordings and client (tests/fixtures/labels/shippo-shapes.json); only what we read is listed.

const message = z.object({ source: z.string().nullish(), text: z.string().nullish() });

export const rateBody = z.object({
  object_id: z.string(),
  amount: decimal,
  currency: currencyCode,
  provider: z.string(),
  servicelevel: z.object({ name: z.string().nullish(), token: z.string().nullish() }),
  estimated_days: z.number().int().nullish(),
});
type RateBody = z.output<typeof rateBody>;
export const shipmentBody = z.object({
  object_id: z.string(),
  rates: z.array(rateBody),
  messages: z.array(message).nullish(),
});
export const transactionBody = z.object({
  object_id: z.string(),
  status: z.string(),
  rate: z.union([z.string(), z.object({ object_id: z.string() }).transform((rate) => rate.object_id)]),
  metadata: z.string().nullish(),
  tracking_number: z.string().nullish(),
  tracking_url_provider: z.string().nullish(),
  tracking_status: z.union([z.string(), z.object({ status: z.string() }).transform(({ status }) => status)]).nullish(),
  label_url: z.string().nullish(),
  messages: z.array(message).nullish(),
});
export type TransactionBody = z.output<typeof transactionBody>;
export const transactionsBody = z.object({ results: z.array(transactionBody) });
export const refundBody = z.object({ status: z.string() });
export const carrierAccountsBody = z.object({
  results: z.array(z.object({ carrier: z.string(), active: z.boolean().nullish() })),
});

export const codeOfCarrier = (name: string): string => findCarrier(name.replaceAll('_', ' '))?.code ?? 'other';

const toCarrier = (provider: string): { carrier: string; carrierName: string } => {
  const carrier = codeOfCarrier(provider);
  return { carrier, carrierName: carrier === 'other' ? provider : carrierName(carrier) };
};
const serviceOf = ({ servicelevel }: RateBody): string => servicelevel.name ?? servicelevel.token ?? '';

export const toRate = (rate: RateBody): ProviderRate => ({
  rateId: rate.object_id,
  ...toCarrier(rate.provider),
  service: serviceOf(rate),
  cost: toMoney(rate.amount, rate.currency),
  deliveryDays: rate.estimated_days ?? null,
});

/** @returns null for a transaction without a label */
export function toBought(transaction: TransactionBody, rate: RateBody): Bought | null {
  const { object_id, tracking_number, tracking_url_provider, label_url } = transaction;
  if (!tracking_number || !label_url) return null;
  return {
    providerLabelId: object_id,
    ...toCarrier(rate.provider),
    service: serviceOf(rate),
    trackingNumber: tracking_number,
    trackingUrl: tracking_url_provider ? tracking_url_provider : null,
    cost: toMoney(rate.amount, rate.currency),
    fileUrl: label_url,
  };
}

const refundOfTransaction: Record<string, RefundStatus> = {
  REFUNDPENDING: 'submitted',
  REFUNDED: 'refunded',
  REFUNDREJECTED: 'rejected',
};
export const refundOf = ({ status }: TransactionBody): RefundStatus => refundOfTransaction[status] ?? 'none';

const refundOfRefund: Record<string, RefundStatus> = { SUCCESS: 'refunded', ERROR: 'rejected' };
/** A refund that is queued or pending, or in a status that we do not know yet, is looked up again. */
export const statusOfRefund = ({ status }: z.output<typeof refundBody>): RefundStatus =>
  refundOfRefund[status] ?? 'submitted';

export const isScanned = ({ tracking_status: status }: TransactionBody): boolean =>
  ['TRANSIT', 'DELIVERED', 'RETURNED', 'FAILURE'].includes(status ?? '');

type ShipmentRequest = Parameters<Shippo['shipments']['create']>[0];
const signatureOptions = {
  none: {},
  signature: { signatureConfirmation: 'STANDARD' },
  adult: { signatureConfirmation: 'ADULT' },
} as const;

/**
 * `is_return` is not sent: it asks for a label that is charged when it is scanned, which few carriers sell. The caller has
 * swapped the addresses, so that a plain label leads to the warehouse.
 */
export const toShipment = (request: RateRequest): ShipmentRequest => ({
  async: false,
  metadata: request.reference,
  addressFrom: toAddress(request.from),
  addressTo: toAddress(request.to),
  parcels: [
    {
      weight: String(request.parcel.weightGrams),
      massUnit: 'g',
      length: String(request.parcel.lengthMm),
      width: String(request.parcel.widthMm),
      height: String(request.parcel.heightMm),
      distanceUnit: 'mm',
    },
  ],
  extra: {
    ...signatureOptions[request.signature],
    ...(request.insuredValue && {
      insurance: {
        amount: toText(request.insuredValue),
        currency: request.insuredValue.currency,
        content: 'merchandise',
      },
    }),
  },
  ...(request.customs && { customsDeclaration: { ...toCustoms(request.customs, request.from), ...claimOf(request) } }),
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
  street1: address1,
  city,
  zip: postalCode,
  country,
  ...(company !== undefined && { company }),
  ...(address2 !== undefined && { street2: address2 }),
  ...(province !== undefined && { state: province }),
  ...(phone !== undefined && { phone }),
  ...(email !== undefined && { email }),
});

const claims = { '30.36': 'NOEEI_30_36', '30.37(a)': 'NOEEI_30_37_a' } as const;

function claimOf(request: RateRequest): { eelPfc?: (typeof claims)[keyof typeof claims] } {
  const exemption = exemptionOf(request);
  return exemption === null ? {} : { eelPfc: claims[exemption] };
}

/** Weight and value of an item are those of all its units. */
const toCustoms = (items: readonly CustomsItem[], from: Address) => ({
  contentsType: 'MERCHANDISE' as const,
  nonDeliveryOption: 'RETURN' as const,
  certify: true,
  certifySigner: from.name,
  items: items.map(({ sku, description, quantity, hsCode, originCountry, weightGrams, value }) => ({
    description,
    quantity,
    netWeight: String(weightGrams * quantity),
    massUnit: 'g' as const,
    valueAmount: toText({ ...value, amount: value.amount * quantity }),
    valueCurrency: value.currency,
    originCountry,
    hsCode,
    skuCode: sku,
  })),
});
