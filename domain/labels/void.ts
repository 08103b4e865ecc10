import { DomainError } from '../errors.ts';
import type { LabelStatus, RefundStatus } from './label.ts';

/**
 * Whether a person may void the label. `again`: it is void already, or about to be; the same request changes nothing.
 * @param label.lentTo given where the row is the copy of a merchant that lends its label account
 * @throws DomainError `label_not_bought`; `order_dropshipped` for the merchant's copy: who ships voids it
 */
export function voidOfLabel({ status, lentTo }: { status: LabelStatus; lentTo: string | null }): 'new' | 'again' {
  if (lentTo !== null)
    throw new DomainError('order_dropshipped', 'The supplier bought the label with your label account: it voids it.');
  if (status === 'bought' || status === 'recorded') return 'new';
  if (status === 'void_requested' || status === 'voided') return 'again';
  throw new DomainError(
    'label_not_bought',
    status === 'failed' ? 'The label was not bought.' : 'The label is not bought yet.',
  );
}

/**
 * A message about its shipment may arrive late: a label that is void, or has its shipment already, takes no other.
 * @throws DomainError `shipment_voided`
 */
export function assertTakesShipment({ status }: { status: LabelStatus }): void {
  if (status !== 'bought') throw new DomainError('shipment_voided', 'The label is void, or has its shipment.');
}

/** Days that a refund is looked up, once a day. Carriers take two to four weeks. */
const refundDays = 35;

/**
 * Whether the money is asked for again: USPS rejects some requests that come early, and takes them until the 30th day.
 * @param askedAt milliseconds
 */
export const asksAgain = (refund: RefundStatus, askedAt: number, now: number): boolean =>
  refund === 'rejected' && now - askedAt < 30 * 86_400_000;

/** Whether the refund of a void label is looked up tomorrow. @param askedAt when the money was asked for, in milliseconds */
export const isLookedUp = (refund: RefundStatus, askedAt: number, now: number): boolean =>
  now - askedAt < refundDays * 86_400_000 && (refund === 'submitted' || asksAgain(refund, askedAt, now));
