import { DomainError } from './errors.ts';

/** The most units on hand that a level may have. */
export const maximumOnHand = 1_000_000_000;

export const stockReasons = ['count', 'received', 'damaged', 'returned', 'other'] as const;
export type StockReason = (typeof stockReasons)[number];

/** Units of one product in one warehouse (rules §6). */
type Level = { physicalOnHand: number; committed: number };

/** Below 0 when more units are sold than there are. */
export const availableOnHand = ({ physicalOnHand, committed }: Level): number => physicalOnHand - committed;

/** The figure that other accounts and shops get: never below 0 (rules §6). */
export const published = (available: number): number => Math.max(0, available);

/** @throws DomainError `below_zero` */
function adjusted(physicalOnHand: number, by: number): number {
  const after = physicalOnHand + by;
  if (after < 0) {
    throw new DomainError('below_zero', `There are ${physicalOnHand} units, ${-by} cannot be taken away.`);
  }
  if (after > maximumOnHand) throw new DomainError('invalid_request', `More than ${maximumOnHand} units.`);
  return after;
}

/** Sets the units on hand, or changes them by a number of units. */
export type LevelWish = { physicalOnHand: number } | { adjustBy: number };

/** @returns the units on hand afterwards. @throws DomainError `below_zero` */
export const onHandAfter = (physicalOnHand: number, wish: LevelWish): number =>
  'adjustBy' in wish ? adjusted(physicalOnHand, wish.adjustBy) : wish.physicalOnHand;

/** A warehouse of the account: its own, or one that stands for a supplier. */
export type Warehouse = { id: string; name: string; isOwn: boolean };

/**
 * The warehouse whose stock is set: the named one, else the account's oldest own warehouse.
 * @param warehouses all of the account, the oldest first
 * @throws DomainError `warehouse_not_found`; `stock_of_supplier`, since only the supplier reports the stock there
 */
export function warehouseToSet(warehouses: readonly Warehouse[], warehouseId: string | undefined): Warehouse {
  const warehouse = warehouses.find(warehouseId === undefined ? ({ isOwn }) => isOwn : ({ id }) => id === warehouseId);
  if (!warehouse) throw new DomainError('warehouse_not_found', 'There is no warehouse with this id.');
  if (!warehouse.isOwn) {
    throw new DomainError('stock_of_supplier', 'The stock in this warehouse is what the supplier reports.');
  }
  return warehouse;
}

/**
 * The own warehouse that commits an order line's units: the first that has them all, else the first, which is oversold
 * then.
 * @param warehouses the account's own, the oldest first
 */
export function warehouseFor(warehouses: readonly (Level & { warehouseId: string })[], units: number): string {
  const enough = warehouses.find((warehouse) => availableOnHand(warehouse) >= units);
  const chosen = enough ?? warehouses[0];
  if (!chosen) throw new Error('Every account has a warehouse of its own.');
  return chosen.warehouseId;
}

/** Permanent failures in a row after which a listing is suspended until its quantity or link changes, or a person resumes it. */
export const failuresUntilSuspension = 3;
