import type { CustomsItem } from '../../../domain/labels/customs.ts';
import type { RateRequest } from '../provider.ts';
import { refused } from './faults.ts';

/** Why a shipment from the US need not be filed with its customs (15 CFR 30). */
type Exemption = '30.36' | '30.37(a)';
const freeUpTo = { amount: 250_000, currency: 'USD' };

/**
 * Goods to Canada need no filing, others up to 2,500 USD a tariff number. Above that the shipper files and gets a number, for
 * which we have no field, so that a label would carry a false claim.
 * @returns null where no claim is needed
 * @throws LabelError `invalid_request` above the limit
 */
export function exemptionOf({ customs, from, to }: Pick<RateRequest, 'customs' | 'from' | 'to'>): Exemption | null {
  if (!customs || from.country !== 'US') return null;
  if (to.country === 'CA') return '30.36';
  const numbers = new Set(customs.map(({ hsCode }) => hsCode));
  if ([...numbers].some((hsCode) => valueOf(customs, hsCode) > freeUpTo.amount)) throw refused('invalid_request');
  return '30.37(a)';
}

/** In US cents. Values in another currency are not converted: they count as nothing. */
const valueOf = (items: readonly CustomsItem[], wanted: string): number =>
  items
    .filter(({ hsCode, value }) => hsCode === wanted && value.currency === freeUpTo.currency)
    .reduce((sum, { quantity, value }) => sum + quantity * value.amount, 0);
