import type { Product, ProductChange } from '../../../../clients/typescript/src/index.ts';
import { amountText, minorOf } from '../../lib/amounts.ts';
import { gramsOf, usualSystem, weightText, type System } from '../../lib/measures.ts';

/** What labels, customs and pick lists ask about one unit, as typed. Empty: not known. */
export interface ParcelDraft {
  readonly system: System;
  readonly weight: string;
  readonly bin: string;
  readonly hsCode: string;
  readonly origin: string;
  readonly value: string;
  readonly currency: string;
}

export function parcelOf({ weightGrams, bin, hsCode, originCountry, customsValue }: Product): ParcelDraft {
  const system = usualSystem();
  return {
    system,
    weight: weightGrams === null ? '' : weightText(weightGrams, system),
    bin: bin ?? '',
    hsCode: hsCode ?? '',
    origin: originCountry ?? '',
    value: customsValue ? amountText(customsValue) : '',
    currency: customsValue?.currency ?? '',
  };
}

export interface ParcelFault {
  readonly field: 'weight' | 'value' | 'currency';
}

const isEmpty = (text: string): boolean => text.trim() === '';

/** The first field that cannot be stored. */
export function parcelFaultOf({ system, weight, value, currency }: ParcelDraft): ParcelFault | undefined {
  if (!isEmpty(weight) && gramsOf(weight, system) === undefined) return { field: 'weight' };
  if (isEmpty(value)) return undefined;
  if (!/^[A-Za-z]{3}$/.test(currency.trim())) return { field: 'currency' };
  return minorOf(value, currency.trim().toUpperCase()) === undefined ? { field: 'value' } : undefined;
}

const orNull = (text: string): string | null => (isEmpty(text) ? null : text.trim());

type ParcelChange = Pick<ProductChange, 'weightGrams' | 'bin' | 'hsCode' | 'originCountry' | 'customsValue'>;

/** A draft without a fault, as a request takes it. A weight that is as shown stays to the gram. */
export function parcelChangeOf(draft: ParcelDraft, product: Product): ParcelChange {
  const { system, weight, value } = draft;
  const isSame = product.weightGrams !== null && weightText(product.weightGrams, system) === weight;
  const currency = draft.currency.trim().toUpperCase();
  const amount = isEmpty(value) ? undefined : minorOf(value, currency);
  return {
    weightGrams: isSame ? product.weightGrams : (gramsOf(weight, system) ?? null),
    bin: orNull(draft.bin),
    hsCode: orNull(draft.hsCode),
    originCountry: orNull(draft.origin),
    customsValue: amount === undefined ? null : { amount, currency },
  };
}
