import type { Money } from '../../domain/orders/order.ts';

/** The money of two columns, null together. @param minor a bigint, which pg gives as text; it fits a number */
export const moneyOf = (minor: string | null, currency: string | null): Money | null =>
  minor === null ? null : { amount: Number(minor), currency: currency! };
