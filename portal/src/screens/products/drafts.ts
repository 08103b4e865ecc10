import type { Product, ProductChange } from '../../../../clients/typescript/src/index.ts';
import { amountText, minorOf } from '../../lib/amounts.ts';

/** A supplier of a product while a person writes. `cost`: as typed. */
export interface Draft {
  readonly supplierId: string;
  readonly name: string;
  readonly supplierSku: string;
  readonly cost: string;
  readonly currency: string;
  readonly isDefault: boolean;
}

export const draftsOf = ({ suppliers }: Product): Draft[] =>
  suppliers.map(({ supplierId, name, supplierSku = '', cost, isDefault }) => ({
    supplierId,
    name,
    supplierSku,
    cost: cost ? amountText(cost) : '',
    currency: cost?.currency ?? '',
    isDefault,
  }));

interface Words {
  readonly badCost: (name: string) => string;
  readonly badCurrency: (name: string) => string;
}

/** What is wrong with the first bad row, for people. */
export function faultOf(drafts: readonly Draft[], words: Words): string | undefined {
  for (const { name, cost, currency } of drafts) {
    if (cost.trim() === '') continue;
    if (!/^[A-Za-z]{3}$/.test(currency.trim())) return words.badCurrency(name);
    if (minorOf(cost, currency.trim().toUpperCase()) === undefined) return words.badCost(name);
  }
  return undefined;
}

/** A draft without a fault, as a request takes it. */
export function supplierOf(draft: Draft): NonNullable<ProductChange['suppliers']>[number] {
  const { supplierId, supplierSku, isDefault } = draft;
  const currency = draft.currency.trim().toUpperCase();
  const amount = draft.cost.trim() === '' ? undefined : minorOf(draft.cost, currency);
  return {
    supplierId,
    isDefault,
    ...(supplierSku.trim() !== '' && { supplierSku: supplierSku.trim() }),
    ...(amount !== undefined && { cost: { amount, currency } }),
  };
}
