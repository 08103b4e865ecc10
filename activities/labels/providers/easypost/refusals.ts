import type { LabelError } from '../../provider.ts';
import { refused, unknownOutcome, type Refusal } from '../faults.ts';
import type { ShipmentBody } from './wire.ts';

/** The carrier did not answer EasyPost, or EasyPost still waits for it: bought or not. */
const inDoubt = ['SHIPMENT.POSTAGE.TIMED_OUT', 'SHIPMENT.POSTAGE.NO_RESPONSE', 'SHIPMENT.PURCHASE.IN_PROGRESS'];
const ofAddress = /^(ADDRESS\.|E\.ADDRESS)/;
const ofMoney = /INSUFFICIENT_FUNDS|^(PAYMENT|BILLING)/;
const ofRate = /^(SHIPMENT\.RATES?\.|SHIPMENT\.MISSING_RATE|NOT_FOUND)/;
const ofCarrier = /^SHIPMENT\.(POSTAGE|PURCHASE)\./;

/**
 * Why a purchase was refused. EasyPost has one code, SHIPMENT.POSTAGE.FAILURE, for all that a carrier says no to; its text
 * shows the two cases that a person can mend.
 */
export function faultOfPurchase({ code, text }: Refusal): LabelError {
  if (inDoubt.includes(code)) return unknownOutcome();
  if (ofAddress.test(code)) return refused('address_not_deliverable');
  if (ofMoney.test(code) || /insufficient (funds|balance)|recharge/i.test(text)) return refused('balance_too_low');
  if (ofRate.test(code)) return refused('rate_expired');
  if (!ofCarrier.test(code)) return refused('invalid_request');
  return refused(
    /undeliverable|not deliverable|address|postal code|zip code/i.test(text)
      ? 'address_not_deliverable'
      : 'label_refused',
  );
}

export function faultOfRating({ code }: Refusal): LabelError {
  return refused(ofAddress.test(code) ? 'address_not_deliverable' : 'invalid_request');
}

const beforeCarrier = ['unknown', 'pre_transit'];

/** Whether a refund was refused because the carrier has the parcel. */
export function isScanned({ code }: Refusal, { tracker }: ShipmentBody): boolean {
  return code === 'SHIPMENT.REFUND.UNAVAILABLE' || !beforeCarrier.includes(tracker?.status ?? 'unknown');
}
