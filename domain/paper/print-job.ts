import { DomainError } from '../errors.ts';
import type { DropshipStatus } from '../dropships/dropship.ts';
import { isLive } from '../dropships/dropship.ts';
import type { OrderStatus } from '../orders/order.ts';
import { printedAtOnce, type Printable } from './paper.ts';

/** Why a part of a print job was left out. */
export const printFailureCodes = [
  'order_not_found',
  'order_is_split',
  'order_dropshipped',
  'order_cancelled',
  'label_not_bought',
  'document_not_found',
  'not_readable',
] as const;
type PrintFailureCode = (typeof printFailureCodes)[number];

/** `orderId` null: the pick list. `document` null: all of the order. */
export type PrintFailure = { orderId: string | null; document: Printable | null; code: PrintFailureCode };

/** The orders of a job, each once. @throws DomainError `print_job_too_large`, `nothing_to_print` */
export function ordersToPrint(orderIds: readonly string[]): string[] {
  const unique = [...new Set(orderIds)];
  if (unique.length === 0) throw new DomainError('nothing_to_print', 'No order is meant.');
  if (unique.length > printedAtOnce)
    throw new DomainError('print_job_too_large', `A print job has at most ${printedAtOnce} orders.`);
  return unique;
}

/** Who ships an order, and whether it is to be packed at all. */
type Packable = { status: OrderStatus; dropshipStatus: DropshipStatus | null };

/** Why an account prints nothing of an order; null where it packs it. */
export function printRefusal({ status, dropshipStatus }: Packable): PrintFailureCode | null {
  if (status === 'split') return 'order_is_split';
  if (status === 'cancelled') return 'order_cancelled';
  return dropshipStatus !== null && isLive(dropshipStatus) ? 'order_dropshipped' : null;
}
